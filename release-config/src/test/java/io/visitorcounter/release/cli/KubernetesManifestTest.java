package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Kubernetes is told to run. */
class KubernetesManifestTest {

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

    private Kubernetes kubernetes(String... options) {
        return Kubernetes.read(app.manifest("kubernetes", options));
    }

    private static String golden(String name) throws IOException {
        try (var text = KubernetesManifestTest.class.getResourceAsStream(name)) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void severalReplicasAreReplacedOneByOneAndSpreadOverNodes() throws Exception {
        app.release("app { greeting = \"5 $ and $(HOME)\", password = ${PASSWORD}, http.drain-delay = 10s }");

        assertThat(app.shape("kubernetes", "--replicas", "3", "--memory", "512"))
                .isEqualTo(golden("kubernetes-replicas.yaml"));
    }

    @Test
    void oneThatKeepsItsDataHasAClaimAndEndsBeforeTheNextBegins() throws Exception {
        app.release("65532", List.of("/app/data", "/tmp"), "app { http { port = 9090, drain-delay = 90s } }");

        assertThat(app.shape("kubernetes", "--storage", "1Gi")).isEqualTo(golden("kubernetes-storage.yaml"));
        assertThat(app.tool().err()).isEmpty();
    }

    @Test
    void anAppWithoutAPortOrAFolderIsADeploymentAlone() throws Exception {
        app.releaseBare();

        assertThat(app.shape("kubernetes", "--replicas", "0")).isEqualTo(golden("kubernetes-bare.yaml"));
    }

    @Test
    void everyPartMeansTheSamePodsAndThoseOfNoOtherEnvironment() {
        app.release("app {}");

        Kubernetes documents = kubernetes("--replicas", "2");

        Map<String, String> pods =
                Map.of("app.kubernetes.io/name", "counter-web", "app.kubernetes.io/instance", "prod");
        var spec = documents.the(Deployment.class).getSpec();
        assertThat(spec.getSelector().getMatchLabels()).isEqualTo(pods);
        assertThat(documents.the(Service.class).getSpec().getSelector()).isEqualTo(pods);
        assertThat(documents
                        .the(PodDisruptionBudget.class)
                        .getSpec()
                        .getSelector()
                        .getMatchLabels())
                .isEqualTo(pods);
        assertThat(documents
                        .pod()
                        .getTopologySpreadConstraints()
                        .get(0)
                        .getLabelSelector()
                        .getMatchLabels())
                .isEqualTo(pods);
        assertThat(spec.getTemplate().getMetadata().getLabels()).containsAllEntriesOf(pods);
    }

    @Test
    void thePodRunsTheReleaseByDigestWithItsNumberItsConfigAndItsSecretsByName() {
        app.release("app { greeting = \"$(HOME) and $ and $$\", password = ${PASSWORD} }");

        Kubernetes documents = kubernetes();

        assertThat(documents.container().getImage())
                .isEqualTo(app.field("/releaseImage/name"))
                .matches(".*@sha256:[0-9a-f]{64}");
        assertThat(documents.container().getEnv())
                .filteredOn(variable -> variable.getValueFrom() == null)
                .extracting(EnvVar::getName, EnvVar::getValue)
                .containsExactlyInAnyOrder(
                        tuple("RELEASE", "prod@v1"),
                        // Kubernetes makes one dollar of two.
                        tuple("GREETING", "$$(HOME) and $$ and $$$$"),
                        tuple("NO", "no"),
                        tuple("HTTP_PORT", "8080"));
        assertThat(documents.container().getEnv())
                .filteredOn(variable -> variable.getValueFrom() != null)
                .extracting(EnvVar::getName)
                .containsExactly("PASSWORD");
        assertThat(documents.the(Deployment.class).getMetadata().getAnnotations())
                .containsEntry("kubernetes.io/change-cause", "prod@v1")
                .containsEntry("io.visitorcounter.app.digest", app.field("/appImage/digest"))
                .containsEntry("io.visitorcounter.bundle.digest", app.field("/bundleDigest"))
                .containsEntry("io.visitorcounter.contract.digest", app.field("/contractDigest"));
    }

    @Test
    void notReadyIsSeenWellBeforeTheDrainDelayEndsAndThatEndsWellBeforeTheKill() {
        app.release("app { http.drain-delay = 10s }");

        Kubernetes documents = kubernetes();

        Probe ready = documents.container().getReadinessProbe();
        assertThat(ready.getPeriodSeconds() * ready.getFailureThreshold()).isLessThan(10);
        assertThat(documents.pod().getTerminationGracePeriodSeconds()).isGreaterThanOrEqualTo(10 + 20);
    }

    @Test
    void memoryIsBothAskedForAndTheLimitAndTheProcessorHasNone() {
        app.release("app {}");

        var resources = kubernetes("--memory", "300").container().getResources();

        assertThat(resources.getRequests()).containsEntry("memory", new Quantity("300Mi"));
        assertThat(resources.getLimits()).containsOnly(Map.entry("memory", new Quantity("300Mi")));
    }

    @Test
    void aPodIsTrustedAfterItsSoakTimeAndTheWholeHasATimeLimit() {
        app.release("app {}");

        var spec = kubernetes("--soak", "20", "--timeout", "90")
                .the(Deployment.class)
                .getSpec();

        assertThat(spec.getMinReadySeconds()).isEqualTo(20);
        assertThat(spec.getProgressDeadlineSeconds()).isEqualTo(90);
    }

    @Test
    void everyFolderThatIsMountedIsAVolumeOfItsOwn() {
        app.release("65532", List.of("/app/data", "/app-data", "/ü", "/" + "long/".repeat(20)), "app {}");

        for (Kubernetes documents : List.of(kubernetes(), kubernetes("--storage", "2Ti"))) {
            assertThat(documents.container().getVolumeMounts())
                    .extracting(VolumeMount::getMountPath)
                    .contains("/tmp", "/ü", "/app-data", "/app/data")
                    .hasSize(5);
            assertThat(documents.container().getVolumeMounts())
                    .extracting(VolumeMount::getName)
                    .doesNotHaveDuplicates()
                    .allMatch(name -> name.matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"))
                    .containsExactlyElementsOf(documents.pod().getVolumes().stream()
                            .map(Volume::getName)
                            .toList());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Counter web,counter-web",
        // Without a title that could be a name, it is its repository's.
        "3D,team-app",
        "___,team-app",
        "An App with a Name that is Longer than any Label of a Host Name may be,"
                + "an-app-with-a-name-that-is-longer-than-any-label-of-a-host-name"
    })
    void itsNameIsFitForAHostName(String title, String name) {
        app.title(title);
        app.release("app {}");

        assertThat(kubernetes().the(Service.class).getMetadata().getName()).isEqualTo(name);
    }

    @Test
    void whatIsLostAndADrainDelayThatIsTooShortAreSaid() {
        app.release("app { http.drain-delay = 1500ms }");

        Kubernetes lost = kubernetes();

        assertThat(app.tool().err())
                .hasLineCount(2)
                .contains("warning: prod: /app/data begins empty in every pod")
                .contains("warning: prod: the drain delay is under 5 s");
        assertThat(lost.pod().getVolumes())
                .allSatisfy(volume -> assertThat(volume.getEmptyDir()).isNotNull());
        assertThat(lost.pod().getTerminationGracePeriodSeconds()).isEqualTo(30);
    }

    @ParameterizedTest
    @CsvSource({"'',", "root,", "0,", "0:0,", "nobody,", "65532,65532", "65532:0,0"})
    void aUserThatMayBeRootIsSaid(String user, Long group) {
        app.release(user, List.of("/app/data"), "app {}");

        var security = kubernetes().pod().getSecurityContext();

        assertThat(security.getFsGroup()).isEqualTo(group);
        assertThat(security.getRunAsNonRoot()).isEqualTo(group == null ? null : true);
        assertThat(app.tool().err().contains("its pods may run as root")).isEqualTo(group == null);
    }

    @Test
    void aFieldThatKubernetesDoesNotKnowFailsTheTests() {
        app.release("app {}");
        String manifest = app.manifest("kubernetes");

        assertThatThrownBy(() -> Kubernetes.read(manifest.replace("readOnlyRootFilesystem", "readonlyRoot")))
                .hasStackTraceContaining("readonlyRoot");
    }

    @Test
    void anImageThatDeclaresNoProbeGetsNoneUntilItsUserNamesOne() {
        app.declaresNothing();
        app.release("app {}");

        Container guessedNothing = kubernetes().container();

        assertThat(guessedNothing.getLivenessProbe()).isNull();
        assertThat(guessedNothing.getStartupProbe()).isNull();
        assertThat(guessedNothing.getReadinessProbe()).isNull();
        assertThat(app.tool().err()).contains("--ready-path");

        Kubernetes named = kubernetes("--live-path", "/alive", "--ready-path", "/ready", "--drain", "40");
        assertThat(named.container().getLivenessProbe().getHttpGet().getPath()).isEqualTo("/alive");
        assertThat(named.container().getReadinessProbe().getHttpGet().getPath()).isEqualTo("/ready");
        assertThat(named.pod().getTerminationGracePeriodSeconds()).isEqualTo(60);
        assertThat(app.tool().err()).doesNotContain("--ready-path");
    }

    @Test
    void aDeclaredProbeCanBeLeftOutAndThePortBeAnotherVariable() {
        app.release("app { http.port = 9090 }");

        assertThat(kubernetes("--ready-path", "none").container().getReadinessProbe())
                .isNull();
        // Not a port: no port is made of it.
        assertThat(kubernetes("--port-variable", "GREETING").container().getPorts())
                .isEmpty();
        assertThat(app.tool().run(app.command("kubernetes", "--live-path", "health")))
                .isEqualTo(2);
    }

    @Test
    void whatIsKeptElsewhereIsNotWarnedAbout() {
        app.keepsDataWhen("greeting=files | greeting=auto & loud=no");

        for (String config : List.of("greeting = files", "greeting = auto")) {
            app.release("app { " + config + " }");
            app.manifest("kubernetes");
            assertThat(app.tool().err()).as(config).contains("/app/data begins empty");
        }
        for (String config : List.of("greeting = redis", "greeting = auto, loud = yes")) {
            app.release("app { " + config + " }");
            app.manifest("kubernetes");
            assertThat(app.tool().err()).as(config).doesNotContain("/app/data");
        }
    }

    @Test
    void asJsonItIsTheSameWithTheWarnings() {
        app.release("app {}");
        Kubernetes yaml = kubernetes("--replicas", "2");

        app.manifest("kubernetes", "--replicas", "2", "--output", "json");

        assertThat(app.tool().json().path("kind").asText()).isEqualTo("Manifest");
        assertThat(app.tool().json().path("warnings")).hasSize(2);
        StringBuilder documents = new StringBuilder();
        app.tool()
                .json()
                .path("documents")
                .forEach(part -> documents.append("---\n").append(part).append('\n'));
        assertThat(Kubernetes.read(documents.toString())).isEqualTo(yaml);
    }

    @ParameterizedTest
    @CsvSource({
        "--replicas -1, '--replicas: expected 0 or more, got -1'",
        "--memory 5, '--memory: expected 6 or more MiB, got 5'",
        "--soak 3601, '--soak: expected 0..3600 seconds, got 3601'",
        "--soak 30 --timeout 30, '--timeout: expected more seconds than the 30 of --soak and at most 86400, got 30'",
        "--storage much, '--storage: expected a size such as 1Gi, got much'",
        "--storage 1Gi --replicas 2, '--storage: only one process can have it, got --replicas 2'"
    })
    void whatKubernetesDoesNotHaveIsRefused(String options, String why) {
        app.release("app {}");

        assertThat(app.tool().run(app.command("kubernetes", options.split(" "))))
                .isEqualTo(2);
        assertThat(app.tool().err().strip()).isEqualTo("release manifest: " + why);
    }

    @Test
    void aClaimOfAnAppThatKeepsNothingIsRefused() {
        app.releaseBare();

        assertThat(app.tool().run(app.command("kubernetes", "--storage", "1Gi")))
                .isEqualTo(2);
        assertThat(app.tool().err().strip())
                .isEqualTo("release manifest: --storage: the image of prod v1 keeps nothing");
    }
}
