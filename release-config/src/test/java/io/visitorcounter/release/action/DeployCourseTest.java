package io.visitorcounter.release.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.ReleaseId;
import io.visitorcounter.release.Sleeper;
import io.visitorcounter.release.engine.DeployTarget;
import io.visitorcounter.release.engine.Engine;
import io.visitorcounter.release.engine.Fence;
import io.visitorcounter.release.engine.Forecast;
import io.visitorcounter.release.engine.Look;
import io.visitorcounter.release.engine.Rollout;
import io.visitorcounter.release.ledger.Deployment;
import io.visitorcounter.release.ledger.DeploymentEnd;
import io.visitorcounter.release.ledger.DeploymentEnd.Result;
import io.visitorcounter.release.ledger.Entry;
import io.visitorcounter.release.ledger.EntryRef;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The way of a deployment, over an engine, a clock and a log of the test's own: each of its ends, and each of its steps
 *  as the last one before a kill. */
class DeployCourseTest {

    private static final Environment PROD = new Environment("prod");
    private static final Instant BEGUN = Instant.parse("2026-11-28T10:00:00Z");
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final Rollout OLD = rollout(6, "old");
    private static final Rollout NEW = rollout(7, "new");

    /** What a deployment meets, and how it ends. */
    enum Scenario {
        COMES_UP(FakeEngine.Fate.COMES_UP, true, true, Result.HEALTHY),
        COMES_UP_WITHOUT_ADDRESS(FakeEngine.Fate.COMES_UP, true, false, Result.HEALTHY),
        COMES_UP_AS_THE_FIRST(FakeEngine.Fate.COMES_UP, false, true, Result.HEALTHY),
        FLAPS(FakeEngine.Fate.FLAPS_ONCE, true, true, Result.HEALTHY),
        CRASHES(FakeEngine.Fate.CRASHES, true, true, Result.BACKED_OUT),
        CRASHES_AS_THE_FIRST(FakeEngine.Fate.CRASHES, false, true, Result.FAILED),
        HANGS(FakeEngine.Fate.HANGS, true, true, Result.BACKED_OUT),
        HANGS_AS_THE_FIRST(FakeEngine.Fate.HANGS, false, true, Result.FAILED),
        PULLS_IN_VAIN(FakeEngine.Fate.PULLS_IN_VAIN, true, true, Result.BACKED_OUT),
        RESTARTS(FakeEngine.Fate.RESTARTS_LATER, true, true, Result.BACKED_OUT);

        private final FakeEngine.Fate fate;
        private final boolean hasBefore;
        private final boolean hasAddress;
        private final Result result;

        Scenario(FakeEngine.Fate fate, boolean hasBefore, boolean hasAddress, Result result) {
            this.fate = fate;
            this.hasBefore = hasBefore;
            this.hasAddress = hasAddress;
            this.result = result;
        }
    }

    @ParameterizedTest
    @EnumSource
    void itEnds(Scenario scenario) {
        World world = new World(scenario);

        DeploymentEnd end = world.course().run();

        assertThat(end.result()).isEqualTo(scenario.result);
        world.assertSound();
    }

    @ParameterizedTest
    @EnumSource
    void killedAtAnyStepTheNextComesToTheSameEnd(Scenario scenario) {
        int steps = steps(scenario);
        assertThat(steps).isGreaterThan(5);
        for (int step = 1; step <= steps; step++) {
            for (boolean done : new boolean[] {false, true}) {
                World world = new World(scenario);
                world.kill(step, done);
                assertThatThrownBy(() -> world.course().run()).isInstanceOf(Killed.class);
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
    void killedTwiceItStillComesToTheSameEnd(Scenario scenario) {
        int steps = Math.min(steps(scenario), 30);
        for (int first = 1; first <= steps; first++) {
            for (int second = 1; second <= steps; second++) {
                World world = new World(scenario);
                for (int step : new int[] {first, second}) {
                    world.kill(step, (first + second) % 2 == 0);
                    try {
                        world.course().run();
                    } catch (Killed killed) {
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
    void goneOnWithAfterItsTimeItEndsAllTheSame(Scenario scenario) {
        int steps = steps(scenario);
        for (int step = 1; step <= steps; step++) {
            World world = new World(scenario);
            world.kill(step, true);
            assertThatThrownBy(() -> world.course().run()).isInstanceOf(Killed.class);
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
    void anotherThatIsAppliedOverItAtAnyStepIsLeftAlone(Scenario scenario) {
        int steps = steps(scenario);
        for (int step = 1; step <= steps; step++) {
            World world = new World(scenario);
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
    void anEngineThatIsAwayForAWhileAtAnyStepChangesNothing(Scenario scenario) {
        int steps = steps(scenario);
        for (int step = 1; step <= steps; step++) {
            World world = new World(scenario);
            world.away(step, 3);

            DeploymentEnd end = world.course().run();

            assertThat(end.result()).as("away at step %d", step).isEqualTo(scenario.result);
            world.assertSound();
        }
    }

    @Test
    void whatTheEngineTookBackByItselfIsToldByWhatFailed() {
        World world = new World(Scenario.CRASHES);
        world.engine.takesBackByItself();

        DeploymentEnd end = world.course().run();

        assertThat(end.result()).isEqualTo(Result.BACKED_OUT);
        assertThat(end.reason()).contains("pod-1: CrashLoopBackOff, exit 4");
        world.assertSound();
    }

    @Test
    void anEngineThatStaysAwayIsNobodysSuccess() {
        World world = new World(Scenario.COMES_UP);
        world.away(4, Integer.MAX_VALUE);

        DeploymentEnd end = world.course().run();

        assertThat(end.result()).isEqualTo(Result.FAILED);
        assertThat(end.reason().orElseThrow()).contains("engine is away", "not backed out");
        assertThat(end.running()).isEmpty();
    }

    @Test
    void aBackOutThatDoesNotComeUpHasFailed() {
        World world = new World(Scenario.CRASHES);
        world.engine.fate(OLD.image(), FakeEngine.Fate.HANGS);

        DeploymentEnd end = world.course().run();

        assertThat(end.result()).isEqualTo(Result.FAILED);
        assertThat(end.reason().orElseThrow()).startsWith("pod-1: CrashLoopBackOff, exit 4; not backed out: not ready");
    }

    @Test
    void anAbortBacksOutWhateverItIsAt() {
        World world = new World(Scenario.COMES_UP);
        world.kill(8, true);
        assertThatThrownBy(() -> world.course().run()).isInstanceOf(Killed.class);

        DeploymentEnd end = world.course().backOut("aborted by me");

        assertThat(end.result()).isEqualTo(Result.BACKED_OUT);
        assertThat(end.running()).contains(new ReleaseId(PROD, 2));
        world.assertSound();
    }

    @Test
    void anAddressThatAnswersWithAnotherReleaseIsNoSuccess() {
        World world = new World(Scenario.COMES_UP);
        world.answer = () -> Optional.of("https://count.example/release: version: expected 3, got \"2\"");

        DeploymentEnd end = world.course().run();

        assertThat(end.result()).isEqualTo(Result.BACKED_OUT);
        assertThat(end.reason().orElseThrow()).contains("expected 3");
        world.assertSound();
    }

    @Test
    void oneWrongAnswerBeginsTheCountAgain() {
        World world = new World(Scenario.COMES_UP);
        int[] asked = {0};
        world.answer = () -> ++asked[0] == 6 ? Optional.of("expected 200, got 502") : Optional.empty();

        DeploymentEnd end = world.course().run();

        assertThat(end.result()).isEqualTo(Result.HEALTHY);
        assertThat(end.figures().answers()).isEqualTo(10);
        assertThat(asked[0]).isEqualTo(16);
    }

    @Test
    void aWorkloadThatAnotherChangedWithoutARecordIsBackedOut() {
        World world = new World(Scenario.COMES_UP);
        world.before(5, () -> world.engine.apply(rollout(1, "by hand"), Optional.empty(), world.fence()));

        DeploymentEnd end = world.course().run();

        assertThat(end.result()).isEqualTo(Result.BACKED_OUT);
        assertThat(end.reason().orElseThrow()).contains("changed by another");
        world.assertSound();
    }

    @Test
    void aRefusalOfTheEngineIsBackedOut() {
        World world = new World(Scenario.COMES_UP);
        world.refuse = "Deployment counter-web: field owned by another";

        DeploymentEnd end = world.course().run();

        assertThat(end.result()).isEqualTo(Result.BACKED_OUT);
        assertThat(end.reason()).contains("Deployment counter-web: field owned by another");
        world.assertSound();
    }

    @Test
    void whatItDoesIsToldOnceForEachChange() {
        World world = new World(Scenario.CRASHES);

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
        World world = new World(Scenario.COMES_UP);

        DeploymentEnd.Figures figures = world.course().run().figures();

        assertThat(figures.readySeconds()).isEqualTo(6);
        assertThat(figures.seconds()).isEqualTo(16);
        assertThat(figures.answers()).isEqualTo(10);
        assertThat(figures.restarts()).isZero();
    }

    private static int steps(Scenario scenario) {
        World world = new World(scenario);
        world.course().run();
        return world.steps;
    }

    private static Rollout rollout(int number, String name) {
        return new Rollout(
                number,
                "counter-web",
                Digest.of(name.getBytes(StandardCharsets.UTF_8)),
                "image: " + name,
                Optional.of(3),
                TIMEOUT);
    }

    /** A kill -9, which nothing of the tool may catch. */
    private static final class Killed extends Error {

        private static final long serialVersionUID = 1;
    }

    /** Everything around a deployment. Each call from it is a step. */
    private static final class World implements Engine, DeploymentLog, Sleeper {

        private final Scenario scenario;
        private final FakeEngine engine;
        private final List<DeployProgress> told = new ArrayList<>();
        private final List<DeploymentEnd> ends = new ArrayList<>();

        private Instant now = BEGUN;
        private Supplier<Optional<String>> answer = Optional::empty;
        private @Nullable String refuse;
        private int steps;
        private int kills;
        private int killAt;
        private boolean killDone;
        private int doAt;
        private Runnable toDo = () -> {};
        private int awayFrom = Integer.MAX_VALUE;
        private int awayFor;

        World(Scenario scenario) {
            this.scenario = scenario;
            engine = new FakeEngine(clock());
            if (scenario.hasBefore) {
                engine.apply(OLD, Optional.empty(), Fence.none());
                now = now.plusSeconds(100);
                engine.look(OLD);
                now = BEGUN;
            }
            engine.fate(NEW.image(), scenario.fate);
        }

        DeployCourse course() {
            steps = 0;
            return new DeployCourse(
                    deployment(),
                    NEW,
                    scenario.hasBefore
                            ? Optional.of(new DeployCourse.LastHealthy(new ReleaseId(PROD, 2), OLD))
                            : Optional.empty(),
                    this,
                    new DeployCourse.Surroundings(
                            this,
                            scenario.hasAddress ? Optional.of(() -> step(() -> answer.get())) : Optional.empty(),
                            clock(),
                            this,
                            told::add));
        }

        private Clock clock() {
            return ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
        }

        private Deployment deployment() {
            return new Deployment(
                    13,
                    Optional.empty(),
                    PROD,
                    7,
                    new Deployment.Destination("default", "kubernetes", "prod"),
                    new Deployment.Subject(
                            new ReleaseId(PROD, 3),
                            new EntryRef(9, "prod/000003/entry.json", NEW.image()),
                            NEW.image(),
                            Digest.of(NEW.manifest().getBytes(StandardCharsets.UTF_8)),
                            "counter-web",
                            Optional.of(3),
                            TIMEOUT,
                            Duration.ofSeconds(10),
                            new TreeMap<>()),
                    scenario.hasBefore ? Optional.of(6) : Optional.empty(),
                    BEGUN.plusSeconds(400),
                    new Entry.Audit("me", BEGUN, Optional.empty()));
        }

        void kill(int step, boolean done) {
            killAt = step;
            killDone = done;
        }

        void noKill() {
            killAt = 0;
        }

        void before(int step, Runnable what) {
            doAt = step;
            toDo = what;
        }

        void away(int step, int calls) {
            awayFrom = step;
            awayFor = calls;
        }

        Fence fence() {
            return engine.look(NEW).fence();
        }

        DeploymentEnd ended() {
            assertThat(ends).hasSize(1);
            return ends.get(0);
        }

        /** What must hold at the end, whatever happened. */
        void assertSound() {
            DeploymentEnd end = ended();
            switch (end.result()) {
                case HEALTHY -> {
                    assertThat(engine.look(NEW).isComplete()).isTrue();
                    assertThat(engine.look(NEW).fence().deployment()).contains(7);
                    assertThat(end.running()).contains(new ReleaseId(PROD, 3));
                }
                case BACKED_OUT -> {
                    if (scenario.result == Result.BACKED_OUT) {
                        // Their places were never taken, so none of them was started again.
                        assertThat(engine.starts(OLD.image())).isEqualTo(1);
                    }
                    assertThat(engine.look(OLD).isComplete()).isTrue();
                    assertThat(engine.look(OLD).fence().deployment()).contains(7);
                    assertThat(end.running()).contains(new ReleaseId(PROD, 2));
                }
                case FAILED -> {
                    assertThat(engine.current()).isNull();
                    assertThat(end.running()).isEmpty();
                }
                default -> throw new AssertionError(end.result());
            }
        }

        private <T> T step(Supplier<T> effect) {
            steps++;
            if (steps == doAt) {
                toDo.run();
            }
            if (steps == killAt && !killDone) {
                killAt = 0;
                throw new Killed();
            }
            T result = effect.get();
            if (steps == killAt) {
                killAt = 0;
                throw new Killed();
            }
            return result;
        }

        private <T> T engineStep(Supplier<T> effect) {
            return step(() -> {
                if (steps >= awayFrom && awayFor > 0) {
                    awayFor--;
                    throw new ReleaseException.Unreachable("engine is away", null);
                }
                return effect.get();
            });
        }

        @Override
        public void sleep(Duration time) {
            step(() -> now = now.plus(time));
        }

        @Override
        public DeploymentEnd end(Deployment deployment, Verdict verdict) {
            return step(() -> {
                if (ends.isEmpty()) {
                    ends.add(new DeploymentEnd(
                            14,
                            Optional.empty(),
                            PROD,
                            deployment.number(),
                            verdict.result(),
                            verdict.reason(),
                            verdict.running(),
                            verdict.figures(),
                            new Entry.Audit("me", now, Optional.empty())));
                }
                return ends.get(0);
            });
        }

        @Override
        public String version() {
            return engine.version();
        }

        @Override
        public Optional<SortedMap<String, String>> ask(Rollout rollout, String path) {
            return step(() -> engine.ask(rollout, path));
        }

        @Override
        public DeployTarget target() {
            return engine.target();
        }

        @Override
        public Forecast forecast(Rollout rollout) {
            return engine.forecast(rollout);
        }

        @Override
        public Look look(Rollout rollout) {
            return engineStep(() -> engine.look(rollout));
        }

        @Override
        public void apply(Rollout rollout, Optional<Rollout> before, Fence seen) {
            engineStep(() -> {
                String why = refuse;
                if (why != null && rollout.image().equals(NEW.image())) {
                    throw new ReleaseException.Refused(why);
                }
                engine.apply(rollout, before, seen);
                return true;
            });
        }

        @Override
        public void remove(Rollout rollout, Fence seen) {
            engineStep(() -> {
                engine.remove(rollout, seen);
                return true;
            });
        }

        @Override
        public List<String> logs(Rollout rollout, String task, int lines) {
            return engineStep(() -> engine.logs(rollout, task, lines));
        }

        @Override
        public List<String> drift(Rollout rollout) {
            return engine.drift(rollout);
        }

        @Override
        public SortedMap<String, String> secrets(Rollout rollout) {
            return engine.secrets(rollout);
        }
    }
}
