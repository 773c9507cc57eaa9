package io.visitorcounter.release.action;

import io.visitorcounter.release.ReleaseId;
import io.visitorcounter.release.ledger.Deployment;
import io.visitorcounter.release.ledger.DeploymentEnd;
import java.util.Optional;

/** Records the end of a deployment. */
@FunctionalInterface
interface DeploymentLog {

    /** How a deployment ended, as it is recorded.
     *
     *  @param result how
     *  @param reason why, on one line; empty: there is nothing to say
     *  @param running the release that serves now; empty: none, or unknown
     *  @param figures what was measured */
    record Verdict(
            DeploymentEnd.Result result,
            Optional<String> reason,
            Optional<ReleaseId> running,
            DeploymentEnd.Figures figures) {}

    /** Ends a deployment, unless it has ended.
     *
     *  @param verdict how
     *  @return the recorded end: this one, or another's that came first */
    DeploymentEnd end(Deployment deployment, Verdict verdict);
}
