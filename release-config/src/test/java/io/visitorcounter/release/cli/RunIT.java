package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.release.FixtureApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Releases that run in a JVM of this machine. */
@Timeout(120)
class RunIT {

    @TempDir
    Path project;

    private Tool tool;
    private Path app;

    @BeforeEach
    void setUp() {
        tool = new Tool(project);
        app = FixtureApp.tar(
                project.resolve("app.tar"),
                "1",
                Optional.of(FixtureApp.CONTRACT),
                image -> image.addLabel("io.visitorcounter.exit.config-invalid", "4"));
    }

    @Test
    void aReleaseRunsWithItsConfigItsNumberAndNothingOfTheMachine() throws Exception {
        release("hello");

        ToolProcess run = run(Map.of("HTTP_PORT", "9999", "GREETING", "of the machine"));

        assertThat(run.await()).isZero();
        assertThat(run.output())
                .contains("run      dev v1")
                .contains("build 1\n")
                .contains("folder " + project.resolve(".release/run/dev"))
                .contains("\"greeting\": \"hello\"")
                .contains("RELEASE=dev@v1\n")
                .contains("HTTP_PORT=9999\n")
                .contains("GREETING=hello\n")
                .doesNotContain("RELEASE_USER");
    }

    @Test
    void itStopsWhenItIsToldToAndWithTheCodeOfWhatRan() throws Exception {
        release("wait");
        ToolProcess run = run(Map.of());
        awaitReady(run);

        run.stop();

        assertThat(run.await()).isEqualTo(3);
        assertThat(run.output()).endsWith("ready\nstopped\n");
    }

    @Test
    void whatDoesNotStopIsKilledInTime() throws Exception {
        release("stay");
        ToolProcess run = run(Map.of());
        awaitReady(run);

        long stopped = System.nanoTime();
        run.stop();

        // By SIGKILL, which is code 137.
        assertThat(run.await()).isEqualTo(137);
        assertThat(Duration.ofNanos(System.nanoTime() - stopped))
                .isBetween(Duration.ofSeconds(9), Duration.ofSeconds(60));
        assertThat(project.resolve(".release/run/dev.pid")).doesNotExist();
    }

    @Test
    void whatAKilledToolLeftRunningIsNamedByTheNextRun() throws Exception {
        release("wait");
        ToolProcess killed = run(Map.of());
        awaitReady(killed);
        killed.kill();
        long left = Long.parseLong(
                Files.readString(project.resolve(".release/run/dev.pid")).split(" ", -1)[0]);

        release("hello");
        ToolProcess next = run(Map.of());
        assertThat(next.await()).isZero();
        assertThat(next.output())
                .contains("warning: dev v1 still runs as process " + left + "; stop it with kill " + left);

        ProcessHandle.of(left).ifPresent(process -> {
            process.destroy();
            process.onExit().join();
        });
        ToolProcess last = run(Map.of());
        assertThat(last.await()).isZero();
        assertThat(last.output()).doesNotContain("still runs");
    }

    @Test
    void whatDiesAtItsStartIsOneLineAndTen() throws Exception {
        release("exit with 7");
        ToolProcess died = run(Map.of());
        assertThat(died.await()).isEqualTo(10);
        assertThat(died.output().lines().toList()).last().asString().startsWith("dev v1: ended with code 7 after ");

        release("exit with 4");
        ToolProcess told = run(Map.of());
        assertThat(told.await()).isEqualTo(4);
        assertThat(told.output()).doesNotContain("ended with code");
    }

    @Test
    void aSecretThatIsMissingIsNamedBeforeAnythingStarts() throws Exception {
        tool.config("dev", "app { greeting = hello, password = ${DB_PASSWORD} }");
        tool.mustRun("create", "dev", "--app", app.toString());

        ToolProcess without = run(Map.of());
        ToolProcess with = run(Map.of("DB_PASSWORD", "pa55"));

        assertThat(without.await()).isEqualTo(10);
        assertThat(without.output()).hasLineCount(1).contains("expected the variable DB_PASSWORD at run, got none");
        assertThat(with.await()).isZero();
        assertThat(with.output()).contains("DB_PASSWORD=pa55");
    }

    @Test
    void filesThatWereChangedAfterTheyWereUnpackedAreUnpackedAgain() throws Exception {
        release("hello");
        assertThat(run(Map.of()).await()).isZero();
        Path build;
        try (Stream<Path> files = Files.walk(project.resolve(".release/run/images"))) {
            build = files.filter(file -> file.endsWith("build.txt")).findFirst().orElseThrow();
        }
        Files.writeString(build, "tampered");

        ToolProcess again = run(Map.of());

        assertThat(again.await()).isZero();
        assertThat(again.output()).contains("build 1\n").doesNotContain("tampered");
    }

    @Test
    void anImageThatWasDamagedDoesNotRun() throws IOException, InterruptedException {
        release("hello");
        Path tar;
        try (Stream<Path> files = Files.list(project.resolve(".release/images"))) {
            tar = files.filter(file -> file.getFileName().toString().startsWith("rel-"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(tar);
        bytes[700] ^= 1;
        Files.write(tar, bytes);

        ToolProcess run = run(Map.of());

        assertThat(run.await()).isIn(5, 7);
        assertThat(run.output()).hasLineCount(1);
        assertThat(project.resolve(".release/run/images").toFile().list()).isEmpty();
    }

    @Test
    void theSecondStartTakesItsClassesFromTheArchiveOfTheFirst() throws Exception {
        app = FixtureApp.jarTar(
                project.resolve("jar.tar"), image -> image.addLabel("io.visitorcounter.class-archive", "true"));
        release("hello");

        ToolProcess first = run(Map.of());
        assertThat(first.await()).isZero();
        assertThat(first.output()).contains("EchoApp source: file:").doesNotContain("[cds");
        assertThat(archives()).singleElement().asString().endsWith(".jsa");

        ToolProcess second = run(Map.of());
        assertThat(second.await()).isZero();
        assertThat(second.output())
                .contains("EchoApp source: shared objects file")
                .contains("\"greeting\": \"hello\"");

        // JDK 17 dies of a part of one.
        byte[] half = Arrays.copyOf(Files.readAllBytes(archives().get(0)), 100_000);
        Path archive = archives().get(0);
        Files.delete(archive);
        Files.write(archive, half);
        ToolProcess cutOff = run(Map.of());
        assertThat(cutOff.await()).isZero();
        assertThat(cutOff.output()).contains("EchoApp source: file:").doesNotContain("[cds");
        assertThat(archives()).hasSize(1);
        assertThat(Files.size(archives().get(0))).isGreaterThan(half.length);

        ToolProcess withOptions = run(Map.of("JAVA_TOOL_OPTIONS", "-Xmx32m"));
        assertThat(withOptions.await()).isZero();
    }

    private List<Path> archives() throws IOException {
        try (Stream<Path> files = Files.walk(project.resolve(".release/run/images"), 2)) {
            return files.filter(file -> file.getFileName().toString().startsWith("classes-"))
                    .toList();
        }
    }

    private void release(String greeting) {
        tool.config("dev", "app { greeting = \"" + greeting + "\" }");
        tool.mustRun("create", "dev", "--app", app.toString());
    }

    private ToolProcess run(Map<String, String> variables) {
        return ToolProcess.start(project, variables, "run", "dev");
    }

    private static void awaitReady(ToolProcess run) {
        while (!run.output().contains("ready\n")) {
            assertThat(run.isAlive()).as(run.output()).isTrue();
            Thread.onSpinWait();
        }
    }
}
