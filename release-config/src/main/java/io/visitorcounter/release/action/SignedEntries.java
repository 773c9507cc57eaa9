package io.visitorcounter.release.action;

import io.visitorcounter.release.ledger.Entry;
import io.visitorcounter.release.ledger.Release;

/** What the messages about signatures call an entry. */
final class SignedEntries {

    private SignedEntries() {}

    /** {@return such as {@code prod v12}, or the path of a freeze} */
    static String label(Entry entry) {
        return entry instanceof Release release ? release.id().label() : entry.path();
    }
}
