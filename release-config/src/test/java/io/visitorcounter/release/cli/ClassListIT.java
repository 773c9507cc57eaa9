package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Holds the list of classes that the archive is made of to what the usual commands load. With -Dclasses.record=true it
 *  writes the list anew. */
@Timeout(180)
class ClassListIT {

    private static final Path MODULE = Path.of("").toAbsolutePath();
    private static final Path LIST = MODULE.resolve("src/main/resources/io/visitorcounter/release/cli/classes.list");
    // A class more or less costs a command a fraction of a millisecond; the list need not follow each change.
    private static final double MIN_SHARE = 0.9;

    @TempDir
    Path folder;

    @Test
    void theListHasWhatTheUsualCommandsLoad() throws Exception {
        Set<String> loaded = loaded();
        if (Boolean.getBoolean("classes.record")) {
            Files.write(LIST, loaded);
        }

        Set<String> listed = Set.copyOf(Files.readAllLines(LIST));
        List<String> ours =
                loaded.stream().filter(line -> !line.startsWith("@")).toList();
        List<String> missing =
                ours.stream().filter(line -> !listed.contains(line)).toList();

        assertThat(1 - missing.size() / (double) ours.size())
                .as(
                        "share of the loaded classes that are listed; record them with mvn verify -pl release-config -am"
                                + " -Dit.test=ClassListIT -Dclasses.record=true; missing: %s",
                        missing)
                .isGreaterThan(MIN_SHARE);
    }

    /** Sorted, so that two recordings of the same commands are the same. */
    private Set<String> loaded() throws Exception {
        Path stage = Files.createDirectories(folder.resolve("rehearsal"));
        Set<String> loaded = new TreeSet<>(loaded("commands", Rehearsal.class.getName(), stage.toString()));
        // How a process begins, which no command within one shows.
        loaded.addAll(loaded("process", Main.class.getName(), "--version"));
        return loaded;
    }

    private List<String> loaded(String name, String... started) throws Exception {
        Path list = folder.resolve(name);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:disable",
                "-Xshare:off",
                "-XX:TieredStopAtLevel=1",
                "-XX:DumpLoadedClassList=" + list,
                "-cp",
                jar() + java.io.File.pathSeparator + MODULE.resolve("target/test-classes")));
        command.addAll(List.of(started));
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.waitFor()).isZero();
        try (Stream<String> lines = Files.lines(list)) {
            // A lambda of the JDK that another build of it does not have as it is here ends the dump with a crash:
            // tried with JDK 17.0.15. Those of the jar are the same everywhere.
            return lines.filter(line -> !line.startsWith("#")
                            && !line.matches("@lambda-proxy (java|javax|jdk|sun)/.*")
                            && !line.contains("Rehearsal")
                            && !line.contains("TestSigner"))
                    .map(line -> line.replaceAll(" id: [0-9]+.*", ""))
                    .toList();
        }
    }

    private static Path jar() throws IOException {
        try (Stream<Path> files = Files.list(MODULE.resolve("target"))) {
            return files.filter(file -> file.getFileName().toString().endsWith("-runnable.jar"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no runnable jar; mvn package makes it"));
        }
    }
}
