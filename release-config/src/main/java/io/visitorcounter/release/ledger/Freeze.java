package io.visitorcounter.release.ledger;

import io.visitorcounter.release.Environment;
import java.util.Optional;

/** The start or the end of a time in which an environment takes no release.
 *
 *  @param sequence its number in the whole ledger
 *  @param previous the entry before it in the whole ledger
 *  @param environment which one
 *  @param number 1-based; dense within the environment
 *  @param frozen true for the start
 *  @param audit who, when, why */
public record Freeze(
        long sequence, Optional<EntryRef> previous, Environment environment, int number, boolean frozen, Audit audit)
        implements Entry {

    @Override
    public String path() {
        return LedgerLayout.freeze(environment, number);
    }
}
