package io.visitorcounter.release.action;

import io.visitorcounter.release.ledger.Deployment;
import io.visitorcounter.release.ledger.DeploymentEnd;
import io.visitorcounter.release.ledger.EntryHeader;
import java.util.function.Function;

/** Records the end of a deployment. */
@FunctionalInterface
interface DeploymentLog {

    /** Ends a deployment, unless it has ended.
     *
     *  @param end makes the entry, once its place in the history is known
     *  @return the recorded end: this one, or another's that came first */
    DeploymentEnd end(Deployment deployment, Function<EntryHeader, DeploymentEnd> end);
}
