package io.visitorcounter.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.contract.RedisServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's example, as it stands there, compiles and counts. */
final class ReadmeExampleIT {

    private static final String BEGIN = "<!-- example: counter-core -->\n```java\n";

    @Test
    void theExampleOfTheReadmeCompilesAndPrintsANumber(@TempDir Path folder) throws Exception {
        String readme = Files.readString(Path.of("..", "README.md"));
        assertThat(readme).contains(BEGIN, "redis://localhost:6379", "visitorCount");
        String example = readme.substring(readme.indexOf(BEGIN) + BEGIN.length());
        example = example.substring(0, example.indexOf("```"));
        try (RedisServer redis = RedisServer.start()) {
            Path source = Files.writeString(
                    folder.resolve("Example.java"),
                    "import io.visitorcounter.core.*;\nimport java.net.URI;\n"
                            + "public class Example {\n  public static void main(String[] args) {\n"
                            + example.replace(
                                    "redis://localhost:6379", redis.uri().toString())
                            + "  }\n}\n");
            int compiled = ToolProvider.getSystemJavaCompiler()
                    .run(
                            null,
                            null,
                            null,
                            "-proc:none",
                            "-cp",
                            "target/classes",
                            "-d",
                            folder.toString(),
                            source.toString());
            assertThat(compiled).as("the compiler's exit code").isZero();

            String printed = run(folder);

            assertThat(printed.strip()).isEqualTo("1");
            assertThat(redis.command("GET", "visitorCount")).isEqualTo("1");
        }
    }

    private static String run(Path folder) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            loader.loadClass("Example").getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }
}
