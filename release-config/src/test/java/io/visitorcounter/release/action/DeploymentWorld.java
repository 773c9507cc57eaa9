package io.visitorcounter.release.action;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.visitorcounter.release.ledger.EntryHeader;
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
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Everything around a deployment. Each call from it is a step. */
final class DeploymentWorld implements Engine, DeploymentLog, Sleeper {

    static final Environment PROD = new Environment("prod");
    static final Instant BEGUN = Instant.parse("2026-11-28T10:00:00Z");
    static final Duration TIMEOUT = Duration.ofMinutes(2);
    static final Rollout OLD = rollout(6, "old");
    static final Rollout NEW = rollout(7, "new");

    /** A kill -9, which nothing of the tool may catch. */
    static final class Killed extends Error {

        private static final long serialVersionUID = 1;
    }

    private final DeploymentScenario scenario;
    final FakeEngine engine;
    final List<DeployProgress> told = new ArrayList<>();
    private final List<DeploymentEnd> ends = new ArrayList<>();

    Instant now = BEGUN;
    Supplier<Optional<String>> answer = Optional::empty;

    @Nullable String refuse;

    int steps;
    int kills;
    private int killAt;
    private boolean killDone;
    private int doAt;
    private Runnable toDo = () -> {};
    private int awayFrom = Integer.MAX_VALUE;
    private int awayFor;

    DeploymentWorld(DeploymentScenario scenario) {
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
                        scenario.hasAddress
                                ? () -> step(() -> answer.get())
                                : new EngineAnswers(this, NEW, ReleaseFixture.RELEASE),
                        clock(),
                        this,
                        told::add));
    }

    private Clock clock() {
        return ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
    }

    private Deployment deployment() {
        return new Deployment(
                new EntryHeader(13, Optional.empty(), PROD, 7, new Entry.Audit("me", BEGUN, Optional.empty())),
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
                BEGUN.plusSeconds(400));
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
    public DeploymentEnd end(Deployment deployment, Function<EntryHeader, DeploymentEnd> end) {
        return step(() -> {
            if (ends.isEmpty()) {
                ends.add(end.apply(new EntryHeader(
                        14,
                        Optional.empty(),
                        PROD,
                        deployment.number(),
                        new Entry.Audit("me", now, Optional.empty()))));
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

    static Rollout rollout(int number, String name) {
        return new Rollout(
                number,
                "counter-web",
                Digest.of(name.getBytes(StandardCharsets.UTF_8)),
                "image: " + name,
                Optional.of(3),
                TIMEOUT);
    }
}
