package io.visitorcounter.release.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.ledger.Deployment;
import io.visitorcounter.release.ledger.DeploymentEnd;
import java.util.Optional;

/** A deployment in JSON output. */
final class DeploymentJson {

    private DeploymentJson() {}

    static ObjectNode of(Deployment begun, Optional<DeploymentEnd> ended) {
        Deployment.Subject subject = begun.subject();
        ObjectNode json = CanonicalJson.object()
                .put("environment", begun.environment().name())
                .put("number", begun.number())
                .put("release", subject.release().toString())
                .put("target", begun.place().target())
                .put("engine", begun.place().engine())
                .put("where", begun.place().where())
                .put("workload", subject.workload())
                .put("imageDigest", subject.image().text())
                .put("manifestDigest", subject.manifest().text());
        subject.replicas().ifPresent(count -> json.put("replicas", count));
        begun.replaces().ifPresent(number -> json.put("replaces", number));
        json.put("by", begun.audit().by())
                .put("at", begun.at().toString())
                .put("deadline", begun.deadline().toString());
        begun.audit().why().ifPresent(why -> json.put("why", why));
        json.put("outcome", ended.map(end -> end.result().word()).orElse("under-way"));
        ended.ifPresent(end -> {
            end.reason().ifPresent(reason -> json.put("reason", reason));
            end.running().ifPresent(id -> json.put("running", id.toString()));
            json.put("endedAt", end.at().toString())
                    .put("readySeconds", end.figures().readySeconds())
                    .put("seconds", end.figures().seconds())
                    .put("restarts", end.figures().restarts())
                    .put("answers", end.figures().answers());
        });
        return json;
    }
}
