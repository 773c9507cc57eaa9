package io.visitorcounter.release.action;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ledger.Entry;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.trust.StatementBundle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A signer's statement about an entry. The subjects are the entry's file and the release image, so that one signature
 *  covers both; the predicate is the whole entry. */
final class EntryStatement {

    /** The type of the predicate. */
    static final String TYPE = "https://release.visitorcounter.io/entry/v1";

    private EntryStatement() {}

    static ObjectNode of(Entry entry) {
        List<StatementBundle.NamedDigest> subjects = new ArrayList<>();
        subjects.add(new StatementBundle.NamedDigest(entry.path(), Digest.of(entry.bytes())));
        if (entry instanceof Release release) {
            Release.ImageName image = release.content().releaseImage();
            subjects.add(new StatementBundle.NamedDigest(image.name(), image.digest()));
        }
        return StatementBundle.statement(subjects, TYPE, CanonicalJson.parse(entry.path(), entry.bytes()));
    }

    /** {@return where a statement differs from what it should say about this entry; empty if nowhere} */
    static Optional<String> difference(ObjectNode statement, Entry entry) {
        ObjectNode expected = of(entry);
        if (statement.equals(expected)) {
            return Optional.empty();
        }
        if (!statement.path("predicateType").equals(expected.path("predicateType"))) {
            return Optional.of("the statement is of another kind than " + TYPE);
        }
        for (var field : expected.path("predicate").properties()) {
            JsonNode said = statement.path("predicate").path(field.getKey());
            if (!said.equals(field.getValue())) {
                return Optional.of("the statement's " + field.getKey() + " is another than the entry's");
            }
        }
        if (!statement.path("predicate").equals(expected.path("predicate"))) {
            return Optional.of("the statement says more than the entry does");
        }
        return Optional.of(
                statement.path("subject").equals(expected.path("subject"))
                        ? "the statement has another form than this tool's"
                        : "the statement is about something else than the entry and its image");
    }
}
