package io.visitorcounter.release.action;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.ledger.Deployment;
import io.visitorcounter.release.ledger.DeploymentEnd;
import io.visitorcounter.release.ledger.DeploymentRecord;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.ledger.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What {@code promote-healthy} requires: the build's newest deployment in its source environment ended healthy, and
 *  long enough ago.
 *
 *  @param to the environment whose file requires it
 *  @param from where the build must be healthy
 *  @param atLeast for how long; zero: any time
 *  @param workspace its files say who must sign the deployments there */
record HealthProof(Environment to, Environment from, Duration atLeast, Workspace workspace) {

    /** Throws unless it holds.
     *
     *  @param releases the history of releases
     *  @param app the build
     *  @throws ReleaseException.Refused with what is missing, and the next step */
    void require(Snapshot releases, Digest app) {
        Snapshot deployments = workspace.deployments().readOrEmpty();
        Optional<DeploymentRecord.Course> newest = new DeploymentRecord(deployments)
                .history(from, Integer.MAX_VALUE).stream()
                        .filter(course -> course.ended().isPresent())
                        .findFirst();
        if (newest.isEmpty()) {
            throw refused("which has no deployment that ended; run release deploy " + from);
        }
        Deployment begun = newest.get().begun();
        DeploymentEnd ended = newest.get().ended().orElseThrow();
        List<String> principals = EnvironmentPolicy.required(workspace, from).requireSignatureBy();
        if (!new BelievedDeployments(deployments, from, principals, workspace.signing()).isBelieved(newest.get())) {
            throw refused(begun.label() + ", which is not signed as " + from + " asks; run release deploy " + from);
        }
        String what = begun.label() + ", of " + begun.subject().release().label() + ", ";
        if (ended.result() != DeploymentEnd.Result.HEALTHY) {
            throw refused(what + "ended " + ended.result().word()
                    + ended.reason().map(reason -> ": " + reason).orElse(""));
        }
        Optional<Release> release = releases.find(begun.subject().release());
        if (!release.map(Release::app).equals(Optional.of(app))) {
            throw refused(what + "is of another build; run release deploy " + from);
        }
        Instant since = ended.at();
        if (!atLeast.isZero() && workspace.clock().instant().isBefore(since.plus(atLeast))) {
            throw refused(what + "is healthy only since " + since + ", and promote-healthy asks for "
                    + atLeast.toSeconds() + " s; try again after " + since.plus(atLeast));
        }
    }

    private ReleaseException refused(String got) {
        return new ReleaseException.Refused(to + ": expected a build that is healthy in " + from + ", got " + got);
    }
}
