package io.visitorcounter.release.action;

import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.ReleaseId;
import io.visitorcounter.release.Sleeper;
import io.visitorcounter.release.action.RolloutWatch.Lost;
import io.visitorcounter.release.action.RolloutWatch.Superseded;
import io.visitorcounter.release.engine.Doom;
import io.visitorcounter.release.engine.Engine;
import io.visitorcounter.release.engine.Look;
import io.visitorcounter.release.engine.Rollout;
import io.visitorcounter.release.ledger.Deployment;
import io.visitorcounter.release.ledger.DeploymentEnd;
import io.visitorcounter.release.ledger.DeploymentEnd.Result;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The course of one deployment from its entry to its end:
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
 *  <p>It stores no state of its own: everything is in the engine and in the entry. If it is killed anywhere, another
 *  course for the same entry begins with {@code applied}, which restarts no process, and comes to the same end. If the
 *  killed one was backing out, the next one tries once more to come up, and backs out again, since the cause is still
 *  there.
 *
 *  <p>The engine's workload carries the number of the last applied deployment, even while that one backs out. If that
 *  number is greater than ours, another deployment has taken over, and this one ends: superseded. */
final class DeployCourse {

    private final Deployment deployment;
    private final Rollout rollout;
    private final Optional<LastHealthy> before;
    private final Surroundings around;

    private final RolloutWatch watch;
    private long readySeconds;

    /** The deployment to return to.
     *
     *  @param release what it runs
     *  @param rollout what its engine was given, byte for byte */
    record LastHealthy(ReleaseId release, Rollout rollout) {}

    /** What a deployment works with.
     *
     *  @param log records its end
     *  @param answers the address that users use, or else the processes
     *  @param clock the time
     *  @param sleeper waits
     *  @param progress receives each change */
    record Surroundings(
            DeploymentLog log, Answers answers, Clock clock, Sleeper sleeper, Consumer<DeployProgress> progress) {}

    DeployCourse(
            Deployment deployment, Rollout rollout, Optional<LastHealthy> before, Engine engine, Surroundings around) {
        this.deployment = deployment;
        this.rollout = rollout;
        this.before = before;
        this.around = around;
        this.watch = new RolloutWatch(deployment, engine, around);
    }

    /** Brings it up, or backs it out; returns when its end is recorded.
     *
     *  @throws ReleaseException.Unreachable if the thread was interrupted, or the end can't be recorded; the deployment
     *      then has no end, and can be continued */
    DeploymentEnd run() {
        try {
            watch.apply(rollout, before.map(LastHealthy::rollout), deadline());
            watch.tell(DeployProgress.Leg.APPLY, "deployment " + deployment.number());
            bringUp();
            otherName()
                    .ifPresent(healthy -> watch.tell(
                            DeployProgress.Leg.ROLL,
                            healthy.rollout().workload() + " of "
                                    + healthy.release().label()
                                    + " runs on beside it, as the app has another name now; remove"
                                    + " it once nobody uses it"));
            return end(Result.HEALTHY, Optional.empty(), Optional.of(release()));
        } catch (Superseded e) {
            return end(Result.SUPERSEDED, Optional.ofNullable(e.getMessage()), Optional.empty());
        } catch (Lost e) {
            Doom doom = e.doom;
            watch.tell(DeployProgress.Leg.DOOMED, e.reason(), doom == null ? List.of() : watch.logs(rollout, doom));
            return backOut(e.reason());
        } catch (ReleaseException.Refused e) {
            // It may be applied in part; either way, the last healthy one replaces it.
            return backOut(String.valueOf(e.getMessage()));
        }
    }

    /** Backs it out, whatever state it is in; returns when its end is recorded.
     *
     *  @param reason why */
    DeploymentEnd backOut(String reason) {
        Instant deadline = around.clock()
                .instant()
                .plus(before.map(healthy -> healthy.rollout().timeout()).orElse(rollout.timeout()));
        try {
            if (before.isEmpty()) {
                watch.remove(rollout, deadline);
                watch.tell(DeployProgress.Leg.BACK, "nothing: it was the first, and none of it is left running");
                return end(Result.FAILED, Optional.of(reason), Optional.empty());
            }
            LastHealthy healthy = before.get();
            if (otherName().isPresent()) {
                // Nothing replaces this one.
                watch.remove(rollout, deadline);
            }
            Rollout back = healthy.rollout().numbered(deployment.number());
            watch.apply(back, Optional.of(rollout), deadline);
            Look look = watch.until(back, deadline);
            watch.tell(
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

    /** {@return the last healthy one, if it is another workload because the app had another name} */
    private Optional<LastHealthy> otherName() {
        return before.filter(healthy -> !healthy.rollout().workload().equals(rollout.workload()));
    }

    private Instant deadline() {
        return deployment.at().plus(deployment.subject().timeout());
    }

    private void bringUp() throws Superseded, Lost {
        Instant deadline = deadline();
        while (true) {
            Look ready = watch.until(rollout, deadline);
            if (readySeconds == 0) {
                readySeconds = watch.since().toSeconds();
            }
            if (watch.soaked(rollout, ready, startsNothing(), deadline)
                    && watch.answers(rollout, release(), deadline)) {
                // Another deployment may have been applied during the requests.
                if (watch.look(rollout, deadline).isComplete()) {
                    return;
                }
            }
        }
    }

    private boolean startsNothing() {
        return before.filter(healthy -> healthy.rollout().manifest().equals(rollout.manifest()))
                .isPresent();
    }

    private DeploymentEnd end(Result result, Optional<String> reason, Optional<ReleaseId> running) {
        return around.log()
                .end(
                        deployment,
                        header -> new DeploymentEnd(
                                header,
                                result,
                                reason,
                                running,
                                new DeploymentEnd.Figures(
                                        readySeconds, watch.since().toSeconds(), watch.restarts(), watch.answered())));
    }

    private ReleaseId release() {
        return deployment.subject().release();
    }
}
