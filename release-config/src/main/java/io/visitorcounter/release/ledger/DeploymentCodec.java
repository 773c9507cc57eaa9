package io.visitorcounter.release.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.ReleaseId;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

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
        EntryFields target = fields.object("target");
        Deployment.Destination place =
                new Deployment.Destination(target.text("name"), target.text("engine"), target.text("where"));
        target.end();
        return new Deployment(
                fields.number("sequence", Long.MAX_VALUE),
                EntryCodecV1.previous(fields),
                fields.environment("environment"),
                (int) fields.number("number", ReleaseId.MAX_VERSION),
                place,
                subject(fields),
                fields.optionalNumber("replaces", ReleaseId.MAX_VERSION).map(Math::toIntExact),
                fields.value("deadline", fields.text("deadline"), Instant::parse),
                EntryCodecV1.audit(fields));
    }

    private static Deployment.Subject subject(EntryFields fields) {
        EntryFields release = fields.object("release");
        ReleaseId id = release.value("id", release.text("id"), ReleaseId::parse);
        EntryFields entry = release.object("entry");
        EntryRef link = EntryRef.read(entry);
        entry.end();
        release.end();
        return new Deployment.Subject(
                id,
                link,
                fields.digest("imageDigest"),
                fields.digest("manifestDigest"),
                fields.text("workload"),
                fields.optionalNumber("replicas", Integer.MAX_VALUE).map(Math::toIntExact),
                fields.value("timeout", fields.text("timeout"), Duration::parse),
                fields.value("soak", fields.text("soak"), Duration::parse),
                fields.object("secrets").texts());
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
                fields.number("sequence", Long.MAX_VALUE),
                EntryCodecV1.previous(fields),
                fields.environment("environment"),
                (int) fields.number("number", ReleaseId.MAX_VERSION),
                result(fields),
                fields.optionalText("reason"),
                fields.optionalText("running").map(text -> fields.value("running", text, ReleaseId::parse)),
                figures(fields.object("figures")),
                EntryCodecV1.audit(fields));
    }

    private static DeploymentEnd.Result result(EntryFields fields) {
        String word = fields.text("outcome");
        return Arrays.stream(DeploymentEnd.Result.values())
                .filter(each -> each.word().equals(word))
                .findFirst()
                .orElseThrow(() ->
                        fields.invalid("outcome", "expected healthy, backed-out, failed, abandoned or superseded"));
    }

    private static DeploymentEnd.Figures figures(EntryFields fields) {
        DeploymentEnd.Figures figures = new DeploymentEnd.Figures(
                fields.count("readySeconds"),
                fields.count("seconds"),
                Math.toIntExact(fields.count("restarts")),
                Math.toIntExact(fields.count("answers")));
        fields.end();
        return figures;
    }
}
