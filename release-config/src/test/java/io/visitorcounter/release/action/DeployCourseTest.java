package io.visitorcounter.release.action;

import static io.visitorcounter.release.action.DeploymentWorld.OLD;
import static io.visitorcounter.release.action.DeploymentWorld.PROD;
import static io.visitorcounter.release.action.DeploymentWorld.TIMEOUT;
import static io.visitorcounter.release.action.DeploymentWorld.rollout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.release.ReleaseId;
import io.visitorcounter.release.engine.Rollout;
import io.visitorcounter.release.ledger.DeploymentEnd;
import io.visitorcounter.release.ledger.DeploymentEnd.Result;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The way of a deployment, over an engine, a clock and a log of the test's own: each of its ends, and each of its steps
 *  as the last one before a kill. */
class DeployCourseTest {

    @ParameterizedTest
    @EnumSource
    void itEnds(DeploymentScenario scenario) {
        DeploymentWorld world = new DeploymentWorld(scenario);

        DeploymentEnd end = world.course().run();

        assertThat(end.result()).isEqualTo(scenario.result);
        world.assertSound();
    }

    @ParameterizedTest
    @EnumSource
    void killedAtAnyStepTheNextComesToTheSameEnd(DeploymentScenario scenario) {
        int steps = steps(scenario);
        assertThat(steps).isGreaterThan(5);
        for (int step = 1; step <= steps; step++) {
            for (boolean done : new boolean[] {false, true}) {
                DeploymentWorld world = new DeploymentWorld(scenario);
                world.kill(step, done);
                assertThatThrownBy(() -> world.course().run()).isInstanceOf(DeploymentWorld.Killed.class);
                world.now = world.now.plusSeconds(3);

                world.course().run();

                assertThat(world.ended().result())
                        .as("killed at step %d, %s", step, done ? "done" : "not done")
                        .isEqualTo(scenario.result);
                world.assertSound();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void killedTwiceItStillComesToTheSameEnd(DeploymentScenario scenario) {
        int steps = Math.min(steps(scenario), 30);
        for (int first = 1; first <= steps; first++) {
            for (int second = 1; second <= steps; second++) {
                DeploymentWorld world = new DeploymentWorld(scenario);
                for (int step : new int[] {first, second}) {
                    world.kill(step, (first + second) % 2 == 0);
                    try {
                        world.course().run();
                    } catch (DeploymentWorld.Killed killed) {
                        world.kills++;
                    }
                }
                world.noKill();

                world.course().run();

                assertThat(world.kills).isPositive();
                assertThat(world.ended().result())
                        .as("killed at steps %d and %d", first, second)
                        .isEqualTo(scenario.result);
                world.assertSound();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void goneOnWithAfterItsTimeItEndsAllTheSame(DeploymentScenario scenario) {
        int steps = steps(scenario);
        for (int step = 1; step <= steps; step++) {
            DeploymentWorld world = new DeploymentWorld(scenario);
            world.kill(step, true);
            assertThatThrownBy(() -> world.course().run()).isInstanceOf(DeploymentWorld.Killed.class);
            world.now = world.now.plus(TIMEOUT).plusSeconds(1);

            world.course().run();

            // What came up by itself meanwhile is healthy; what had no time to is backed out.
            assertThat(world.ended().result())
                    .isIn(scenario.result, scenario.hasBefore ? Result.BACKED_OUT : Result.FAILED);
            world.assertSound();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anotherThatIsAppliedOverItAtAnyStepIsLeftAlone(DeploymentScenario scenario) {
        int steps = steps(scenario);
        for (int step = 1; step <= steps; step++) {
            DeploymentWorld world = new DeploymentWorld(scenario);
            Rollout rival = rollout(8, "rival");
            world.before(step, () -> world.engine.apply(rival, Optional.empty(), world.fence()));

            DeploymentEnd end = world.course().run();

            if (end.result() != Result.SUPERSEDED) {
                // It had been looked at for the last time.
                assertThat(step).isGreaterThan(steps - 2);
                assertThat(end.result()).isEqualTo(scenario.result);
            }
            assertThat(world.engine.current()).as("step %d", step).isEqualTo(rival);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEngineThatIsAwayForAWhileAtAnyStepChangesNothing(DeploymentScenario scenario) {
        int steps = steps(scenario);
        for (int step = 1; step <= steps; step++) {
            DeploymentWorld world = new DeploymentWorld(scenario);
            world.away(step, 3);

            DeploymentEnd end = world.course().run();

            assertThat(end.result()).as("away at step %d", step).isEqualTo(scenario.result);
            world.assertSound();
        }
    }

    @Test
    void whatTheEngineTookBackByItselfIsToldByWhatFailed() {
        DeploymentWorld world = new DeploymentWorld(DeploymentScenario.CRASHES);
        world.engine.takesBackByItself();

        DeploymentEnd end = world.course().run();

        assertThat(end.result()).isEqualTo(Result.BACKED_OUT);
        assertThat(end.reason()).contains("pod-1: CrashLoopBackOff, exit 4");
        world.assertSound();
    }

    @Test
    void anEngineThatStaysAwayIsNobodysSuccess() {
        DeploymentWorld world = new DeploymentWorld(DeploymentScenario.COMES_UP);
        world.away(4, Integer.MAX_VALUE);

        DeploymentEnd end = world.course().run();

        assertThat(end.result()).isEqualTo(Result.FAILED);
        assertThat(end.reason().orElseThrow()).contains("engine is away", "not backed out");
        assertThat(end.running()).isEmpty();
    }

    @Test
    void aBackOutThatDoesNotComeUpHasFailed() {
        DeploymentWorld world = new DeploymentWorld(DeploymentScenario.CRASHES);
        world.engine.fate(OLD.image(), FakeEngine.Fate.HANGS);

        DeploymentEnd end = world.course().run();

        assertThat(end.result()).isEqualTo(Result.FAILED);
        assertThat(end.reason().orElseThrow()).startsWith("pod-1: CrashLoopBackOff, exit 4; not backed out: not ready");
    }

    @Test
    void anAbortBacksOutWhateverItIsAt() {
        DeploymentWorld world = new DeploymentWorld(DeploymentScenario.COMES_UP);
        world.kill(8, true);
        assertThatThrownBy(() -> world.course().run()).isInstanceOf(DeploymentWorld.Killed.class);

        DeploymentEnd end = world.course().backOut("aborted by me");

        assertThat(end.result()).isEqualTo(Result.BACKED_OUT);
        assertThat(end.running()).contains(new ReleaseId(PROD, 2));
        world.assertSound();
    }

    @Test
    void anAddressThatAnswersWithAnotherReleaseIsNoSuccess() {
        DeploymentWorld world = new DeploymentWorld(DeploymentScenario.COMES_UP);
        world.answer = () -> Optional.of("https://count.example/release: version: expected 3, got \"2\"");

        DeploymentEnd end = world.course().run();

        assertThat(end.result()).isEqualTo(Result.BACKED_OUT);
        assertThat(end.reason().orElseThrow()).contains("expected 3");
        world.assertSound();
    }

    @Test
    void oneWrongAnswerBeginsTheCountAgain() {
        DeploymentWorld world = new DeploymentWorld(DeploymentScenario.COMES_UP);
        int[] asked = {0};
        world.answer = () -> ++asked[0] == 6 ? Optional.of("expected 200, got 502") : Optional.empty();

        DeploymentEnd end = world.course().run();

        assertThat(end.result()).isEqualTo(Result.HEALTHY);
        assertThat(end.figures().answers()).isEqualTo(10);
        assertThat(asked[0]).isEqualTo(16);
    }

    @Test
    void aWorkloadThatAnotherChangedWithoutARecordIsBackedOut() {
        DeploymentWorld world = new DeploymentWorld(DeploymentScenario.COMES_UP);
        world.before(5, () -> world.engine.apply(rollout(1, "by hand"), Optional.empty(), world.fence()));

        DeploymentEnd end = world.course().run();

        assertThat(end.result()).isEqualTo(Result.BACKED_OUT);
        assertThat(end.reason().orElseThrow()).contains("changed by another");
        world.assertSound();
    }

    @Test
    void aRefusalOfTheEngineIsBackedOut() {
        DeploymentWorld world = new DeploymentWorld(DeploymentScenario.COMES_UP);
        world.refuse = "Deployment counter-web: field owned by another";

        DeploymentEnd end = world.course().run();

        assertThat(end.result()).isEqualTo(Result.BACKED_OUT);
        assertThat(end.reason()).contains("Deployment counter-web: field owned by another");
        world.assertSound();
    }

    @Test
    void whatItDoesIsToldOnceForEachChange() {
        DeploymentWorld world = new DeploymentWorld(DeploymentScenario.CRASHES);

        world.course().run();

        assertThat(world.told)
                .extracting(DeployProgress::leg)
                .containsExactly(
                        DeployProgress.Leg.APPLY,
                        DeployProgress.Leg.ROLL,
                        DeployProgress.Leg.DOOMED,
                        DeployProgress.Leg.BACK);
        assertThat(world.told.get(2).lines()).containsExactly("http.port: expected 1..65535, got 70000");
        assertThat(world.told.get(3).text()).isEqualTo("prod v2: 3 of 3 ready, 0 restarted");
    }

    @Test
    void theFiguresAreMeasured() {
        DeploymentWorld world = new DeploymentWorld(DeploymentScenario.COMES_UP);

        DeploymentEnd.Figures figures = world.course().run().figures();

        assertThat(figures.readySeconds()).isEqualTo(6);
        assertThat(figures.seconds()).isEqualTo(16);
        assertThat(figures.answers()).isEqualTo(10);
        assertThat(figures.restarts()).isZero();
    }

    private static int steps(DeploymentScenario scenario) {
        DeploymentWorld world = new DeploymentWorld(scenario);
        world.course().run();
        return world.steps;
    }
}
