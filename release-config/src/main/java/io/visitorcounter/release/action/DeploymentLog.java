package io.visitorcounter.release.action;

import io.visitorcounter.release.ReleaseId;
import io.visitorcounter.release.ledger.Deployment;
import io.visitorcounter.release.ledger.DeploymentEnd;
import java.util.Optional;

/** Where a deployment's end is written down. */
@FunctionalInterface
interface DeploymentLog {

    /** How a deployment ended, as it is written down.
     *
     *  @param result how
     *  @param reason why, on one line; empty: nothing is to be said
     *  @param running the release that serves now; empty: none, or nobody knows
     *  @param figures what was measured */
    record Verdict(
            DeploymentEnd.Result result,
            Optional<String> reason,
            Optional<ReleaseId> running,
            DeploymentEnd.Figures figures) {}

    /** Ends a deployment, unless it has ended.
     *
     *  @param verdict how
     *  @return what is written down now: this, or how another ended it first */
    DeploymentEnd end(Deployment deployment, Verdict verdict);
}
