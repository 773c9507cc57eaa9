package io.visitorcounter.release.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;

/** One entry's place in the chain. The ledger has one chain over all environments, so that no environment can lose its
 *  last entries, or all of them, unnoticed.
 *
 *  @param sequence 1-based over the whole ledger
 *  @param path of the entry's file, such as {@code prod/000012/entry.json}
 *  @param digest of the entry's bytes */
public record EntryRef(long sequence, String path, Digest digest) {

    /** {@return the link to an entry} */
    public static EntryRef to(Entry entry) {
        return new EntryRef(entry.sequence(), entry.path(), Digest.of(entry.bytes()));
    }

    static EntryRef read(String where, byte[] bytes) {
        EntryFields fields = new EntryFields(where, CanonicalJson.parse(where, bytes));
        EntryRef link = read(fields);
        fields.end();
        return link;
    }

    static EntryRef read(EntryFields fields) {
        String path = fields.text("path");
        if (!LedgerLayout.isEntryPath(path)) {
            throw fields.invalid("path", "expected that of an entry, such as prod/000012/entry.json");
        }
        return new EntryRef(fields.number("sequence", Long.MAX_VALUE), path, fields.digest("digest"));
    }

    ObjectNode json() {
        return CanonicalJson.object()
                .put("sequence", sequence)
                .put("path", path)
                .put("digest", digest.text());
    }
}
