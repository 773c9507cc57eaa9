package io.visitorcounter.release.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.ReleaseException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What kubectl is asked, and what its answers mean. */
class KubernetesEngineTest {

    private static final Rollout ROLLOUT = KubernetesState.ROLLOUT;
    private static final Fence SEEN = new Fence(Optional.of(7), Optional.of("d/3"));
    private static final String CONFLICT = """
            error: Apply failed with 1 conflict: conflict with "kubectl-set" using apps/v1: \
            .spec.template.spec.containers[name="app"].image
            Please review the fields above--they currently have other managers.
            """;

    @TempDir
    Path folder;

    private StubProgram kubectl;
    private Engine engine;

    @BeforeEach
    void setUp() {
        kubectl = new StubProgram(folder, "kubectl")
                .says(
                        "*get deployments*",
                        KubernetesState.done().fresh().fresh().json())
                .says("*get secret app *", "12 OTHER PASSWORD")
                .says("*apply*", "deployment.apps/app serverside-applied\n")
                .says("*diff*", "");
        engine = engine(false);
    }

    private Engine engine(boolean adopt) {
        return Engine.of(
                new DeployTarget("default", DeployTarget.Platform.KUBERNETES, Optional.of("eu"), "prod"),
                adopt,
                kubectl.variables());
    }

    private JsonNode deployment() {
        return CanonicalJson.parse("stdin", kubectl.stdin().getBytes(StandardCharsets.UTF_8))
                .path("items")
                .path(0);
    }

    @Test
    void oneCallLooksAtAll() {
        assertThat(engine.look(ROLLOUT).isComplete()).isTrue();

        assertThat(kubectl.calls())
                .containsExactly("--context=eu --namespace=prod --request-timeout=15s get"
                        + " deployments,replicasets,pods --selector=name=app,instance=prod --output=json");
    }

    @Test
    void nothingIsThereWhereNothingIsListed() {
        kubectl.says("*get deployments*", "{\"items\":[]}");

        assertThat(engine.look(ROLLOUT)).isEqualTo(Look.nothing());
    }

    @Test
    void aForecastAsksForSecretsByTheNamesOfTheirKeysAndDriesEveryDocument() {
        kubectl.runs("*diff*", "printf '%s\\n' '--- /tmp/a' '+++ /tmp/b' '-  image: a' '+  image: b'; exit 1");

        Forecast forecast = engine.forecast(ROLLOUT);

        assertThat(forecast.checked()).containsExactly("secret app (1 key)", "dry run of 2 documents");
        assertThat(forecast.secrets()).isEqualTo(Map.of("app", "12"));
        assertThat(forecast.difference()).containsExactly("-  image: a", "+  image: b");
        assertThat(kubectl.calls())
                .anyMatch(call -> call.contains("go-template=") && !call.contains("json"))
                .filteredOn(call -> call.contains(" apply "))
                .singleElement()
                .asString()
                .contains("--server-side", "--field-manager=release", "--dry-run=server");
    }

    @Test
    void nothingIsAppliedToAPausedDeployment() {
        kubectl.says(
                "*get deployments*", KubernetesState.done().paused().fresh().json());

        assertThatThrownBy(() -> engine.forecast(ROLLOUT))
                .isInstanceOf(ReleaseException.Refused.class)
                .hasMessageContaining("not paused; kubectl rollout resume deployment/app");
    }

    @Test
    void aMissingSecretOrKeyIsRefusedAndOneThatMayNotBeReadIsNoted() {
        kubectl.fails("*get secret*", 1, "Error from server (NotFound): secrets \"app\" not found");
        assertThatThrownBy(() -> engine.forecast(ROLLOUT))
                .isInstanceOf(ReleaseException.Refused.class)
                .hasMessageContaining("secret app: expected it with PASSWORD, got none");

        kubectl.says("*get secret*", "12 OTHER");
        assertThatThrownBy(() -> engine.forecast(ROLLOUT))
                .isInstanceOf(ReleaseException.Refused.class)
                .hasMessageContaining("expected the key PASSWORD");

        kubectl.fails("*get secret*", 1, "Error from server (Forbidden): secrets is forbidden");
        assertThat(engine.forecast(ROLLOUT).notes()).singleElement().asString().contains("forbidden");
    }

    @Test
    void whatTheServerWouldNotTakeIsRefusedWithItsOwner() {
        kubectl.fails("*apply*", 1, CONFLICT);

        assertThatThrownBy(() -> engine.forecast(ROLLOUT))
                .isInstanceOf(ReleaseException.Refused.class)
                .hasMessageContaining("kubectl-set has .spec.template.spec.containers[name=\"app\"].image");
    }

    @Test
    void whatAnotherOwnsIsTakenBackWhereThatIsAskedFor() {
        kubectl.fails("*apply*", 1, CONFLICT)
                .says("*apply*--force-conflicts*", "deployment.apps/app serverside-applied");

        assertThat(engine(true).forecast(ROLLOUT).checked()).contains("dry run of 2 documents");
        engine(true).apply(ROLLOUT, Optional.empty(), SEEN);

        assertThat(kubectl.calls())
                .filteredOn(call -> call.contains("--server-side"))
                .hasSize(3)
                .allMatch(call -> call.contains("--force-conflicts"));
        assertThatThrownBy(() -> engine.apply(ROLLOUT, Optional.empty(), SEEN))
                .isInstanceOf(ReleaseException.Refused.class)
                .hasMessageContaining("pass --adopt to take them back");
    }

    @ParameterizedTest
    @CsvSource({
        "'The Deployment \"app\" is invalid: spec.replicas: Invalid value', true",
        "'error validating data: ValidationError(Deployment.spec): unknown field \"replicaz\"', true",
        "'Error from server: failed to create typed patch object: .spec.ports: element 0', true",
        "'error: resource mapping not found: no matches for kind \"X\"', true",
        "'Unable to connect to the server: dial tcp: i/o timeout', false"
    })
    void aRefusalIsToldFromAServerThatIsAway(String complaint, boolean refused) {
        kubectl.fails("*apply*", 1, complaint);

        assertThatThrownBy(() -> engine.forecast(ROLLOUT))
                .isInstanceOf(refused ? ReleaseException.Refused.class : ReleaseException.Unreachable.class)
                .hasMessageContaining(complaint);
    }

    @Test
    void aServerWithoutADisruptionBudgetIsToldWithTheWayRound() {
        kubectl.fails(
                "*apply*",
                1,
                "error: unable to recognize \"STDIN\": no matches for kind \"PodDisruptionBudget\" in version \"policy/v1\"");

        assertThatThrownBy(() -> engine.forecast(ROLLOUT))
                .isInstanceOf(ReleaseException.Refused.class)
                .hasMessage("eu/prod: expected Kubernetes 1.21 or newer for a disruption budget; an older one takes"
                        + " replicas = 1");
    }

    @ParameterizedTest
    @CsvSource({
        "20, '; expected Kubernetes 1.21 or newer for a disruption budget; an older one takes replicas = 1'",
        "27+, ''"
    })
    void theVersionsAreToldAndWhatAnOldOneLacks(String minor, String told) {
        kubectl.says(
                "*version --output=json",
                "{\"clientVersion\": {\"gitVersion\": \"v1.30.1\"}, \"serverVersion\": {\"major\": \"1\", \"minor\": \""
                        + minor + "\", \"gitVersion\": \"v1.20.2\"}}");

        assertThat(engine.version()).isEqualTo("kubectl v1.30.1, Kubernetes v1.20.2" + told);
    }

    @Test
    void aClientWithoutAServerIsNoVersion() {
        kubectl.fails("*version*", 1, "The connection to the server localhost:8080 was refused");

        assertThatThrownBy(engine::version)
                .isInstanceOf(ReleaseException.Unreachable.class)
                .hasMessageContaining("was refused");
    }

    @Test
    void everyReadyPodIsAskedAtItsOwnPort() {
        String port = ROLLOUT.manifest()
                .replace("          env:", "          ports:\n            - containerPort: 8080\n          env:");
        Rollout listening = new Rollout(7, "app", ROLLOUT.image(), port, ROLLOUT.replicas(), ROLLOUT.timeout());
        kubectl.says("*get --raw *", "{\"version\": 7}");

        assertThat(engine.ask(listening, "release").orElseThrow().values()).containsOnly("{\"version\": 7}");
        assertThat(kubectl.calls())
                .filteredOn(call -> call.contains("--raw"))
                .allMatch(call -> call.matches(".* get --raw /api/v1/namespaces/prod/pods/[^/]+:8080/proxy/release"));

        kubectl.fails("*get --raw *", 1, "Error from server (InternalError): error trying to reach service");
        assertThat(engine.ask(listening, "release").orElseThrow().values())
                .allMatch(text -> text.contains("error trying to reach service"));

        kubectl.fails("*get --raw *", 1, "Error from server (Forbidden): pods \"app\" is forbidden");
        assertThat(engine.ask(listening, "release")).isEmpty();
        assertThat(engine.ask(ROLLOUT, "release")).isEmpty();
    }

    @Test
    void whatHadAnotherNameIsLeftToServe() {
        String other = ROLLOUT.manifest().replace("name: app", "name: old");
        Rollout before = new Rollout(6, "old", KubernetesState.OLD, other, ROLLOUT.replicas(), ROLLOUT.timeout());

        engine.apply(ROLLOUT, Optional.of(before), SEEN);

        assertThat(kubectl.calls()).noneMatch(call -> call.contains(" delete "));
    }

    @Test
    void theNumberIsOnTheDeploymentOnlyAndTheVersionThatWasSeenGoesAlong() {
        engine.apply(ROLLOUT.numbered(8), Optional.empty(), SEEN);

        assertThat(deployment()
                        .path("metadata")
                        .path("annotations")
                        .path(ManifestFile.NUMBER)
                        .asText())
                .isEqualTo("8");
        assertThat(deployment().path("metadata").path("resourceVersion").asText())
                .isEqualTo("99");
        assertThat(deployment().path("spec").toString()).doesNotContain(ManifestFile.NUMBER);
    }

    @Test
    void anotherThatWasThereFirstIsLeftAlone() {
        for (Fence other : List.of(
                Fence.none(),
                new Fence(Optional.of(6), Optional.of("d/3")),
                new Fence(Optional.of(7), Optional.of("d/2")))) {
            assertThatThrownBy(() -> engine.apply(ROLLOUT, Optional.empty(), other))
                    .isInstanceOf(ReleaseException.Contention.class);
            assertThatThrownBy(() -> engine.remove(ROLLOUT, other)).isInstanceOf(ReleaseException.Contention.class);
        }
        assertThat(kubectl.calls()).noneMatch(call -> call.contains(" apply "));
    }

    @Test
    void aStatusThatMovedMeanwhileIsNoRival() {
        String modified =
                "Operation cannot be fulfilled: the object has been modified; please apply your changes to the"
                        + " latest version and try again";
        kubectl.runs(
                "*apply*",
                "[ -e '" + folder + "/second' ] && exit 0; touch '" + folder + "/second'; echo '" + modified
                        + "' >&2; exit 1");

        engine.apply(ROLLOUT, Optional.empty(), SEEN);

        assertThat(kubectl.calls()).filteredOn(call -> call.contains(" apply ")).hasSize(2);
    }

    @Test
    void oneThatKeepsMovingIsGivenUp() {
        kubectl.fails("*apply*", 1, "the object has been modified; please apply your changes");

        assertThatThrownBy(() -> engine.apply(ROLLOUT, Optional.empty(), SEEN))
                .isInstanceOf(ReleaseException.Contention.class);
    }

    @Test
    void whatTheManifestLacksIsDeletedButNeverWhatKeepsData() {
        String more = ROLLOUT.manifest() + """
                ---
                kind: PersistentVolumeClaim
                metadata: {name: app-data}
                ---
                kind: PodDisruptionBudget
                metadata: {name: app}
                """;
        Rollout before = new Rollout(6, "app", KubernetesState.OLD, more, ROLLOUT.replicas(), ROLLOUT.timeout());
        kubectl.says("*delete PodDisruptionBudget/app --ignore-not-found*", "");

        engine.apply(ROLLOUT, Optional.of(before), SEEN);

        assertThat(kubectl.calls())
                .filteredOn(call -> call.contains(" delete "))
                .hasSize(1);
    }

    @Test
    void nothingRunsAfterItWasRemovedWhoeverHadAFieldAndTheCountStaysOurs() {
        kubectl.fails("*apply*", 1, CONFLICT)
                .says("*apply*--force-conflicts*", "deployment.apps/app serverside-applied");

        engine.remove(ROLLOUT, SEEN);

        assertThat(deployment().path("spec").path("replicas").asInt(-1)).isZero();
        assertThat(kubectl.calls())
                .anyMatch(call -> call.contains(" apply ") && call.contains("--field-manager=release"));

        kubectl.says("*get deployments*", "{\"items\":[]}").fails("*apply*", 1, "not asked for");
        engine.remove(ROLLOUT, Fence.none());
    }

    @Test
    void theLogsOfTheProcessThatEndedComeFirst() {
        kubectl.says("*logs app-2-x --tail=20 --previous=false", "now\n")
                .says("*logs app-2-x --tail=20 --previous=true", "http.port: expected 1..65535\n");
        assertThat(engine.logs(ROLLOUT, "app-2-x", 20)).containsExactly("http.port: expected 1..65535");

        kubectl.fails("*--previous=true", 1, "previous terminated container not found");
        assertThat(engine.logs(ROLLOUT, "app-2-x", 20)).containsExactly("now");

        kubectl.fails("*logs*", 1, "not found");
        assertThat(engine.logs(ROLLOUT, "app-2-x", 20)).isEmpty();
    }

    @Test
    void driftNamesTheOwnerWhereThereIsOneAndTheLinesWhereNot() {
        assertThat(engine.drift(ROLLOUT)).isEmpty();

        kubectl.runs("*diff*", "echo '-  replicas: 2'; echo '+  replicas: 3'; echo '+  generation: 4'; exit 1");
        assertThat(engine.drift(ROLLOUT)).containsExactly("-  replicas: 2", "+  replicas: 3");

        kubectl.fails("*apply*", 1, CONFLICT);
        assertThat(engine.drift(ROLLOUT))
                .containsExactly("kubectl-set has .spec.template.spec.containers[name=\"app\"].image");
    }

    @Test
    void secretsAreToldByVersion() {
        assertThat(engine.secrets(ROLLOUT)).isEqualTo(Map.of("app", "12"));

        kubectl.fails("*get secret*", 1, "forbidden");
        assertThat(engine.secrets(ROLLOUT)).isEmpty();
    }
}
