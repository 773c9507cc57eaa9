package io.visitorcounter.release.ledger;

import io.visitorcounter.release.Environment;
import java.util.Optional;

/** One more signer of a release that was made before: of one that was not signed, or by a key that replaces another.
 *  It counts for nothing without a signature.
 *
 *  @param sequence its number in the whole ledger
 *  @param previous the entry before it in the whole ledger
 *  @param environment which one
 *  @param number 1-based; dense within the environment
 *  @param subject the entry of the release, one of the same environment
 *  @param audit who, when, why */
public record Endorsement(
        long sequence, Optional<EntryRef> previous, Environment environment, int number, EntryRef subject, Audit audit)
        implements Entry {

    @Override
    public String path() {
        return LedgerLayout.endorsement(environment, number);
    }
}
