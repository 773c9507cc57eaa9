package io.visitorcounter.release.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.action.AskedApprovals;
import io.visitorcounter.release.action.SourcedRelease;
import io.visitorcounter.release.ledger.Entry;
import io.visitorcounter.release.ledger.Release;
import java.util.List;
import java.util.Optional;

/** Releases and other entries as {@code --output json} prints them: in the form in which they are stored, which
 *  output.schema.json promises to who reads the output. */
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
        ObjectNode json = of(release).remove(List.of("apiVersion", "kind"));
        source.ifPresent(commit -> json.put("source", commit));
        return json.put("id", release.id().toString())
                .put("entryDigest", Digest.of(release.bytes()).text());
    }

    static ObjectNode of(Entry entry) {
        return CanonicalJson.parse(entry.path(), entry.bytes());
    }

    static ObjectNode of(AskedApprovals approvals) {
        ObjectNode json = CanonicalJson.object().put("needed", approvals.needed());
        approvals.approvers().forEach(json.putArray("approvers")::add);
        approvals.given().forEach(json.putArray("given")::add);
        return json;
    }
}
