package io.visitorcounter.release.action;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ledger.Deployment;
import io.visitorcounter.release.ledger.DeploymentRecord;
import io.visitorcounter.release.ledger.Entry;
import io.visitorcounter.release.ledger.Snapshot;
import java.util.List;
import java.util.Optional;

/** Which deployments are trusted. Backing out gives the engine the recorded bytes of the last healthy deployment, so if
 *  the environment's file requires signatures, its start and its end must be signed. Deployments older than the first
 *  signed one need no signature.
 *
 *  @param history of deployments
 *  @param environment the one deployed to
 *  @param principals one of them must sign; empty: no signature is needed, and all are trusted
 *  @param signing whom to trust */
record BelievedDeployments(Snapshot history, Environment environment, List<String> principals, Signing signing) {

    /** {@return the same, with what an environment's file requires} */
    static BelievedDeployments of(Workspace workspace, Snapshot history, Environment environment) {
        return new BelievedDeployments(
                history,
                environment,
                EnvironmentPolicy.readable(workspace, environment).requireSignatureBy(),
                workspace.signing());
    }

    /** {@return the newest deployment at a target that ended healthy and is trusted} */
    Optional<DeploymentRecord.Course> lastHealthy(String target) {
        return new DeploymentRecord(history)
                .last(environment, target, course -> course.isHealthy() && isBelieved(course));
    }

    /** {@return whether a deployment and its end, if it has one, are signed as they must be} */
    boolean isBelieved(DeploymentRecord.Course course) {
        return principals.isEmpty() || isSigned(course) || isBeforeTheFirst(course.begun());
    }

    private boolean isSigned(DeploymentRecord.Course course) {
        return isSigned(course.begun()) && course.ended().map(this::isSigned).orElse(true);
    }

    private boolean isSigned(Entry entry) {
        return new SignatureCheck(history, signing.signers()).isSignedBy(entry, principals);
    }

    private boolean isBeforeTheFirst(Deployment begun) {
        DeploymentRecord record = new DeploymentRecord(history);
        for (int number = begun.number() - 1; number > 0; number--) {
            if (record.find(environment, number)
                    .filter(earlier -> isSigned(earlier.begun()))
                    .isPresent()) {
                return false;
            }
        }
        // Nor may it be the first signed one itself.
        return !isSigned(begun);
    }
}
