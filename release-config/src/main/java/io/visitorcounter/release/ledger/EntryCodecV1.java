package io.visitorcounter.release.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.ReleaseId;

/** The form {@code release.visitorcounter.io/v1}. */
final class EntryCodecV1 implements EntryCodec {

    private static final String RELEASE = "Release";
    private static final String FREEZE = "Freeze";
    private static final String APPROVAL = "Approval";
    private static final String ENDORSEMENT = "Endorsement";

    @Override
    public String apiVersion() {
        return "release.visitorcounter.io/v1";
    }

    @Override
    public boolean canHold(Entry entry) {
        return true;
    }

    @Override
    public ObjectNode write(Entry entry) {
        ObjectNode json = CanonicalJson.object()
                .put("apiVersion", apiVersion())
                .put("kind", kind(entry))
                .put("sequence", entry.sequence());
        entry.previous().ifPresent(before -> json.set("previous", before.json()));
        json.put("environment", entry.environment().name());
        if (entry instanceof Release release) {
            write(release, json);
        } else if (entry instanceof Freeze freeze) {
            json.put("number", freeze.number()).put("frozen", freeze.frozen());
        } else if (entry instanceof Approval approval) {
            Approval.Approved subject = approval.subject();
            json.put("number", approval.number())
                    .put("releaseImageDigest", subject.releaseImage().text())
                    .put("appImageDigest", subject.appImage().text())
                    .put("bundleDigest", subject.bundle().text());
        } else if (entry instanceof Endorsement endorsement) {
            json.put("number", endorsement.number())
                    .set("subject", endorsement.subject().json());
        } else if (entry instanceof Deployment deployment) {
            DeploymentCodec.write(deployment, json);
        } else if (entry instanceof DeploymentEnd end) {
            DeploymentCodec.write(end, json);
        }
        Entry.Audit audit = entry.audit();
        json.put("by", audit.by()).put("at", audit.at().toString());
        audit.why().ifPresent(text -> json.put("why", text));
        return json;
    }

    static String kind(Entry entry) {
        if (entry instanceof Release) {
            return RELEASE;
        }
        if (entry instanceof Freeze) {
            return FREEZE;
        }
        if (entry instanceof Approval) {
            return APPROVAL;
        }
        if (entry instanceof Endorsement) {
            return ENDORSEMENT;
        }
        return entry instanceof Deployment ? DeploymentCodec.BEGUN : DeploymentCodec.ENDED;
    }

    private static void write(Release release, ObjectNode json) {
        Release.Content content = release.content();
        json.put("version", release.id().version()).put("what", release.origin().word());
        release.from().ifPresent(from -> json.put("from", from.toString()));
        write(content.releaseImage(), json.putObject("releaseImage"));
        write(content.appImage(), json.putObject("appImage"));
        json.put("bundleDigest", content.bundle().text());
        content.contract().ifPresent(digest -> json.put("contractDigest", digest.text()));
        content.config()
                .ifPresent(config ->
                        json.putObject("config").put("commit", config.commit()).put("clean", config.clean()));
        content.sbom().ifPresent(digest -> json.put("sbomDigest", digest.text()));
        release.outside()
                .ifPresent(outside -> json.putObject("origin")
                        .put("release", outside.release())
                        .put("ledger", outside.ledger().text())
                        .put("sequence", outside.sequence())
                        .put("digest", outside.entry().text()));
    }

    private static void write(Release.ImageName image, ObjectNode json) {
        json.put("name", image.name()).put("digest", image.digest().text());
    }

    @Override
    public Entry read(EntryFields fields) {
        return switch (fields.text("kind")) {
            case RELEASE -> release(fields);
            case FREEZE -> new Freeze(EntryHeader.read(fields, "number"), fields.flag("frozen"));
            case APPROVAL -> approval(fields);
            case ENDORSEMENT ->
                new Endorsement(EntryHeader.read(fields, "number"), fields.object("subject", EntryRef::read));
            case DeploymentCodec.BEGUN -> DeploymentCodec.begun(fields);
            case DeploymentCodec.ENDED -> DeploymentCodec.ended(fields);
            default ->
                throw fields.invalid(
                        "kind", "expected Release, Freeze, Approval, Endorsement, Deployment or DeploymentEnd");
        };
    }

    private static Release release(EntryFields fields) {
        return new Release(
                EntryHeader.read(fields, "version"),
                fields.oneOf("what", Release.Origin.values(), Release.Origin::word),
                fields.optionalValue("from", ReleaseId::parse),
                new Release.Content(
                        fields.object("releaseImage", EntryCodecV1::image),
                        fields.object("appImage", EntryCodecV1::image),
                        fields.digest("bundleDigest"),
                        fields.optionalDigest("contractDigest"),
                        fields.optionalObject("config", EntryCodecV1::config),
                        fields.optionalDigest("sbomDigest")),
                fields.optionalObject("origin", EntryCodecV1::outside));
    }

    private static Release.Outside outside(EntryFields fields) {
        return new Release.Outside(
                fields.text("release"),
                fields.digest("ledger"),
                fields.number("sequence", Long.MAX_VALUE),
                fields.digest("digest"));
    }

    private static Approval approval(EntryFields fields) {
        return new Approval(
                EntryHeader.read(fields, "number"),
                new Approval.Approved(
                        fields.digest("releaseImageDigest"),
                        fields.digest("appImageDigest"),
                        fields.digest("bundleDigest")));
    }

    private static Release.ImageName image(EntryFields fields) {
        return new Release.ImageName(fields.text("name"), fields.digest("digest"));
    }

    private static Release.ConfigCommit config(EntryFields fields) {
        return new Release.ConfigCommit(fields.text("commit"), fields.flag("clean"));
    }
}
