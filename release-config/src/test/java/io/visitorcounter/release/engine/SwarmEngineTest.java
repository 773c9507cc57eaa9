package io.visitorcounter.release.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.ReleaseException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What docker is asked, and what its answers mean. */
class SwarmEngineTest {

    private static final Rollout ROLLOUT = SwarmState.ROLLOUT;

    @TempDir
    Path folder;

    private StubProgram docker;
    private Engine engine;

    @BeforeEach
    void setUp() {
        SwarmState state = SwarmState.of("completed").fresh().fresh();
        docker = new StubProgram(folder, "docker")
                .says("--context eu info*", "true\n")
                .says("*network inspect*app-prod", "n1\n")
                .says("*secret inspect*app-prod-PASSWORD", "x1\n")
                .says("*service inspect prod_app", state.service())
                .says("*service ps*prod_app", "t0\nt1\n")
                .says("*inspect --type task t0 t1", state.tasks())
                .says("*stack deploy*", "Updating service prod_app (id: s)\n");
        engine = Engine.of(
                new DeployTarget("default", DeployTarget.Platform.SWARM, Optional.of("eu"), "prod"),
                false,
                docker.variables());
    }

    private void noService() {
        docker.fails("*service inspect prod_app", 1, "Status: Error: no such service: prod_app, Code: 1");
    }

    @Test
    void theVersionsAreToldAndNoTaskIsAsked() {
        docker.says("*version --format*", "28.2.2 20.10.24+dfsg1\n");

        assertThat(engine.version()).isEqualTo("docker 28.2.2, engine 20.10.24+dfsg1");
        assertThat(engine.ask(ROLLOUT, "release")).isEmpty();
    }

    @Test
    void itLooksAtTheServiceAndItsTasks() {
        assertThat(engine.look(ROLLOUT).isComplete()).isTrue();

        noService();
        assertThat(engine.look(ROLLOUT)).isEqualTo(Look.nothing());

        docker.fails("*service inspect prod_app", 1, "Cannot connect to the Docker daemon");
        assertThatThrownBy(() -> engine.look(ROLLOUT))
                .isInstanceOf(ReleaseException.Unreachable.class)
                .hasMessageContaining("Cannot connect");
    }

    @Test
    void aForecastChecksManagerNetworkAndSecrets() {
        Forecast forecast = engine.forecast(ROLLOUT);

        assertThat(forecast.checked()).containsExactly("network app-prod", "secret app-prod-PASSWORD");
        assertThat(forecast.secrets()).isEqualTo(Map.of("app-prod-PASSWORD", "x1"));
        assertThat(forecast.difference()).isEmpty();
        assertThat(engine.secrets(ROLLOUT)).isEqualTo(forecast.secrets());
    }

    @ParameterizedTest
    @CsvSource({
        "'*network inspect*', 'Error: No such network: app-prod', 'network app-prod: expected it, got none'",
        "'*secret inspect*', 'Error: no such secret: app', 'secret app-prod-PASSWORD: expected it, got none'"
    })
    void whatIsMissingIsRefusedWithTheCommandThatMakesIt(String call, String complaint, String why) {
        docker.fails(call, 1, complaint);

        assertThatThrownBy(() -> engine.forecast(ROLLOUT))
                .isInstanceOf(ReleaseException.Refused.class)
                .hasMessageStartingWith("eu/prod: " + why)
                .hasMessageContaining("; docker ");
    }

    @Test
    void anEngineThatManagesNoSwarmIsRefused() {
        docker.says("*info*", "false\n");

        assertThatThrownBy(() -> engine.forecast(ROLLOUT))
                .isInstanceOf(ReleaseException.Refused.class)
                .hasMessageContaining("docker swarm init");
    }

    @Test
    void theNumberIsALabelOfTheServiceOnly() {
        engine.apply(ROLLOUT.numbered(8), Optional.empty(), engine.look(ROLLOUT).fence());

        JsonNode service = CanonicalJson.parse("stdin", docker.stdin().getBytes(StandardCharsets.UTF_8))
                .path("services")
                .path("app");
        assertThat(service.path("deploy")
                        .path("labels")
                        .path(ManifestFile.NUMBER)
                        .asText())
                .isEqualTo("8");
        assertThat(service.path("labels").has(ManifestFile.NUMBER)).isFalse();
        assertThat(docker.calls())
                .contains("--context eu stack deploy --resolve-image never --with-registry-auth --compose-file - prod");
    }

    @Test
    void anotherThatWasThereFirstIsLeftAlone() {
        assertThatThrownBy(() -> engine.apply(ROLLOUT, Optional.empty(), Fence.none()))
                .isInstanceOf(ReleaseException.Contention.class);
        assertThatThrownBy(() -> engine.remove(ROLLOUT, Fence.none())).isInstanceOf(ReleaseException.Contention.class);
        Fence seen = engine.look(ROLLOUT).fence();
        noService();
        assertThatThrownBy(() -> engine.apply(ROLLOUT, Optional.empty(), seen))
                .isInstanceOf(ReleaseException.Contention.class);

        assertThat(docker.calls()).noneMatch(call -> call.contains("stack deploy") || call.contains("service rm"));
    }

    @ParameterizedTest
    @CsvSource({
        "'rpc error: update out of sequence', io.visitorcounter.release.ReleaseException$Contention",
        "'network \"x\" is declared as external, but could not be found', io.visitorcounter.release.ReleaseException$Refused",
        "'Cannot connect to the Docker daemon', io.visitorcounter.release.ReleaseException$Unreachable"
    })
    void aFailureIsToldForWhatItIs(String complaint, Class<? extends Throwable> type) {
        docker.fails("*stack deploy*", 1, complaint);
        Fence seen = engine.look(ROLLOUT).fence();

        assertThatThrownBy(() -> engine.apply(ROLLOUT, Optional.empty(), seen)).isInstanceOf(type);
    }

    @Test
    void itIsRemovedAsAServiceAndOneThatIsGoneStaysGone() {
        docker.says("*service rm prod_app", "prod_app\n");

        engine.remove(ROLLOUT, engine.look(ROLLOUT).fence());
        noService();
        engine.remove(ROLLOUT, Fence.none());

        assertThat(docker.calls())
                .filteredOn(call -> call.contains("service rm"))
                .hasSize(1);
    }

    @Test
    void driftNamesEachFieldAndNoValueOfAVariable() {
        assertThat(engine.drift(ROLLOUT)).isEmpty();
        assertThat(engine.drift(ROLLOUT.numbered(6))).containsExactly("deployment: expected 6, got 7");

        docker.says(
                "*service inspect prod_app",
                SwarmState.of("completed")
                        .service()
                        .replace("\"Replicas\":2", "\"Replicas\":3")
                        .replace("268435456", "134217728")
                        .replace("GREETING=5 $", "GREETING=hunter2")
                        .replace("[\"GREETING", "[\"NEW=1\",\"GREETING"));
        assertThat(engine.drift(ROLLOUT))
                .containsExactly(
                        "replicas: expected 2, got 3",
                        "memory: expected 256M, got 128M",
                        "variable GREETING: expected that of the manifest, got another",
                        "variable NEW: expected none, got another");

        noService();
        assertThat(engine.drift(ROLLOUT)).containsExactly("service prod_app: expected it, got none");
    }

    @Test
    void theLogsAreThoseOfOneTask() {
        docker.runs("*service logs --raw --tail 20 t0", "echo out; echo err >&2");

        assertThat(engine.logs(ROLLOUT, "t0", 20)).containsExactly("out", "err");
        assertThat(engine.logs(ROLLOUT, "t9", 20)).isEmpty();
    }
}
