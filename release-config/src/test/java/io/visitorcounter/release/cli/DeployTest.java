package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.action.Deploy;
import io.visitorcounter.release.action.DeployOptions;
import io.visitorcounter.release.action.DeployProgress;
import io.visitorcounter.release.action.DeployResult;
import io.visitorcounter.release.action.Doctor;
import io.visitorcounter.release.action.FakeEngine;
import io.visitorcounter.release.action.Status;
import io.visitorcounter.release.action.Workspace;
import io.visitorcounter.release.engine.DeployTarget;
import io.visitorcounter.release.engine.Rollout;
import io.visitorcounter.release.ledger.DeploymentEnd;
import io.visitorcounter.release.ledger.DeploymentRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deploying, with a real ledger and registry, and an engine in memory. */
class DeployTest {

    private static final Environment PROD = DeployedApp.PROD;
    private static final String DEPLOYED = """
        app { http.port = 8080, password = ${PASSWORD} }
        release.deploy { engine = kubernetes, replicas = 3, timeout = 2m }\
        """;

    @TempDir
    Path project;

    private ReleasedApp app;
    private DeployedApp deployed;
    private FakeEngine engine;

    @BeforeEach
    void release() {
        app = new ReleasedApp(project);
        app.release(DEPLOYED);
        deployed = new DeployedApp(project, app);
        engine = deployed.engine;
    }

    @AfterEach
    void close() {
        deployed.close();
    }

    @Test
    void aReleaseComesUpAndIsOnRecord() {
        DeployResult.Finished finished = (DeployResult.Finished) deploy("Ada");

        assertThat(finished.ended().result()).isEqualTo(DeploymentEnd.Result.HEALTHY);
        assertThat(record().history(PROD, 9)).hasSize(1);
        Rollout told = Objects.requireNonNull(engine.current());
        assertThat(record().manifest(finished.begun())).isEqualTo(told.manifest());
        assertThat(told.manifest()).contains("\"Deployment\"").doesNotContain("io.visitorcounter.deployment");
        assertThat(app.tool().run("verify", "--all")).isZero();
        assertThat(app.tool().out()).contains("deployments in another of 2 entries");
    }

    @Test
    void whatRunsAlreadyIsLeftAloneUnlessAskedFor() {
        deploy("Ada");
        Digest image = Objects.requireNonNull(engine.current()).image();

        assertThat(deploy("Ada")).isInstanceOf(DeployResult.AlreadyUp.class);
        assertThat(record().newest(PROD)).isEqualTo(1);

        assertThat(deploy("Ada", options(true, false, false))).isInstanceOf(DeployResult.Finished.class);
        assertThat(record().newest(PROD)).isEqualTo(2);
        assertThat(engine.starts(image)).isEqualTo(1);
    }

    @Test
    void whatDoesNotComeUpIsBackedOutByTheRecordedBytes() {
        deploy("Ada");
        Rollout healthy = Objects.requireNonNull(engine.current());
        secondRelease(FakeEngine.Fate.CRASHES);

        DeployResult.Finished finished = (DeployResult.Finished) deploy("Ada");

        assertThat(finished.ended().result()).isEqualTo(DeploymentEnd.Result.BACKED_OUT);
        assertThat(finished.ended().running().orElseThrow().label()).isEqualTo("prod v1");
        assertThat(Objects.requireNonNull(engine.current()).manifest()).isEqualTo(healthy.manifest());
    }

    @Test
    void anotherDeploymentIsWaitedForAndThenNamed() {
        leaveOpen("Bob");
        Instant before = deployed.now();
        secondRelease(FakeEngine.Fate.COMES_UP);

        assertThatThrownBy(() -> deploy("Ada"))
                .isInstanceOf(ReleaseException.Contention.class)
                .hasMessageContaining("deployment 1 of prod v1 by Bob since " + "2026-11-28T10:00:00Z")
                .hasMessageContaining("is under way until");
        assertThat(Duration.between(before, deployed.now())).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void onesOwnIsGoneOnWith() {
        leaveOpen("Ada");

        DeployResult.Finished finished = (DeployResult.Finished) deploy("Ada");

        assertThat(finished.begun().number()).isEqualTo(1);
        assertThat(finished.ended().result()).isEqualTo(DeploymentEnd.Result.HEALTHY);
        assertThat(deployed.told)
                .extracting(DeployProgress::text)
                .anyMatch(text -> text.startsWith("goes on with deployment 1"));
    }

    @Test
    void anOverdueOneIsTakenOverByItself() {
        leaveOpen("Bob");
        deployed.sleep(Duration.ofHours(1));

        DeployResult.Finished finished = (DeployResult.Finished) deploy("Ada");

        assertThat(finished.begun().number()).isEqualTo(2);
        assertThat(record().find(PROD, 1).orElseThrow().ended().orElseThrow().result())
                .isEqualTo(DeploymentEnd.Result.ABANDONED);
        assertThat(deployed.told).extracting(DeployProgress::text).anyMatch(text -> text.endsWith("overdue"));
    }

    @Test
    void oneIsTakenOverOnDemand() {
        leaveOpen("Bob");

        DeployResult.Finished finished = (DeployResult.Finished) deploy("Ada", options(false, true, false));

        assertThat(finished.begun().number()).isEqualTo(2);
        assertThat(finished.ended().result()).isEqualTo(DeploymentEnd.Result.HEALTHY);
    }

    @Test
    void anOpenOneIsAborted() {
        deploy("Ada");
        secondRelease(FakeEngine.Fate.HANGS);
        leaveOpen("Bob");

        DeployResult.Finished finished = (DeployResult.Finished) deploy("Ada", options(false, false, true));

        assertThat(finished.begun().number()).isEqualTo(2);
        assertThat(finished.ended().result()).isEqualTo(DeploymentEnd.Result.BACKED_OUT);
        assertThat(finished.ended().reason()).contains("aborted by Ada");
        assertThatThrownBy(() -> deploy("Ada", options(false, false, true)))
                .isInstanceOf(ReleaseException.NotFound.class)
                .hasMessageContaining("no deployment is under way");
    }

    @Test
    void whatIsUnderWayIsAbortedWhereItBeganAlsoIfTheFileNamesNoTargetAnyMore() {
        deploy("Ada");
        secondRelease(FakeEngine.Fate.HANGS);
        leaveOpen("Bob");
        app.tool().config("prod", "app { http.port = 8080, password = ${PASSWORD} }");
        List<DeployTarget> asked = new ArrayList<>();
        Deploy deploy = new Deploy(
                workspace("Ada"),
                target -> {
                    asked.add(target);
                    return engine;
                },
                deployed::sleep,
                deployed.told::add);

        DeployResult.Finished finished = (DeployResult.Finished) deploy.run(new Deploy.Request(
                PROD, Optional.empty(), Optional.empty(), Optional.empty(), options(false, false, true)));

        assertThat(finished.ended().result()).isEqualTo(DeploymentEnd.Result.BACKED_OUT);
        assertThat(asked)
                .containsExactly(
                        new DeployTarget("default", DeployTarget.Platform.KUBERNETES, Optional.empty(), "prod"));
    }

    @Test
    void statusSaysWhatIsDeployedWithoutAskingAnEngine() {
        assertThat(remarks()).containsExactly("not deployed");

        deploy("Ada");
        assertThat(remarks()).isEmpty();

        secondRelease(FakeEngine.Fate.CRASHES);
        assertThat(remarks()).containsExactly("prod v1 is deployed");

        deploy("Ada");
        assertThat(remarks())
                .hasSize(2)
                .startsWith("prod v1 is deployed")
                .element(1)
                .asString()
                .startsWith("prod v2 backed-out ")
                .contains("CrashLoopBackOff, exit 4");
    }

    private List<String> remarks() {
        return new Status(workspace("Ada")).run().get(0).changes();
    }

    @Test
    void anAppOfAnotherNameLeavesTheOneBeforeToServeAndSaysSo() {
        deploy("Ada");
        app.title("Other counter");
        secondRelease(FakeEngine.Fate.COMES_UP);

        DeployResult.Finished finished = (DeployResult.Finished) deploy("Ada");

        assertThat(finished.ended().result()).isEqualTo(DeploymentEnd.Result.HEALTHY);
        assertThat(deployed.told)
                .extracting(DeployProgress::text)
                .anyMatch(text -> text.startsWith("counter-web of prod v1 runs on beside it"));
    }

    @Test
    void doctorSaysWhichEngineIsThere() {
        List<Doctor.Finding> findings =
                new Doctor(workspace("Ada"), "1", target -> engine).run(Optional.empty(), Optional.empty());

        assertThat(findings).contains(new Doctor.Finding("prod on prod", true, "kubectl v1, Kubernetes v1"));
    }

    @Test
    void whatItPrintsIsAsTheSchemaSays() throws IOException {
        deploy("Ada");
        Schema schema = OutputSchema.strict();

        for (String command : List.of("show prod --deployment latest", "history prod --deployments", "status")) {
            app.tool().mustRun((command + " --output json").split(" ", -1));

            assertThat(schema.validate(app.tool().out(), InputFormat.JSON))
                    .as("%s: %s", command, app.tool().out())
                    .isEmpty();
        }
    }

    @Test
    void anOlderOneGoesOverANewerOnlyWhenMeant() {
        secondRelease(FakeEngine.Fate.COMES_UP);
        deploy("Ada");
        assertThatThrownBy(() -> deployV1(options(false, false, false)))
                .isInstanceOf(ReleaseException.Refused.class)
                .hasMessageContaining("not older than prod v2, which runs");
        assertThat(deployV1(options(true, false, false))).isInstanceOf(DeployResult.Finished.class);
    }

    private DeployResult deployV1(DeployOptions options) {
        return deployed.deploy("Ada", Optional.empty(), Optional.of(1), options);
    }

    @Test
    void aFreezeHoldsItBeforeTheEngineIsTouched() {
        assertThat(app.tool().run("freeze", "prod", "--reason", "holidays")).isZero();

        assertThatThrownBy(() -> deploy("Ada"))
                .isInstanceOf(ReleaseException.Refused.class)
                .hasMessageContaining("frozen");
        assertThat(engine.current()).isNull();
        assertThat(record().newest(PROD)).isZero();
    }

    @Test
    void anEngineThatKnowsOfMoreIsAnotherLedgers() {
        deploy("Ada");
        Rollout there = Objects.requireNonNull(engine.current());
        engine.apply(there.numbered(9), Optional.empty(), engine.look(there).fence());
        secondRelease(FakeEngine.Fate.COMES_UP);

        assertThatThrownBy(() -> deploy("Ada"))
                .isInstanceOf(ReleaseException.Contention.class)
                .hasMessageContaining("is at deployment 9, of which this ledger knows nothing");
        assertThat(record().newest(PROD)).isEqualTo(1);
    }

    @Test
    void aBuildIsPromotedOnlyFromWhereItIsHealthy() {
        app.tool()
                .config("stage", "release { promote-from = prod, promote-healthy = true }\napp.password = ${PASSWORD}");

        assertThat(app.tool().run("promote", "prod", "stage")).isEqualTo(8);
        assertThat(app.tool().err())
                .contains("stage: expected a build that is healthy in prod, got which has no deployment");

        deploy("Ada");
        assertThat(app.tool().run("promote", "prod", "stage"))
                .as(app.tool().err())
                .isZero();
    }

    @Test
    void theHistoryAndOneDeploymentAreShown() {
        deploy("Ada");

        assertThat(app.tool().run("history", "prod", "--deployments", "--output", "json"))
                .isZero();
        assertThat(app.tool().out()).contains("\"outcome\": \"healthy\"", "\"release\": \"prod@v1\"");
        assertThat(app.tool().run("show", "prod", "--deployment", "latest")).isZero();
        assertThat(app.tool().out()).contains("healthy", "kind: \"Deployment\"");
        assertThat(app.tool().run("show", "prod", "--deployment", "2")).isEqualTo(9);
    }

    @Test
    void anEnvironmentWithoutAnEngineIsSkippedInOneLine() {
        app.tool().config("prod", "app { http.port = 8080, password = ${PASSWORD} }\nrelease.deploy.engine = none");

        assertThat(app.tool().run("deploy", "prod")).isZero();
        assertThat(app.tool().out())
                .startsWith("deploy   prod: nothing to deploy to")
                .hasLineCount(1);
    }

    private void secondRelease(FakeEngine.Fate fate) {
        deployed.release(DEPLOYED + "\napp.greeting = again", fate);
    }

    /** Begins a deployment and dies. */
    private void leaveOpen(String by) {
        Deploy deploy = new Deploy(
                workspace(by),
                target -> engine,
                time -> {
                    throw new Gone();
                },
                deployed.told::add);
        assertThatThrownBy(() -> deploy.run(new Deploy.Request(
                        PROD, Optional.empty(), Optional.empty(), Optional.empty(), options(false, false, false))))
                .isInstanceOf(Gone.class);
    }

    private static final class Gone extends Error {

        private static final long serialVersionUID = 1;
    }

    private DeploymentRecord record() {
        return deployed.record();
    }

    private DeployResult deploy(String by) {
        return deploy(by, options(false, false, false));
    }

    private DeployResult deploy(String by, DeployOptions options) {
        return deployed.deploy(by, Optional.empty(), Optional.empty(), options);
    }

    private static DeployOptions options(boolean again, boolean takeOver, boolean abort) {
        return DeployedApp.options(again, takeOver, abort);
    }

    private Workspace workspace(String by) {
        return deployed.workspace(by, Optional.empty());
    }

    @Test
    void anAbortGoesOnWhateverIsWrongWithTheFile() throws IOException {
        deploy("Ada");
        for (int i = 0; i < 2; i++) {
            secondRelease(FakeEngine.Fate.HANGS);
            leaveOpen("Bob");
            if (i == 0) {
                app.tool().config("prod", DEPLOYED + "\nrelease.require-signatures-by = [prod]");
                assertThatThrownBy(() -> deploy("Ada")).isInstanceOf(ReleaseException.ConfigInvalid.class);
            } else {
                Files.delete(project.resolve("environments/prod.conf"));
            }

            DeployResult.Finished finished = (DeployResult.Finished) deploy("Ada", options(false, false, true));

            assertThat(finished.ended().result()).isEqualTo(DeploymentEnd.Result.BACKED_OUT);
            assertThat(finished.ended().running().orElseThrow().version()).isEqualTo(1);
        }
    }
}
