package io.visitorcounter.release.ledger;

import io.visitorcounter.release.Environment;
import java.util.Optional;

/** A further signature of an existing release: of an unsigned one, or by a key that replaces another. It does not count
 *  without a signature.
 *
 *  @param subject the entry of the release, in the same environment */
public record Endorsement(
        long sequence, Optional<EntryRef> previous, Environment environment, int number, EntryRef subject, Audit audit)
        implements Entry {

    @Override
    public String path() {
        return LedgerLayout.endorsement(environment, number);
    }
}
