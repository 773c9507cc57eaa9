package io.visitorcounter.release.action;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A change in the progress of a deployment, reported as it happens.
 *
 *  @param leg the phase
 *  @param text a few words for people
 *  @param since the deployment began
 *  @param lines details, such as the last lines that a process wrote
 *  @param count how many processes are ready; empty: this is not about processes */
public record DeployProgress(Leg leg, String text, Duration since, List<String> lines, Optional<Count> count) {

    /** Processes of the rollout.
     *
     *  @param ready how many are ready
     *  @param wanted how many there should be */
    public record Count(int ready, int wanted) {}

    /** The phases. */
    public enum Leg {
        /** What is deployed, and where to. */
        DEPLOY,
        /** The gates, and the engine's dry run. */
        CHECK,
        /** Waits for another deployment. */
        WAIT,
        /** The engine was given the rollout. */
        APPLY,
        /** Processes are replaced. */
        ROLL,
        /** All are ready, and must stay ready for the soak time. */
        SOAK,
        /** Requests are sent to the address that users use. */
        ANSWER,
        /** It will not become healthy. */
        DOOMED,
        /** The last healthy one replaces it. */
        BACK
    }

    /** Makes one that is not about processes.
     *
     *  @param leg the phase
     *  @param text a few words for people
     *  @param since the deployment began
     *  @param lines details */
    public DeployProgress(Leg leg, String text, Duration since, List<String> lines) {
        this(leg, text, since, lines, Optional.empty());
    }

    /** Copies the lines. */
    public DeployProgress {
        lines = List.copyOf(lines);
    }
}
