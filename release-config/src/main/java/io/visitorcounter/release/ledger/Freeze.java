package io.visitorcounter.release.ledger;

/** The start or the end of a period in which an environment accepts no release.
 *
 *  @param frozen true for the start */
public record Freeze(EntryHeader header, boolean frozen) implements Entry {

    @Override
    public String path() {
        return LedgerLayout.inList(environment(), LedgerLayout.FREEZES, number());
    }
}
