package io.visitorcounter.release.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.action.AskedApprovals;
import io.visitorcounter.release.action.SourcedRelease;
import io.visitorcounter.release.ledger.Approval;
import io.visitorcounter.release.ledger.Endorsement;
import io.visitorcounter.release.ledger.Entry;
import io.visitorcounter.release.ledger.EntryRef;
import io.visitorcounter.release.ledger.Freeze;
import io.visitorcounter.release.ledger.Release;
import java.util.Optional;

/** Releases, freezes and approvals as {@code --output json} prints them: in their own form, independent of the stored
 *  one. output.schema.json describes it. */
final class ReleaseJson {

    private ReleaseJson() {}

    static ObjectNode of(SourcedRelease release) {
        ObjectNode json = of(release.release(), release.source());
        if (!release.approvedBy().isEmpty()) {
            release.approvedBy().forEach(json.putArray("approvedBy")::add);
        }
        return json;
    }

    static ObjectNode of(Release release, Optional<String> source) {
        Release.Content content = release.content();
        ObjectNode json = head(release, CanonicalJson.object());
        json.put("version", release.id().version()).put("what", release.origin().word());
        release.from().ifPresent(from -> json.put("from", from.toString()));
        image(content.releaseImage(), json.putObject("releaseImage"));
        image(content.appImage(), json.putObject("appImage"));
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
        audit(release, json);
        source.ifPresent(commit -> json.put("source", commit));
        return json.put("id", release.id().toString())
                .put("entryDigest", Digest.of(release.bytes()).text());
    }

    static ObjectNode of(Freeze freeze) {
        ObjectNode json =
                document("Freeze", freeze).put("number", freeze.number()).put("frozen", freeze.frozen());
        return audit(freeze, json);
    }

    static ObjectNode of(Approval approval) {
        ObjectNode json = document("Approval", approval)
                .put("number", approval.number())
                .put("releaseImageDigest", approval.subject().releaseImage().text())
                .put("appImageDigest", approval.subject().appImage().text())
                .put("bundleDigest", approval.subject().bundle().text());
        return audit(approval, json);
    }

    static ObjectNode of(Endorsement endorsement) {
        ObjectNode json = document("Endorsement", endorsement).put("number", endorsement.number());
        previous(endorsement.subject(), json.putObject("subject"));
        return audit(endorsement, json);
    }

    static ObjectNode of(AskedApprovals approvals) {
        ObjectNode json = CanonicalJson.object().put("needed", approvals.needed());
        approvals.approvers().forEach(json.putArray("approvers")::add);
        approvals.given().forEach(json.putArray("given")::add);
        return json;
    }

    private static ObjectNode document(String kind, Entry entry) {
        return head(
                entry,
                CanonicalJson.object()
                        .put("apiVersion", "release.visitorcounter.io/v1")
                        .put("kind", kind));
    }

    private static ObjectNode head(Entry entry, ObjectNode json) {
        json.put("sequence", entry.sequence());
        entry.previous().ifPresent(before -> previous(before, json.putObject("previous")));
        return json.put("environment", entry.environment().name());
    }

    private static void previous(EntryRef before, ObjectNode json) {
        json.put("sequence", before.sequence())
                .put("path", before.path())
                .put("digest", before.digest().text());
    }

    private static void image(Release.ImageName image, ObjectNode json) {
        json.put("name", image.name()).put("digest", image.digest().text());
    }

    private static ObjectNode audit(Entry entry, ObjectNode json) {
        json.put("by", entry.audit().by()).put("at", entry.audit().at().toString());
        entry.audit().why().ifPresent(why -> json.put("why", why));
        return json;
    }
}
