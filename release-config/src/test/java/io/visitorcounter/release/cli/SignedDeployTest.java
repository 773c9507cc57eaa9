package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.action.DeployResult;
import io.visitorcounter.release.action.FakeEngine;
import io.visitorcounter.release.ledger.DeploymentEnd;
import io.visitorcounter.release.trust.TestSigner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deployments are signed, and only what is signed is gone back to, where the environment's file asks for it. */
class SignedDeployTest {

    private static final String DEPLOYED = """
        app { http.port = 8080, password = ${PASSWORD} }
        release.deploy { engine = kubernetes, replicas = 3, timeout = 2m }
        """;
    private static final String SIGNED = DEPLOYED + "release.require-signature-by = [prod]\n";

    @TempDir
    Path project;

    private ReleasedApp app;
    private DeployedApp deployed;
    private FakeEngine engine;
    private TestSigner prod;

    @BeforeEach
    void release() {
        app = new ReleasedApp(project);
        prod = TestSigner.make(project.resolve("key"), "jenkins");
        prod.allow(project.resolve("environments"), "prod");
        app.tool().variables().put("RELEASE_SIGNING_KEY", prod.file());
        app.release(SIGNED);
        deployed = new DeployedApp(project, app);
        engine = deployed.engine;
    }

    @AfterEach
    void close() {
        deployed.close();
    }

    @Test
    void startAndEndAreSignedAndVerified() throws IOException {
        assertThatThrownBy(() -> deploy(Optional.empty()))
                .isInstanceOf(ReleaseException.Refused.class)
                .hasMessageContaining("prod: expected a signature by prod, got no key");
        assertThat(engine.current()).isNull();
        deploy(Optional.of(prod));

        app.tool().mustRun("verify", "--all", "--output", "json");
        assertThat(app.tool().json().path("signatures").findValuesAsText("entry"))
                .containsExactly("prod/000001/entry.json", "prod/000001/ended.json", "prod/000001/begun.json");
        assertThat(app.tool().json().path("signatures").findValuesAsText("state"))
                .containsOnly("good");
        Files.writeString(
                project.resolve("environments/allowed_signers"),
                prod.line("prod", "namespaces=\"git,release\",valid-before=\"20261128Z\""));
        assertThat(app.tool().run("verify", "--all")).isEqualTo(5);
        assertThat(app.tool().err())
                .contains("deployments: prod/000001/begun.json: signatures/" + prod.id()
                        + ".sigstore.json: jenkins ended");
    }

    @Test
    void whatNobodySignedIsNotGoneBackToAndProvesNothing() {
        deploy(Optional.of(prod));
        // Who may write the ledger records what they like, and has no key.
        release(DEPLOYED, "two", FakeEngine.Fate.COMES_UP);
        app.tool().config("prod", DEPLOYED);
        assertThat(((DeployResult.Finished) deploy(Optional.empty())).ended().result())
                .isEqualTo(DeploymentEnd.Result.HEALTHY);
        app.tool().config("prod", SIGNED);
        assertThat(app.tool().run("verify", "--all")).isEqualTo(5);
        assertThat(app.tool().err())
                .contains("deployments: prod/000002/begun.json: expected a signature by prod, got none");
        app.tool()
                .config("stage", "release { promote-from = prod, promote-healthy = true }\napp.password = ${PASSWORD}");
        release(SIGNED, "three", FakeEngine.Fate.CRASHES);
        assertThat(app.tool().run("promote", "prod", "stage")).isEqualTo(8);
        assertThat(app.tool().err()).contains("prod deployment 2, which is not signed as prod asks");

        DeployResult.Finished finished = (DeployResult.Finished) deploy(Optional.of(prod));

        assertThat(finished.begun().replaces()).contains(1);
        assertThat(finished.ended().result()).isEqualTo(DeploymentEnd.Result.BACKED_OUT);
        assertThat(finished.ended().running().orElseThrow().version()).isEqualTo(1);
    }

    private void release(String config, String greeting, FakeEngine.Fate fate) {
        deployed.release(config + "app.greeting = " + greeting + "\n", fate);
    }

    private DeployResult deploy(Optional<TestSigner> key) {
        return deployed.deploy("Ada", key, Optional.empty(), DeployedApp.options(false, false, false));
    }
}
