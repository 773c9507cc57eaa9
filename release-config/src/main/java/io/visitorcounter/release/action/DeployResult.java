package io.visitorcounter.release.action;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.engine.Forecast;
import io.visitorcounter.release.ledger.Deployment;
import io.visitorcounter.release.ledger.DeploymentEnd;

/** The result of a deployment. */
public sealed interface DeployResult {

    /** It has ended, healthy or not.
     *
     *  @param begun how it began
     *  @param ended how it ended */
    record Finished(Deployment begun, DeploymentEnd ended) implements DeployResult {}

    /** The release already runs as deployed.
     *
     *  @param begun the deployment that brought it up */
    record AlreadyUp(Deployment begun) implements DeployResult {}

    /** A dry run: it would begin; nothing was written or applied.
     *
     *  @param begun what would be recorded
     *  @param forecast what applying it would do */
    record Foreseen(Deployment begun, Forecast forecast) implements DeployResult {}

    /** The environment's file names no engine, so there is nothing to do.
     *
     *  @param environment whose */
    record NoEngine(Environment environment) implements DeployResult {}
}
