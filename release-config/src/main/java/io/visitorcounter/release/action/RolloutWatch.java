package io.visitorcounter.release.action;

import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.ReleaseId;
import io.visitorcounter.release.engine.Doom;
import io.visitorcounter.release.engine.Engine;
import io.visitorcounter.release.engine.Fence;
import io.visitorcounter.release.engine.Look;
import io.visitorcounter.release.engine.Rollout;
import io.visitorcounter.release.ledger.Deployment;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Acts on the engine for one deployment and watches the outcome. Retries while the engine can't be reached; throws
 *  what ends the deployment: {@link Lost} or {@link Superseded}. Reports each change once. */
final class RolloutWatch {

    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration HICCUP = Duration.ofSeconds(60);
    private static final int LOG_LINES = 20;

    private final Deployment deployment;
    private final Engine engine;
    private final DeployCourse.Surroundings around;

    private int restarts;
    private int answered;
    private String told = "";

    /** Why it will not become healthy. */
    static final class Lost extends Exception {

        final @Nullable Doom doom;

        Lost(String reason, @Nullable Doom doom) {
            super(reason);
            this.doom = doom;
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    /** A newer deployment was applied over this one. */
    static final class Superseded extends Exception {

        Superseded(int number) {
            super("deployment " + number + " was applied over it");
        }
    }

    RolloutWatch(Deployment deployment, Engine engine, DeployCourse.Surroundings around) {
        this.deployment = deployment;
        this.engine = engine;
        this.around = around;
    }

    /** {@return the number of restarts of the process that restarted most often} */
    int restarts() {
        return restarts;
    }

    /** {@return how many times in a row the address answered with the release} */
    int answered() {
        return answered;
    }

    /** {@return the last lines of a process that failed; none if they can't be read} */
    List<String> logs(Rollout rollout, Doom doom) {
        try {
            return engine.logs(rollout, doom.task(), LOG_LINES);
        } catch (ReleaseException.Unreachable e) {
            // Only informs people; the deployment does not depend on it.
            return List.of();
        }
    }

    /** Gives the engine a rollout. */
    void apply(Rollout what, Optional<Rollout> instead, Instant deadline) throws Superseded, Lost {
        act(what, deadline, fence -> engine.apply(what, instead, fence));
    }

    /** Removes what this deployment applied, and nothing else. */
    void remove(Rollout rollout, Instant deadline) throws Superseded, Lost {
        act(rollout, deadline, fence -> {
            // Another deployment's workload stays.
            if (fence.deployment().equals(Optional.of(deployment.number()))) {
                engine.remove(rollout, fence);
            }
        });
    }

    private void act(Rollout what, Instant deadline, Consumer<Fence> act) throws Superseded, Lost {
        while (true) {
            try {
                Fence fence = engine.look(what).fence();
                notOvertaken(fence);
                act.accept(fence);
                return;
            } catch (ReleaseException.Contention | ReleaseException.Unreachable e) {
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

    /** {@return the state once all is ready} */
    Look until(Rollout what, Instant deadline) throws Superseded, Lost {
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
                    throw lost(doom);
                }
            }
            tell(
                    DeployProgress.Leg.ROLL,
                    seen(look),
                    List.of(),
                    Optional.of(new DeployProgress.Count(look.ready(), look.wanted())));
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

    private static Lost lost(Doom doom) {
        return new Lost((doom.task().isEmpty() ? "" : doom.task() + ": ") + doom.reason(), doom);
    }

    /** {@return the current state; retries while the engine can't be reached} */
    Look look(Rollout what, Instant deadline) throws Superseded, Lost {
        while (true) {
            try {
                Look look = engine.look(what);
                notOvertaken(look.fence());
                if (!look.fence().deployment().equals(Optional.of(deployment.number()))) {
                    // When Swarm rolls back by itself, the number goes back too.
                    Doom doom = look.doom().orElse(null);
                    throw doom == null
                            ? new Lost("the workload was changed by another, who is in no record", null)
                            : lost(doom);
                }
                restarts = Math.max(restarts, look.restarts());
                return look;
            } catch (ReleaseException.Unreachable e) {
                tell(DeployProgress.Leg.ROLL, String.valueOf(e.getMessage()));
                pauseOrGiveUp(e, deadline);
            }
        }
    }

    /** {@return whether all stayed ready for the soak time; false: one did not, and the soak starts over}
     *
     *  @param startsNothing whether the same was applied before, so that no process starts */
    boolean soaked(Rollout rollout, Look ready, boolean startsNothing, Instant deadline) throws Superseded, Lost {
        // A restarted process counts as not ready, even if it restarted before the watch began. Only if the same is
        // applied again, and nothing starts, may the restart have been long ago.
        int known = startsNothing ? ready.restarts() : 0;
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
                throw lost(look.doom().get());
            }
            if (!look.isComplete()) {
                return false;
            }
        }
        return true;
    }

    /** {@return whether the address answered with this release often enough in a row; false: it did not, and there is
     *  time left} */
    boolean answers(Rollout rollout, ReleaseId release, Instant deadline) throws Lost {
        Answers answers = around.answers();
        answered = 0;
        int wanted = 0;
        do {
            Optional<String> fault;
            try {
                wanted = wanted > 0 ? wanted : answers.wanted(rollout.replicas().orElse(1));
                if (wanted == 0) {
                    tell(
                            DeployProgress.Leg.ANSWER,
                            "not asked: no url is named, and the engine asks no process for us");
                    return true;
                }
                fault = answers.fault();
            } catch (ReleaseException.Unreachable e) {
                fault = Optional.of(String.valueOf(e.getMessage()));
            }
            if (fault.isPresent()) {
                tell(DeployProgress.Leg.ANSWER, fault.get());
                if (!around.clock().instant().isBefore(deadline)) {
                    throw new Lost(fault.get(), null);
                }
                pause();
                return false;
            }
            answered++;
        } while (answered < wanted);
        tell(DeployProgress.Leg.ANSWER, release.label() + ", " + answered + " of " + wanted);
        return true;
    }

    /** {@return how long ago the deployment began} */
    Duration since() {
        Duration since = Duration.between(deployment.at(), around.clock().instant());
        return since.isNegative() ? Duration.ZERO : since;
    }

    /** Reports a change, unless it is the one reported last. */
    void tell(DeployProgress.Leg leg, String text) {
        tell(leg, text, List.of());
    }

    /** Reports it with lines of a log. */
    void tell(DeployProgress.Leg leg, String text, List<String> lines) {
        tell(leg, text, lines, Optional.empty());
    }

    private void tell(DeployProgress.Leg leg, String text, List<String> lines, Optional<DeployProgress.Count> count) {
        if (!told.equals(leg + text)) {
            told = leg + text;
            around.progress().accept(new DeployProgress(leg, text, since(), lines, count));
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
