package io.visitorcounter.release.action;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ledger.Deployment;
import io.visitorcounter.release.ledger.DeploymentRecord;
import io.visitorcounter.release.ledger.Entry;
import io.visitorcounter.release.ledger.Snapshot;
import java.util.List;
import java.util.Optional;

/** Which deployments are believed: what was recorded of the last healthy one is given to the engine again when the next is backed
 *  out, so where the environment's file asks for signatures, start and end must have one. What is older than the first signed
 *  deployment needs none.
 *
 *  @param history of deployments
 *  @param environment whose
 *  @param principals of whom one must sign; empty: nobody need, and all are believed
 *  @param signing whom to trust */
record BelievedDeployments(Snapshot history, Environment environment, List<String> principals, Signing signing) {

    /** {@return the same, as an environment's file asks} */
    static BelievedDeployments of(Workspace workspace, Snapshot history, Environment environment) {
        return new BelievedDeployments(
                history,
                environment,
                EnvironmentPolicy.readable(workspace, environment).requireSignatureBy(),
                workspace.signing());
    }

    /** {@return the newest deployment at a target that ended healthy and is believed} */
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
        // Nor may it be the first of those that came after.
        return !isSigned(begun);
    }
}
