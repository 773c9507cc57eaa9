package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.release.FixtureApp;
import io.visitorcounter.release.image.LoopbackRegistry;
import io.visitorcounter.release.image.RegistryImages;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An image that says nothing of itself, and what its user says when it is released. */
class DeclaredLabelsTest {

    @TempDir
    Path project;

    private final LoopbackRegistry registry = new LoopbackRegistry();
    private Tool tool;
    private String app;

    @BeforeEach
    void setUp() {
        tool = new Tool(project);
        tool.config("dev", "app { WEB_PORT = 5000, HOST = redis }");
        tool.config("test", "app { WEB_PORT = 6000, HOST = redis }\nrelease { promote-from = dev }");
        app = RegistryImages.push(
                FixtureApp.tar(project.resolve("app.tar"), "1", Optional.empty()),
                registry.host() + "/team/app",
                Map.of());
    }

    @AfterEach
    void tearDown() {
        registry.close();
    }

    private void create(String... labels) {
        List<String> command = new ArrayList<>(List.of("create", "dev", "--app", app, "--no-contract"));
        for (String label : labels) {
            command.addAll(List.of("--label", label));
        }
        tool.mustRun(command.toArray(String[]::new));
    }

    private Kubernetes manifest(String environment) {
        tool.mustRun("manifest", environment, "--format", "kubernetes");
        return Kubernetes.read(tool.out());
    }

    @Test
    void whatIsSaidAtCreateHoldsForManifestsPromotionsAndRollbacks() {
        String[] labels = {
            "config.folder=/etc/app/",
            "config.variable=APP_CONFIG",
            "port.variable=WEB_PORT",
            "probe.live=/alive",
            "probe.ready=/health"
        };
        create(labels);
        Kubernetes dev = manifest("dev");
        tool.mustRun("promote", "dev", "test");
        Kubernetes test = manifest("test");
        create(labels);
        assertThat(tool.out()).contains("dev v1").contains("(unchanged)");
        create();
        assertThat(tool.out()).contains("dev v2").contains("(new)");
        Kubernetes without = manifest("dev");
        tool.mustRun("rollback", "dev");
        Kubernetes back = manifest("dev");

        for (Kubernetes each : List.of(dev, test, back)) {
            assertThat(each.container().getReadinessProbe().getHttpGet().getPath())
                    .isEqualTo("/health");
            assertThat(each.container().getLivenessProbe().getHttpGet().getPath())
                    .isEqualTo("/alive");
        }
        assertThat(dev.container().getPorts().get(0).getContainerPort()).isEqualTo(5000);
        assertThat(test.container().getPorts().get(0).getContainerPort()).isEqualTo(6000);
        assertThat(without.container().getReadinessProbe()).isNull();
        assertThat(without.container().getPorts()).isEmpty();
        tool.mustRun("verify", "--all", "--deep");
        tool.mustRun("repair");
        assertThat(tool.field("dev@v3", "/releaseImage/digest"))
                .isEqualTo(tool.field("dev@v1", "/releaseImage/digest"));
    }

    @Test
    void theConfigLiesWhereItWasSaid() {
        create("config.folder=/etc/app/", "config.variable=APP_CONFIG");
        String said = tool.field("dev@v1", "/releaseImage/name");
        create();
        String usual = tool.field("dev@v2", "/releaseImage/name");

        assertThat(RegistryImages.variables(said, Map.of()))
                .containsEntry("APP_CONFIG", "/etc/app/app.conf")
                .doesNotContainKey("CONFIG_FILE");
        assertThat(RegistryImages.variables(usual, Map.of()))
                .containsEntry("CONFIG_FILE", "/release/app.conf")
                .doesNotContainKey("APP_CONFIG");
    }

    @Test
    void whatTheImageSaysItselfIsNotSaidAgain() {
        app = RegistryImages.push(
                FixtureApp.tar(
                        project.resolve("labelled.tar"),
                        "1",
                        Optional.empty(),
                        image -> image.addLabel("io.visitorcounter.probe.ready", "/health")),
                registry.host() + "/team/app",
                Map.of());
        create("probe.ready=/health", "probe.live=");
        create();
        assertThat(tool.out()).contains("dev v1").contains("(unchanged)");

        create("probe.ready=");

        assertThat(tool.out()).contains("dev v2");
        assertThat(manifest("dev").container().getReadinessProbe()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "config.folder=etc/app|config.folder: expected a folder such as /etc/app/",
                "config.folder=/etc/../app/|config.folder: expected a folder",
                "port.variable=WEB-PORT|port.variable: expected a variable's name",
                "probe.ready=health|probe.ready: expected a path such as /health",
                "health=curl localhost|health: expected a command as a JSON array",
                "exit.start-failed=256|exit.start-failed: expected an exit code, 1..255",
                "contract={}|expected NAME=VALUE with one of config.folder, config.variable",
                "probe.ready|expected NAME=VALUE"
            })
    void whatIsNoSuchLabelIsRefused(String label, String fault) {
        assertThat(tool.run("create", "dev", "--app", app, "--no-contract", "--label", label))
                .isEqualTo(2);

        assertThat(tool.err()).contains("release create: --label: ").contains(fault);
    }
}
