package io.visitorcounter.release.action;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseId;
import io.visitorcounter.release.config.DeploySettings;
import io.visitorcounter.release.ledger.Deployment;
import io.visitorcounter.release.ledger.DeploymentRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Remarks from the record of the deployments, a few words each; no engine is asked. */
final class DeploymentRemarks {

    private DeploymentRemarks() {}

    /** {@return a remark on a deployment that is not healthy; empty if it is}
     *
     *  @param last the newest one at a target */
    static Optional<String> of(DeploymentRecord.Course last, Instant now) {
        String what = last.begun().subject().release().label();
        if (last.isHealthy()) {
            return Optional.empty();
        }
        if (last.ended().isEmpty()) {
            return Optional.of(what + " begun by " + last.begun().audit().by() + " "
                    + last.begun().at() + ", " + (last.isOverdue(now) ? "overdue" : "under way"));
        }
        return last.ended()
                .map(end -> what + " " + end.result().word() + " " + end.at()
                        + end.reason().map(reason -> " (" + reason + ")").orElse(""));
    }

    /** {@return how the deployed releases differ from the environment's current one}
     *
     *  @param record of the deployments
     *  @param current the environment's release
     *  @param targets those that its file names */
    static List<String> of(DeploymentRecord record, ReleaseId current, List<DeploySettings> targets, Instant now) {
        Environment environment = current.environment();
        List<String> remarks = new ArrayList<>();
        for (DeploySettings target : targets) {
            String where = targets.size() > 1 ? target.name() + ": " : "";
            Optional<ReleaseId> deployed = record.lastHealthy(environment, target.name())
                    .map(DeploymentRecord.Course::begun)
                    .map(Deployment::subject)
                    .map(Deployment.Subject::release);
            if (deployed.isEmpty()) {
                remarks.add(where + "not deployed");
            } else if (!deployed.get().equals(current)) {
                remarks.add(where + deployed.get().label() + " is deployed");
            }
            record.last(environment, target.name())
                    .flatMap(last -> of(last, now))
                    .ifPresent(remark -> remarks.add(where + remark));
        }
        return remarks;
    }
}
