package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Compose is told to run. */
class ComposeManifestTest {

    @TempDir
    Path project;

    private ReleasedApp app;

    @BeforeEach
    void setUp() {
        app = new ReleasedApp(project);
    }

    @AfterEach
    void tearDown() {
        app.close();
    }

    @Test
    void itRunsTheReleaseAsLockedInAsKubernetesDoes() throws Exception {
        app.release("app { greeting = \"5 $ and $(HOME)\", password = ${PASSWORD}, http.drain-delay = 15s }");

        try (var golden = getClass().getResourceAsStream("compose.yaml")) {
            assertThat(app.shape("compose")).isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
        }
        assertThat(app.manifest("compose")).contains("image: \"" + app.field("/releaseImage/name") + "\"");
    }

    @Test
    void memoryIsTheLimit() {
        app.release("app {}");

        assertThat(app.manifest("compose", "--memory", "99")).contains("mem_limit: \"99m\"");
    }

    @Test
    void twoFoldersAreNeverOneVolume() throws Exception {
        app.release("65532", List.of("/app/data", "/app-data", "/tmp"), "app {}");

        var file = new YAMLMapper().readTree(app.manifest("compose"));

        var service = file.path("services").path("counter-web-prod");
        assertThat(service.path("volumes").findValuesAsText("source"))
                .hasSize(3)
                .doesNotHaveDuplicates();
        assertThat(file.path("volumes").findValuesAsText("name")).hasSize(3).doesNotHaveDuplicates();
        assertThat(service.has("tmpfs")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "--replicas 2, '--replicas: Compose publishes the port of one process, got 2'",
        "--storage 1Gi, '--storage: Compose''s volumes have no size; they are always kept'"
    })
    void whatComposeDoesNotHaveIsRefused(String options, String why) {
        app.release("app {}");

        assertThat(app.tool().run(app.command("compose", options.split(" ")))).isEqualTo(2);
        assertThat(app.tool().err().strip()).isEqualTo("release manifest: " + why);
    }

    @Test
    void composeItselfTakesTheFileAndAsksForTheSecret() throws Exception {
        boolean there = run("docker-compose", "version").code() == 0;
        if ("required".equals(System.getenv("TEST_COMPOSE"))) {
            assertThat(there).as("docker-compose on the PATH").isTrue();
        }
        assumeTrue(there, "no docker-compose on the PATH; install it (Debian: apt-get install docker-compose)");
        app.release("app { greeting = \"5 $ and $(HOME)\", password = ${PASSWORD} }");
        Path file = Files.writeString(project.resolve("compose.yaml"), app.manifest("compose"));

        Ran without = run("docker-compose", "--file", file.toString(), "config");
        Ran with = run("env", "PASSWORD=s", "docker-compose", "--file", file.toString(), "config");

        assertThat(without.code()).isNotZero();
        assertThat(without.said()).contains("set PASSWORD");
        assertThat(with.code()).as(with.said()).isZero();
        // It prints its files with each dollar twice, too.
        assertThat(with.said())
                .contains("GREETING: 5 $$ and $$(HOME)")
                .contains("PASSWORD: s")
                .contains("\"NO\": \"no\"");
    }

    private record Ran(int code, String said) {}

    private Ran run(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(project.toFile())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return new Ran(process.exitValue(), said);
        } catch (IOException absent) {
            return new Ran(127, String.valueOf(absent.getMessage()));
        }
    }
}
