package io.visitorcounter.release.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.ReleaseId;
import java.time.Duration;
import java.time.Instant;

/** The kinds of {@link EntryCodecV1} that the branch of the deployments has. */
final class DeploymentCodec {

    static final String BEGUN = "Deployment";
    static final String ENDED = "DeploymentEnd";

    private DeploymentCodec() {}

    static void write(Deployment deployment, ObjectNode json) {
        Deployment.Destination place = deployment.place();
        Deployment.Subject subject = deployment.subject();
        json.put("number", deployment.number());
        json.putObject("target")
                .put("name", place.target())
                .put("engine", place.engine())
                .put("where", place.where());
        ObjectNode release =
                json.putObject("release").put("id", subject.release().toString());
        release.set("entry", subject.entry().json());
        json.put("imageDigest", subject.image().text())
                .put("manifestDigest", subject.manifest().text())
                .put("workload", subject.workload());
        subject.replicas().ifPresent(count -> json.put("replicas", count));
        json.put("timeout", subject.timeout().toString())
                .put("soak", subject.soak().toString());
        ObjectNode secrets = json.putObject("secrets");
        subject.secrets().forEach(secrets::put);
        deployment.replaces().ifPresent(number -> json.put("replaces", number));
        json.put("deadline", deployment.deadline().toString());
    }

    static Deployment begun(EntryFields fields) {
        return new Deployment(
                EntryHeader.read(fields, "number"),
                fields.object("target", DeploymentCodec::place),
                fields.object("release", release -> subject(fields, release)),
                fields.optionalNumber("replaces", ReleaseId.MAX_VERSION),
                fields.value("deadline", Instant::parse));
    }

    private static Deployment.Destination place(EntryFields target) {
        return new Deployment.Destination(target.text("name"), target.text("engine"), target.text("where"));
    }

    private static Deployment.Subject subject(EntryFields fields, EntryFields release) {
        return new Deployment.Subject(
                release.value("id", ReleaseId::parse),
                release.object("entry", EntryRef::read),
                fields.digest("imageDigest"),
                fields.digest("manifestDigest"),
                fields.text("workload"),
                fields.optionalNumber("replicas", Integer.MAX_VALUE),
                fields.value("timeout", Duration::parse),
                fields.value("soak", Duration::parse),
                fields.object("secrets", EntryFields::texts));
    }

    static void write(DeploymentEnd end, ObjectNode json) {
        json.put("number", end.number()).put("outcome", end.result().word());
        end.reason().ifPresent(text -> json.put("reason", text));
        end.running().ifPresent(id -> json.put("running", id.toString()));
        DeploymentEnd.Figures figures = end.figures();
        json.putObject("figures")
                .put("readySeconds", figures.readySeconds())
                .put("seconds", figures.seconds())
                .put("restarts", figures.restarts())
                .put("answers", figures.answers());
    }

    static DeploymentEnd ended(EntryFields fields) {
        return new DeploymentEnd(
                EntryHeader.read(fields, "number"),
                fields.oneOf("outcome", DeploymentEnd.Result.values(), DeploymentEnd.Result::word),
                fields.optionalText("reason"),
                fields.optionalValue("running", ReleaseId::parse),
                fields.object("figures", DeploymentCodec::figures));
    }

    private static DeploymentEnd.Figures figures(EntryFields fields) {
        return new DeploymentEnd.Figures(
                fields.count("readySeconds"),
                fields.count("seconds"),
                fields.count("restarts"),
                fields.count("answers"));
    }
}
