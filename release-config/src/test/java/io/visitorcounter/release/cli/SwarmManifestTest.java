package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Docker Swarm is told to run. */
class SwarmManifestTest {

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

    private JsonNode file(String... options) throws IOException {
        return new YAMLMapper().readTree(app.manifest("swarm", options));
    }

    private JsonNode service(String... options) throws IOException {
        return file(options).path("services").path("counter-web");
    }

    @Test
    void itReplacesTasksOneByOneAndIsTakenBackByTheEngineItself() throws Exception {
        app.release("app { greeting = \"5 $ and $(HOME)\", password = ${PASSWORD}, http.drain-delay = 15s }");

        try (var golden = getClass().getResourceAsStream("swarm.yaml")) {
            assertThat(app.shape("swarm", "--replicas", "2"))
                    .isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
        }
        assertThat(app.manifest("swarm")).contains("image: \"" + app.field("/releaseImage/name") + "\"");
    }

    @Test
    void aTaskIsTrustedAfterItsSoakTimeAndHasAQuarterOfTheTimeLimitToStart() throws Exception {
        app.release("app {}");

        JsonNode service = service("--soak", "20", "--timeout", "120");

        JsonNode update = service.path("deploy").path("update_config");
        assertThat(update.path("delay").asText()).isEqualTo("20s");
        assertThat(update.path("monitor").asText()).isEqualTo("20s");
        assertThat(service.path("healthcheck").path("start_period").asText()).isEqualTo("30s");
        // Without a time to watch them, Swarm would call every update a success.
        assertThat(service("--soak", "0")
                        .path("deploy")
                        .path("update_config")
                        .path("monitor")
                        .asText())
                .isEqualTo("5s");
    }

    @Test
    void whatAnAppKeepsIsAVolumeOfItsNode() throws Exception {
        app.release("app {}");
        assertThat(file("--replicas", "2")
                        .path("volumes")
                        .path("app-data")
                        .path("name")
                        .asText())
                .isEqualTo("counter-web-prod-app-data");
        assertThat(app.tool().err()).contains("warning: prod: /app/data is a volume of the node");
    }

    @Test
    void oneTaskIsWarnedAbout() throws Exception {
        app.release("app {}");

        service();
        assertThat(app.tool().err()).contains("with one task");

        service("--replicas", "2");
        assertThat(app.tool().err()).doesNotContain("with one task");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "curl localhost", "[]", "{}", "[1]", "[\"\"]"})
    void anImageThatNoEngineCanJudgeIsRefused(String label) {
        app.declares("io.visitorcounter.health", label);
        app.release("app {}");

        assertThat(app.tool().run(app.command("swarm"))).isEqualTo(8);
        assertThat(app.tool().err()).hasLineCount(1).contains("prod v1: expected an image with a HEALTHCHECK");
    }

    @ParameterizedTest
    @CsvSource({"--storage 1Gi, '--storage: Swarm''s volumes have no size; they are always kept'"})
    void whatSwarmDoesNotHaveIsRefused(String options, String why) {
        app.release("app {}");

        assertThat(app.tool().run(app.command("swarm", options.split(" ")))).isEqualTo(2);
        assertThat(app.tool().err().strip()).isEqualTo("release manifest: " + why);
    }
}
