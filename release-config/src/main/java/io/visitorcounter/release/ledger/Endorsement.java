package io.visitorcounter.release.ledger;

import io.visitorcounter.release.Environment;
import java.util.Optional;

/** One more signer of a release that was made before: of one that was not signed, or by a key that replaces another.
 *  It counts for nothing without a signature.
 *
 *  @param subject the entry of the release, one of the same environment */
public record Endorsement(
        long sequence, Optional<EntryRef> previous, Environment environment, int number, EntryRef subject, Audit audit)
        implements Entry {

    @Override
    public String path() {
        return LedgerLayout.endorsement(environment, number);
    }
}
