package io.visitorcounter.release.ledger;

import io.visitorcounter.release.ReleaseId;
import java.util.Locale;
import java.util.Optional;

/** The end of a deployment.
 *
 *  @param result how
 *  @param reason why, on one line; empty: there is nothing to say
 *  @param running the release that serves now; empty: none, or unknown
 *  @param figures what was measured */
public record DeploymentEnd(
        EntryHeader header, Result result, Optional<String> reason, Optional<ReleaseId> running, Figures figures)
        implements Entry {

    /** How a deployment ends. */
    public enum Result {
        /** It is up, and stayed so. */
        HEALTHY,
        /** It did not come up, and the last healthy one serves. */
        BACKED_OUT,
        /** It did not come up, and there is none that is known to serve. */
        FAILED,
        /** Whoever began it is gone, and another took over. */
        ABANDONED,
        /** A newer deployment was applied over it. */
        SUPERSEDED;

        /** {@return the name in entries and output, such as {@code backed-out}} */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** What was measured of a deployment.
     *
     *  @param readySeconds until every process was ready; 0: they never were
     *  @param seconds the whole duration
     *  @param restarts how often its processes restarted
     *  @param answers how many correct answers in a row came from the address that users use */
    public record Figures(long readySeconds, long seconds, int restarts, int answers) {

        /** {@return the figures if nothing was measured} */
        public static Figures none() {
            return new Figures(0, 0, 0, 0);
        }
    }

    @Override
    public String path() {
        return LedgerLayout.deploymentEnd(environment(), number());
    }
}
