package io.visitorcounter.release.ledger;

import io.visitorcounter.release.Environment;
import java.util.Optional;

/** The start or the end of a period in which an environment accepts no release.
 *
 *  @param frozen true for the start */
public record Freeze(
        long sequence, Optional<EntryRef> previous, Environment environment, int number, boolean frozen, Audit audit)
        implements Entry {

    @Override
    public String path() {
        return LedgerLayout.freeze(environment, number);
    }
}
