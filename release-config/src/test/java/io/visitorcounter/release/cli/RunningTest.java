package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.release.action.FakeEngine;
import io.visitorcounter.release.action.Running;
import io.visitorcounter.release.engine.Look;
import io.visitorcounter.release.engine.Rollout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What runs, against what is on record, also where the environments' files have moved on since. */
class RunningTest {

    private static final String APP = "app { http.port = 8080, password = ${PASSWORD} }\n";
    private static final String DEPLOYED = APP + "release.deploy { engine = kubernetes, replicas = 3 }\n";

    @TempDir
    Path project;

    private ReleasedApp app;
    private DeployedApp deployed;

    @BeforeEach
    void deploy() {
        app = new ReleasedApp(project);
        app.release(DEPLOYED);
        deployed = new DeployedApp(project, app);
        deployed.deploy("Ada", Optional.empty(), Optional.empty(), DeployedApp.options(false, false, false));
    }

    @AfterEach
    void close() {
        deployed.close();
    }

    @Test
    void whatRunsAsItWasDeployedHasNoRemark() {
        Running.TargetStatus line = only();

        assertThat(line.where()).isEqualTo("prod");
        assertThat(line.look().map(Look::ready)).contains(3);
        assertThat(line.differences()).isEmpty();
    }

    @Test
    void whatIsBackedOutIsARemark() {
        deployed.release(DEPLOYED + "app.greeting = again", FakeEngine.Fate.CRASHES);
        deployed.deploy("Ada", Optional.empty(), Optional.empty(), DeployedApp.options(false, false, false));

        Running.TargetStatus line = only();

        assertThat(line.healthy().orElseThrow().subject().release().label()).isEqualTo("prod v1");
        assertThat(line.differences())
                .singleElement()
                .asString()
                .startsWith("prod v2 backed-out")
                .contains("CrashLoopBackOff, exit 4");
    }

    @Test
    void aFileThatIsAtFaultIsARemarkWhateverRuns() {
        app.tool().config("prod", APP + "release.deploy { engine = kuberntes }");

        assertThat(only().differences())
                .singleElement()
                .asString()
                .startsWith("config is invalid: environments/prod.conf:2: release.deploy.engine: expected kubernetes");
        assertThat(only().where()).isEqualTo("prod");

        app.tool().config("prod", DEPLOYED);
        app.tool().config("dev", "release.deploy { engine = kubernetes, replicas = none }");
        assertThat(lines()).hasSize(2).first().satisfies(dev -> {
            assertThat(dev.environment().name()).isEqualTo("dev");
            assertThat(dev.healthy()).isEmpty();
            assertThat(dev.differences())
                    .singleElement()
                    .asString()
                    .startsWith("config is invalid: environments/dev.conf:1: ");
        });
    }

    @Test
    void whatRunsWhereNoFileSendsItAnyMoreIsARemarkUntilItIsTakenDown() throws IOException {
        app.tool().config("prod", APP);
        assertThat(only().differences()).containsExactly("no target of its file any more");

        Files.delete(project.resolve("environments/prod.conf"));
        assertThat(only().differences()).containsExactly("the environment has no file any more");

        Rollout there = Objects.requireNonNull(deployed.engine.current());
        deployed.engine.remove(there, deployed.engine.look(there).fence());
        assertThat(lines()).isEmpty();
    }

    @Test
    void aTargetThatHasMovedSaysWhereItWas() {
        app.tool().config("prod", APP + "release.deploy { engine = kubernetes, namespace = elsewhere, replicas = 3 }");

        assertThat(only().where()).isEqualTo("elsewhere");
        assertThat(only().differences()).contains("was deployed to prod");
    }

    private Running.TargetStatus only() {
        List<Running.TargetStatus> lines = lines();
        assertThat(lines).hasSize(1);
        return lines.get(0);
    }

    private List<Running.TargetStatus> lines() {
        return new Running(deployed.workspace("Ada", Optional.empty()), target -> deployed.engine).run();
    }
}
