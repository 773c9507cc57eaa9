package io.visitorcounter.release.action;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.engine.Forecast;
import io.visitorcounter.release.ledger.Deployment;
import io.visitorcounter.release.ledger.DeploymentEnd;

/** What came of a deployment. */
public sealed interface DeployResult {

    /** It has ended, one way or the other.
     *
     *  @param begun how it began
     *  @param ended how it ended */
    record Finished(Deployment begun, DeploymentEnd ended) implements DeployResult {}

    /** The release runs already, as it was deployed.
     *
     *  @param begun the deployment that brought it up */
    record AlreadyUp(Deployment begun) implements DeployResult {}

    /** It would begin; nothing was written or applied.
     *
     *  @param begun what would be recorded
     *  @param forecast what applying it would do */
    record Foreseen(Deployment begun, Forecast forecast) implements DeployResult {}

    /** The environment's file names no engine, so there is nothing to do.
     *
     *  @param environment whose */
    record NoEngine(Environment environment) implements DeployResult {}
}
