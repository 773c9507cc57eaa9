package io.visitorcounter.release.ledger;

/** A further signature of an existing release: of an unsigned one, or by a key that replaces another. It does not count
 *  without a signature.
 *
 *  @param subject the entry of the release, in the same environment */
public record Endorsement(EntryHeader header, EntryRef subject) implements Entry {

    @Override
    public String path() {
        return LedgerLayout.inList(environment(), LedgerLayout.ENDORSEMENTS, number());
    }
}
