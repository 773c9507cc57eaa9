package io.visitorcounter.release.action;

import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.ReleaseId;
import io.visitorcounter.release.Sleeper;
import io.visitorcounter.release.engine.Doom;
import io.visitorcounter.release.engine.Engine;
import io.visitorcounter.release.engine.Fence;
import io.visitorcounter.release.engine.Look;
import io.visitorcounter.release.engine.Rollout;
import io.visitorcounter.release.ledger.Deployment;
import io.visitorcounter.release.ledger.DeploymentEnd;
import io.visitorcounter.release.ledger.DeploymentEnd.Result;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The way of one deployment from its entry to its end:
 *
 *  <pre>
 *  begun → applied → progressing → ready → soak → answers → ended: healthy
 *                        │           │       │       │
 *                        └───────────┴───────┴───────┴─ doomed, deadline, aborted
 *                                                          │
 *          a healthy one before: its bytes are applied → it is ready → ended: backed-out
 *                                                          └ not in time → ended: failed
 *          none before: nothing of it is left running → ended: failed
 *  </pre>
 *
 *  <p>It keeps nothing of where it is: all of it is in the engine and in the entry. Killed anywhere, another one of these
 *  for the same entry begins with {@code applied}, which starts no process again, and comes to the same end. That one
 *  which was backing out tries once more to come up, and backs out again, as what doomed it is still so.
 *
 *  <p>The engine's workload carries the number of the last deployment that was applied, also while that one backs out. A
 *  greater one there than ours means that another has taken over, which ends this one: superseded. */
final class DeployCourse {

    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration HICCUP = Duration.ofSeconds(60);
    private static final int MIN_ANSWERS = 10;
    private static final int ANSWERS_OF_EACH = 3;
    private static final int LOG_LINES = 20;

    private final Deployment deployment;
    private final Rollout rollout;
    private final Optional<LastHealthy> before;
    private final Engine engine;
    private final Surroundings around;

    private int restarts;
    private int answered;
    private long readySeconds;
    private String told = "";

    /** The deployment that is gone back to.
     *
     *  @param release what it runs
     *  @param rollout what its engine was given, byte for byte */
    record LastHealthy(ReleaseId release, Rollout rollout) {}

    /** What is around a deployment.
     *
     *  @param log where its end is written down
     *  @param answers the address that users use; empty: nothing is asked
     *  @param clock the time
     *  @param sleeper waits
     *  @param progress is told each change */
    record Surroundings(
            DeploymentLog log,
            Optional<Answers> answers,
            Clock clock,
            Sleeper sleeper,
            Consumer<DeployProgress> progress) {}

    /** Why it will not become healthy. */
    private static final class Lost extends Exception {

        private static final long serialVersionUID = 1;

        private final @Nullable Doom doom;

        Lost(String reason, @Nullable Doom doom) {
            super(reason);
            this.doom = doom;
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    /** A newer deployment was applied over this one. */
    private static final class Superseded extends Exception {

        private static final long serialVersionUID = 1;

        Superseded(int number) {
            super("deployment " + number + " was applied over it");
        }
    }

    DeployCourse(
            Deployment deployment, Rollout rollout, Optional<LastHealthy> before, Engine engine, Surroundings around) {
        this.deployment = deployment;
        this.rollout = rollout;
        this.before = before;
        this.engine = engine;
        this.around = around;
    }

    /** Brings it up, or backs it out; returns when its end is written down.
     *
     *  @throws ReleaseException.Unreachable if the thread was interrupted, or the end can't be written down; then it has
     *      none, and can be gone on with */
    DeploymentEnd run() {
        try {
            apply(rollout, before.map(LastHealthy::rollout), deadline());
            tell(DeployProgress.Leg.APPLY, "deployment " + deployment.number());
            bringUp();
            return end(Result.HEALTHY, Optional.empty(), Optional.of(release()));
        } catch (Superseded e) {
            return end(Result.SUPERSEDED, Optional.ofNullable(e.getMessage()), Optional.empty());
        } catch (Lost e) {
            Doom doom = e.doom;
            tell(DeployProgress.Leg.DOOMED, e.reason(), doom == null ? List.of() : logs(doom));
            return backOut(e.reason());
        } catch (ReleaseException.Refused e) {
            // Taken in part, it may be: whatever was, the last healthy one takes its place again.
            return backOut(String.valueOf(e.getMessage()));
        }
    }

    /** Backs it out, wherever it is; returns when its end is written down.
     *
     *  @param reason why */
    DeploymentEnd backOut(String reason) {
        Instant deadline = around.clock()
                .instant()
                .plus(before.map(healthy -> healthy.rollout().timeout()).orElse(rollout.timeout()));
        try {
            if (before.isEmpty()) {
                remove(deadline);
                tell(DeployProgress.Leg.BACK, "nothing: it was the first, and none of it is left running");
                return end(Result.FAILED, Optional.of(reason), Optional.empty());
            }
            LastHealthy healthy = before.get();
            Rollout back = healthy.rollout().numbered(deployment.number());
            apply(back, Optional.of(rollout), deadline);
            Look look = until(back, deadline);
            tell(
                    DeployProgress.Leg.BACK,
                    healthy.release().label() + ": " + look.ready() + " of " + look.wanted() + " ready, "
                            + look.restarts() + " restarted");
            return end(Result.BACKED_OUT, Optional.of(reason), Optional.of(healthy.release()));
        } catch (Superseded e) {
            return end(Result.SUPERSEDED, Optional.of(reason + "; " + e.getMessage()), Optional.empty());
        } catch (Lost e) {
            return end(Result.FAILED, Optional.of(reason + "; not backed out: " + e.reason()), Optional.empty());
        } catch (ReleaseException.Refused e) {
            return end(Result.FAILED, Optional.of(reason + "; not backed out: " + e.getMessage()), Optional.empty());
        }
    }

    private List<String> logs(Doom doom) {
        try {
            return engine.logs(rollout, doom.task(), LOG_LINES);
        } catch (ReleaseException.Unreachable e) {
            // Told for people only; what follows does not wait for it.
            return List.of();
        }
    }

    private void apply(Rollout what, Optional<Rollout> instead, Instant deadline) throws Superseded, Lost {
        while (true) {
            try {
                Fence fence = engine.look(what).fence();
                notOvertaken(fence);
                engine.apply(what, instead, fence);
                return;
            } catch (ReleaseException.Contention | ReleaseException.Unreachable e) {
                pauseOrGiveUp(e, deadline);
            }
        }
    }

    private void remove(Instant deadline) throws Superseded, Lost {
        while (true) {
            try {
                Fence fence = engine.look(rollout).fence();
                notOvertaken(fence);
                // What this deployment did not apply, it does not take away.
                if (fence.deployment().equals(Optional.of(deployment.number()))) {
                    engine.remove(rollout, fence);
                }
                return;
            } catch (ReleaseException.Unreachable | ReleaseException.Contention e) {
                pauseOrGiveUp(e, deadline);
            }
        }
    }

    private void pauseOrGiveUp(ReleaseException e, Instant deadline) throws Lost {
        if (!around.clock().instant().isBefore(deadline)) {
            throw new Lost(String.valueOf(e.getMessage()), null);
        }
        pause();
    }

    private void notOvertaken(Fence fence) throws Superseded {
        Optional<Integer> there = fence.deployment();
        if (there.isPresent() && there.get() > deployment.number()) {
            throw new Superseded(there.get());
        }
    }

    private Instant deadline() {
        return deployment.audit().at().plus(deployment.subject().timeout());
    }

    private void bringUp() throws Superseded, Lost {
        Instant deadline = deadline();
        while (true) {
            Look ready = until(rollout, deadline);
            if (readySeconds == 0) {
                readySeconds = since().toSeconds();
            }
            if (soaked(ready, deadline) && answers(deadline)) {
                // Another may have applied its own while the address was asked.
                if (look(rollout, deadline).isComplete()) {
                    return;
                }
            }
        }
    }

    /** {@return what is seen once all is ready} */
    private Look until(Rollout what, Instant deadline) throws Superseded, Lost {
        @Nullable String hiccup = null;
        Instant hiccupSince = around.clock().instant();
        while (true) {
            Look look = look(what, deadline);
            if (look.isComplete()) {
                return look;
            }
            String now = look.doom().map(Doom::reason).orElse(null);
            if (now == null || !now.equals(hiccup)) {
                hiccup = now;
                hiccupSince = around.clock().instant();
            }
            if (look.doom().isPresent()) {
                Doom doom = look.doom().get();
                if (doom.certain() || !around.clock().instant().isBefore(hiccupSince.plus(HICCUP))) {
                    throw new Lost(doom.task() + ": " + doom.reason(), doom);
                }
            }
            tell(DeployProgress.Leg.ROLL, seen(look));
            if (!around.clock().instant().isBefore(deadline)) {
                throw new Lost("not ready in time: " + seen(look) + now(look), null);
            }
            pause();
        }
    }

    private static String now(Look look) {
        return look.doom()
                .map(doom -> "; " + doom.task() + ": " + doom.reason())
                .orElse("");
    }

    private static String seen(Look look) {
        return look.ready() + " of " + look.wanted() + " new ready, " + look.others() + " old left";
    }

    /** {@return what is seen now, of an engine that may not be to be reached for a while} */
    private Look look(Rollout what, Instant deadline) throws Superseded, Lost {
        while (true) {
            try {
                Look look = engine.look(what);
                notOvertaken(look.fence());
                if (!look.fence().deployment().equals(Optional.of(deployment.number()))) {
                    throw new Lost("the workload was changed by another, who is in no record", null);
                }
                restarts = Math.max(restarts, look.restarts());
                return look;
            } catch (ReleaseException.Unreachable e) {
                tell(DeployProgress.Leg.ROLL, String.valueOf(e.getMessage()));
                pauseOrGiveUp(e, deadline);
            }
        }
    }

    /** {@return whether all stayed ready for the soak time; false: one was not, and all of it begins again} */
    private boolean soaked(Look ready, Instant deadline) throws Superseded, Lost {
        // A process that started again is not ready, also when that was before anybody watched. Only where nothing new
        // starts, as the same is applied again, may it have been long ago.
        int known = startsNothing() ? ready.restarts() : 0;
        if (ready.restarts() > known) {
            throw new Lost("a process started again before all were ready", null);
        }
        Duration soak = deployment.subject().soak();
        Instant end = around.clock().instant().plus(soak);
        tell(DeployProgress.Leg.SOAK, soak.toSeconds() + " s, all ready");
        while (around.clock().instant().isBefore(end)) {
            pause();
            Look look = look(rollout, deadline);
            if (look.restarts() > known) {
                throw new Lost("a process started again after it was ready", null);
            }
            if (look.doom().filter(Doom::certain).isPresent()) {
                Doom doom = look.doom().get();
                throw new Lost(doom.task() + ": " + doom.reason(), doom);
            }
            if (!look.isComplete()) {
                return false;
            }
        }
        return true;
    }

    private boolean startsNothing() {
        return before.filter(healthy -> healthy.rollout().manifest().equals(rollout.manifest()))
                .isPresent();
    }

    /** {@return whether the address answers with this release, so often in a row; false: it did not, and there is time} */
    private boolean answers(Instant deadline) throws Lost {
        if (around.answers().isEmpty()) {
            return true;
        }
        int wanted = Math.max(MIN_ANSWERS, ANSWERS_OF_EACH * rollout.replicas().orElse(1));
        answered = 0;
        while (answered < wanted) {
            Optional<String> fault = around.answers().get().fault();
            if (fault.isPresent()) {
                tell(DeployProgress.Leg.ANSWER, fault.get());
                if (!around.clock().instant().isBefore(deadline)) {
                    throw new Lost(fault.get(), null);
                }
                pause();
                return false;
            }
            answered++;
        }
        tell(DeployProgress.Leg.ANSWER, release().label() + ", " + answered + " of " + wanted);
        return true;
    }

    private DeploymentEnd end(Result result, Optional<String> reason, Optional<ReleaseId> running) {
        return around.log()
                .end(
                        deployment,
                        new Verdict(
                                result,
                                reason,
                                running,
                                new DeploymentEnd.Figures(readySeconds, since().toSeconds(), restarts, answered)));
    }

    private ReleaseId release() {
        return deployment.subject().release();
    }

    private Duration since() {
        Duration since =
                Duration.between(deployment.audit().at(), around.clock().instant());
        return since.isNegative() ? Duration.ZERO : since;
    }

    private void tell(DeployProgress.Leg leg, String text) {
        tell(leg, text, List.of());
    }

    private void tell(DeployProgress.Leg leg, String text, List<String> lines) {
        if (!told.equals(leg + text)) {
            told = leg + text;
            around.progress().accept(new DeployProgress(leg, text, since(), lines));
        }
    }

    private void pause() {
        try {
            around.sleeper().sleep(POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ReleaseException.Unreachable(
                    deployment.label() + ": interrupted; it goes on by itself, and the next release deploy "
                            + deployment.environment() + " watches it again",
                    e);
        }
    }
}
