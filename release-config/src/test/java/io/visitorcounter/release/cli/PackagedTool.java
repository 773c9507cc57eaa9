package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/** The tool as one file, as it was just packaged, and the script that starts it. */
abstract class PackagedTool {

    static final Path MODULE = Path.of("").toAbsolutePath();

    @TempDir
    Path folder;

    record Ran(int code, String text) {}

    Ran run(List<String> command, Map<String, String> variables) throws Exception {
        Path output = folder.resolve("output.txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .directory(folder.toFile());
        // As the build's own Java, wherever the script would look first.
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(variables);
        int code = builder.start().waitFor();
        return new Ran(code, Files.readString(output));
    }

    static Path jar() throws IOException {
        try (Stream<Path> files = Files.list(MODULE.resolve("target"))) {
            List<Path> jars = files.filter(file -> file.getFileName().toString().endsWith("-runnable.jar"))
                    .toList();
            assertThat(jars).as("mvn package makes it").hasSize(1);
            return jars.get(0);
        }
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
