package io.visitorcounter.release.action;

import io.visitorcounter.release.ledger.Deployment;
import io.visitorcounter.release.ledger.DeploymentEnd;

/** Where a deployment's end is written down. */
@FunctionalInterface
interface DeploymentLog {

    /** Ends a deployment, unless it has ended.
     *
     *  @param verdict how
     *  @return what is written down now: this, or how another ended it first */
    DeploymentEnd end(Deployment deployment, Verdict verdict);
}
