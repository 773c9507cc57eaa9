package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.visitorcounter.release.FixtureApp;
import io.visitorcounter.release.image.LoopbackRegistry;
import io.visitorcounter.release.image.RegistryImages;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What platforms are told to run, read back by what reads it there. */
class ManifestTest {

    private static final String CONTRACT = """
            {"type":"object","additionalProperties":false,"properties":{
            "greeting":{"type":"string","default":"hello","env":"GREETING","description":"what it says"},
            "password":{"type":"string","default":"","writeOnly":true,"env":"PASSWORD","description":"a secret"},
            "http":{"type":"object","additionalProperties":false,"properties":{
            "port":{"type":"integer","minimum":1,"maximum":65535,"default":8080,"env":"HTTP_PORT","description":"a port"},
            "drain-delay":{"type":"string","format":"hocon-duration","default":"0s","description":"a delay"}}}}}""";

    @TempDir
    Path project;

    private final LoopbackRegistry registry = new LoopbackRegistry();
    private Tool tool;

    @BeforeEach
    void setUp() {
        tool = new Tool(project);
    }

    @AfterEach
    void tearDown() {
        registry.close();
    }

    /** An app with a port, a drain delay, a secret, a user and a folder that it keeps. */
    private void release(String config) {
        release("65532:65533", config);
    }

    private void release(String user, String config) {
        Path tar = FixtureApp.tar(
                project.resolve("app.tar"),
                "1",
                Optional.of(CONTRACT),
                image -> image.setUser(user)
                        .addVolume(AbsoluteUnixPath.get("/app/data"))
                        .addLabel("org.opencontainers.image.title", "Counter web"));
        tool.config("prod", config);
        tool.mustRun("create", "prod", "--app", RegistryImages.push(tar, registry.host() + "/team/app", Map.of()));
    }

    private Kubernetes kubernetes(String... more) {
        List<String> command = new java.util.ArrayList<>(List.of("manifest", "prod", "--format", "kubernetes"));
        command.addAll(List.of(more));
        tool.mustRun(command.toArray(String[]::new));
        return Kubernetes.read(tool.out());
    }

    /** A field of the release, leaving the tool's last output as it is. */
    private String field(String release, String pointer) {
        Tool other = new Tool(project);
        return other.field(release, pointer);
    }

    private static PodSpec pod(Kubernetes documents) {
        return documents.the(Deployment.class).getSpec().getTemplate().getSpec();
    }

    private static Container container(Kubernetes documents) {
        assertThat(pod(documents).getContainers()).hasSize(1);
        return pod(documents).getContainers().get(0);
    }

    @Test
    void theStrictReaderRefusesAFieldThatKubernetesHasNot() {
        release("app {}");
        tool.mustRun("manifest", "prod", "--format", "kubernetes");

        assertThatThrownBy(() -> Kubernetes.read(tool.out().replace("terminationGrace", "gracefulTermination")))
                .hasMessageContaining("gracefulTerminationPeriodSeconds");
        assertThatThrownBy(() -> Kubernetes.read(tool.out().replace("replicas: 1", "replicas: \"some\"")))
                .hasMessageContaining("replicas");
    }

    @Test
    void podsAreReplacedOneByOneAndNeverFewer() {
        release("app {}");

        Kubernetes documents = kubernetes("--replicas", "3");

        assertThat(documents.kinds()).containsExactly("Deployment", "Service", "PodDisruptionBudget");
        var spec = documents.the(Deployment.class).getSpec();
        assertThat(spec.getReplicas()).isEqualTo(3);
        assertThat(spec.getStrategy().getType()).isEqualTo("RollingUpdate");
        assertThat(spec.getStrategy().getRollingUpdate().getMaxUnavailable()).isEqualTo(new IntOrString(0));
        assertThat(spec.getStrategy().getRollingUpdate().getMaxSurge()).isEqualTo(new IntOrString(1));
        var budget = documents.the(PodDisruptionBudget.class).getSpec();
        assertThat(budget.getMaxUnavailable()).isEqualTo(new IntOrString(1));
        assertThat(pod(documents).getTopologySpreadConstraints())
                .singleElement()
                .satisfies(spread -> assertThat(spread.getTopologyKey()).isEqualTo("kubernetes.io/hostname"));
        // All of them mean the same pods, and those of no other environment.
        Map<String, String> pods =
                Map.of("app.kubernetes.io/name", "counter-web", "app.kubernetes.io/instance", "prod");
        assertThat(spec.getSelector().getMatchLabels()).isEqualTo(pods);
        assertThat(documents.the(Service.class).getSpec().getSelector()).isEqualTo(pods);
        assertThat(budget.getSelector().getMatchLabels()).isEqualTo(pods);
        assertThat(spec.getTemplate().getMetadata().getLabels()).containsAllEntriesOf(pods);
    }

    @Test
    void thePodRunsTheReleaseByDigestWithItsNumberItsConfigAndItsSecretsByName() {
        release("app { greeting = \"$(HOME) and $\", password = ${PASSWORD} }");

        Kubernetes documents = kubernetes();

        Container container = container(documents);
        assertThat(container.getImage())
                .isEqualTo(field("prod@v1", "/releaseImage/name"))
                .matches(".*@sha256:[0-9a-f]{64}");
        assertThat(container.getEnv())
                .filteredOn(variable -> variable.getValueFrom() == null)
                .extracting(EnvVar::getName, EnvVar::getValue)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("RELEASE", "prod@v1"),
                        // Kubernetes makes $(HOME) of $$(HOME).
                        org.assertj.core.groups.Tuple.tuple("GREETING", "$$(HOME) and $"),
                        org.assertj.core.groups.Tuple.tuple("HTTP_PORT", "8080"));
        assertThat(container.getEnv())
                .filteredOn(variable -> variable.getValueFrom() != null)
                .singleElement()
                .satisfies(secret -> {
                    assertThat(secret.getName()).isEqualTo("PASSWORD");
                    assertThat(secret.getValueFrom().getSecretKeyRef().getName())
                            .isEqualTo("counter-web");
                    assertThat(secret.getValueFrom().getSecretKeyRef().getKey()).isEqualTo("PASSWORD");
                });
        assertThat(documents.the(Deployment.class).getMetadata().getAnnotations())
                .containsEntry("kubernetes.io/change-cause", "prod@v1")
                .containsEntry("io.visitorcounter.app.digest", field("prod@v1", "/appImage/digest"))
                .containsKeys("io.visitorcounter.bundle.digest", "io.visitorcounter.contract.digest");
        assertThat(documents.the(Deployment.class).getMetadata().getLabels())
                .containsEntry("app.kubernetes.io/version", "v1");
    }

    @Test
    void thePodMayDoNothingThatItNeedNot() {
        release("app {}");

        Kubernetes documents = kubernetes();

        PodSpec pod = pod(documents);
        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        assertThat(pod.getEnableServiceLinks()).isFalse();
        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getRunAsUser()).isEqualTo(65532);
        assertThat(pod.getSecurityContext().getRunAsGroup()).isEqualTo(65533);
        assertThat(pod.getSecurityContext().getFsGroup()).isEqualTo(65533);
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        var security = container(documents).getSecurityContext();
        assertThat(security.getAllowPrivilegeEscalation()).isFalse();
        assertThat(security.getReadOnlyRootFilesystem()).isTrue();
        assertThat(security.getCapabilities().getDrop()).containsExactly("ALL");
    }

    @Test
    void thePodHasProbesMemoryAndTimeToEnd() {
        release("app { http { port = 9090, drain-delay = 90s } }");

        Kubernetes documents = kubernetes("--memory", "300");

        Container container = container(documents);
        assertThat(container.getPorts()).singleElement().satisfies(port -> {
            assertThat(port.getName()).isEqualTo("http");
            assertThat(port.getContainerPort()).isEqualTo(9090);
        });
        assertThat(List.of(container.getStartupProbe(), container.getLivenessProbe(), container.getReadinessProbe()))
                .extracting(Probe::getHttpGet)
                .extracting(get -> get.getPath() + " " + get.getPort().getStrVal())
                .containsExactly("/health/live http", "/health/live http", "/health/ready http");
        assertThat(container.getResources().getRequests())
                .containsEntry("memory", new Quantity("300Mi"))
                .containsEntry("cpu", new Quantity("100m"));
        assertThat(container.getResources().getLimits()).containsOnly(Map.entry("memory", new Quantity("300Mi")));
        // Not ready is seen well before the drain delay ends, and that ends well before the kill.
        Probe ready = container.getReadinessProbe();
        assertThat(ready.getPeriodSeconds() * ready.getFailureThreshold()).isLessThan(90);
        assertThat(pod(documents).getTerminationGracePeriodSeconds()).isEqualTo(110);
        assertThat(documents.the(Service.class).getSpec().getPorts())
                .singleElement()
                .satisfies(port -> assertThat(port.getTargetPort().getStrVal()).isEqualTo("http"));
    }

    @Test
    void whatTheAppKeepsIsInAClaimWhereThatIsAskedForElseTheToolWarns() {
        release("app { http.drain-delay = 1500ms }");

        Kubernetes lost = kubernetes();
        assertThat(tool.err())
                .hasLineCount(2)
                .contains("warning: prod: /app/data begins empty in every pod")
                .contains("warning: prod: http.drain-delay is under 5 s");
        assertThat(pod(lost).getVolumes())
                .allSatisfy(volume -> assertThat(volume.getEmptyDir()).isNotNull());
        assertThat(pod(lost).getTerminationGracePeriodSeconds()).isEqualTo(30);

        Kubernetes kept = kubernetes("--storage", "1Gi");
        assertThat(kept.kinds()).containsExactly("PersistentVolumeClaim", "Deployment", "Service");
        PersistentVolumeClaim claim = kept.the(PersistentVolumeClaim.class);
        assertThat(claim.getSpec().getResources().getRequests()).containsEntry("storage", new Quantity("1Gi"));
        assertThat(claim.getSpec().getAccessModes()).containsExactly("ReadWriteOnce");
        assertThat(pod(kept).getVolumes())
                .filteredOn(volume -> volume.getPersistentVolumeClaim() != null)
                .singleElement()
                .satisfies(
                        volume -> assertThat(volume.getPersistentVolumeClaim().getClaimName())
                                .isEqualTo(claim.getMetadata().getName()));
        assertThat(kept.the(Deployment.class).getSpec().getStrategy().getType()).isEqualTo("Recreate");
        for (Kubernetes documents : List.of(lost, kept)) {
            assertThat(container(documents).getVolumeMounts())
                    .extracting(VolumeMount::getMountPath)
                    .containsExactly("/tmp", "/app/data");
            assertThat(container(documents).getVolumeMounts())
                    .extracting(VolumeMount::getName)
                    .containsExactlyElementsOf(pod(documents).getVolumes().stream()
                            .map(Volume::getName)
                            .toList());
        }
    }

    @ParameterizedTest
    @CsvSource({"'',", "root,", "0,", "0:0,", "nobody,", "65532,65532", "65532:0,0"})
    void aUserThatMayBeRootIsSaid(String user, Long group) {
        release(user, "app {}");

        Kubernetes documents = kubernetes();

        var security = pod(documents).getSecurityContext();
        assertThat(security.getFsGroup()).isEqualTo(group);
        assertThat(security.getRunAsNonRoot()).isEqualTo(group == null ? null : true);
        assertThat(tool.err().contains("its pods may run as root")).isEqualTo(group == null);
    }

    @Test
    void anAppWithoutAPortOrAFolderIsADeploymentAlone() {
        Path tar = FixtureApp.tar(project.resolve("app.tar"), "1");
        tool.config("prod", "app {}");
        tool.mustRun("create", "prod", "--app", RegistryImages.push(tar, registry.host() + "/team/app", Map.of()));

        assertThat(kubernetes().kinds()).containsExactly("Deployment");
        assertThat(container(kubernetes()).getStartupProbe()).isNull();
    }

    @Test
    void asJsonItIsTheSameWithTheWarnings() {
        release("app {}");
        tool.mustRun("manifest", "prod", "--format", "kubernetes");
        String yaml = tool.out();

        tool.mustRun("manifest", "prod", "--format", "kubernetes", "--output", "json");

        assertThat(tool.json().path("kind").asText()).isEqualTo("Manifest");
        assertThat(tool.json().path("warnings")).hasSize(2);
        StringBuilder documents = new StringBuilder();
        tool.json()
                .path("documents")
                .forEach(part -> documents.append("---\n").append(part).append('\n'));
        assertThat(Kubernetes.read(documents.toString()))
                .hasToString(Kubernetes.read(yaml).toString());
    }

    @ParameterizedTest
    @CsvSource({
        "kubernetes, --replicas -1, '--replicas: expected 0 or more, got -1'",
        "kubernetes, --memory 5, '--memory: expected 6 or more MiB, got 5'",
        "kubernetes, --storage much, '--storage: expected a size such as 1Gi, got much'",
        "kubernetes, --storage 1Gi --replicas 2, '--storage: one process alone can have it, got --replicas 2'",
        "compose, --replicas 2, '--replicas: Compose publishes the port of one process, got 2'",
        "compose, --storage 1Gi, '--storage: Compose''s volumes have no size; they are always kept'"
    })
    void whatAPlatformDoesNotHaveIsRefused(String form, String options, String why) {
        release("app {}");
        List<String> command = new java.util.ArrayList<>(List.of("manifest", "prod", "--format", form));
        command.addAll(List.of(options.split(" ")));

        assertThat(tool.run(command.toArray(String[]::new))).isEqualTo(2);
        assertThat(tool.err().strip()).isEqualTo("release manifest: " + why);
    }

    @Test
    void composeRunsTheReleaseAsLockedInAsKubernetesDoes() {
        release("app { greeting = \"5 $ and $(HOME)\", password = ${PASSWORD}, http.drain-delay = 15s }");

        tool.mustRun("manifest", "prod", "--format", "compose");

        JsonNode file = YAMLMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build()
                .readTree(tool.out());
        JsonNode service = file.path("services").path("counter-web-prod");
        assertThat(service.path("image").asString()).matches(".*@sha256:[0-9a-f]{64}");
        assertThat(service.path("environment").path("RELEASE").asString()).isEqualTo("prod@v1");
        assertThat(service.path("environment").path("GREETING").asString()).isEqualTo("5 $$ and $$(HOME)");
        assertThat(service.path("environment").path("PASSWORD").asString()).isEqualTo("${PASSWORD:?set PASSWORD}");
        assertThat(service.path("ports").get(0).asString()).isEqualTo("${HTTP_PORT:-8080}:8080");
        assertThat(service.path("read_only").asBoolean()).isTrue();
        assertThat(service.path("cap_drop").get(0).asString()).isEqualTo("ALL");
        assertThat(service.path("security_opt").get(0).asString()).isEqualTo("no-new-privileges:true");
        assertThat(service.path("stop_grace_period").asString()).isEqualTo("35s");
        assertThat(service.path("mem_limit").asString()).isEqualTo("256m");
        assertThat(service.path("volumes").get(0).path("target").asString()).isEqualTo("/app/data");
        assertThat(file.path("volumes").path("app-data").path("name").asString())
                .isEqualTo("counter-web-prod-app-data");
    }

    @Test
    void composeItselfTakesTheFileAndAsksForTheSecret() throws Exception {
        boolean there = run(project, "docker-compose", "version").code() == 0;
        if ("required".equals(System.getenv("TEST_COMPOSE"))) {
            assertThat(there).as("docker-compose on the PATH").isTrue();
        }
        assumeThat(there).isTrue();
        release("app { greeting = \"5 $ and $(HOME)\", password = ${PASSWORD} }");
        tool.mustRun("manifest", "prod", "--format", "compose");
        Path file = Files.writeString(project.resolve("compose.yaml"), tool.out());

        Ran without = run(project, "docker-compose", "--file", file.toString(), "config");
        Ran with = run(project, "env", "PASSWORD=s", "docker-compose", "--file", file.toString(), "config");

        assertThat(without.code()).isNotZero();
        assertThat(without.said()).contains("set PASSWORD");
        assertThat(with.code()).as(with.said()).isZero();
        // It prints its files with each dollar twice, too.
        assertThat(with.said()).contains("GREETING: 5 $$ and $$(HOME)").contains("PASSWORD: s");
    }

    private record Ran(int code, String said) {}

    private static Ran run(Path folder, String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return new Ran(process.exitValue(), said);
        } catch (java.io.IOException absent) {
            return new Ran(127, String.valueOf(absent.getMessage()));
        }
    }
}
