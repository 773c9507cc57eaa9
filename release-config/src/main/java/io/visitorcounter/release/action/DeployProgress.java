package io.visitorcounter.release.action;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a deployment is doing, told as it happens: once for each change, never more often than it looks.
 *
 *  @param leg which part of the way
 *  @param text a few words for people
 *  @param since the deployment began
 *  @param lines more of it, such as the last lines that a process wrote
 *  @param count how many processes are ready; empty: this is not about processes */
public record DeployProgress(Leg leg, String text, Duration since, List<String> lines, Optional<Count> count) {

    /** Processes of the rollout.
     *
     *  @param ready how many are
     *  @param wanted how many there are to be */
    public record Count(int ready, int wanted) {}

    /** The parts of the way. */
    public enum Leg {
        /** What is deployed, and where to. */
        DEPLOY,
        /** The gates, and the engine's dry run. */
        CHECK,
        /** Another deployment is waited for. */
        WAIT,
        /** The engine was told. */
        APPLY,
        /** Processes are replaced. */
        ROLL,
        /** All are ready, and stay so for a while. */
        SOAK,
        /** The address that users use is asked. */
        ANSWER,
        /** It will not come up. */
        DOOMED,
        /** The last healthy one takes its place again. */
        BACK
    }

    /** Tells what is not about processes.
     *
     *  @param leg which part of the way
     *  @param text a few words for people
     *  @param since the deployment began
     *  @param lines more of it */
    public DeployProgress(Leg leg, String text, Duration since, List<String> lines) {
        this(leg, text, since, lines, Optional.empty());
    }

    /** Copies the lines. */
    public DeployProgress {
        lines = List.copyOf(lines);
    }
}
