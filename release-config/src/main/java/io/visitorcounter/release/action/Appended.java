package io.visitorcounter.release.action;

import io.visitorcounter.release.ledger.Entry;
import java.util.Optional;

/** What an action appended to the ledger or, in a dry run, would have appended.
 *
 *  @param <E> the kind of the entry
 *  @param entry the one; empty if the ledger says the same already
 *  @param written whether it was appended */
public record Appended<E extends Entry>(Optional<E> entry, boolean written) {

    /** {@return the result of an append: the entry, if there was one to append} */
    static <E extends Entry> Appended<E> of(Optional<E> appended) {
        return new Appended<>(appended, appended.isPresent());
    }

    /** {@return what a dry run would append} */
    static <E extends Entry> Appended<E> predicted(Optional<E> next) {
        return new Appended<>(next, false);
    }

    /** {@return whether it would be appended if this were no dry run} */
    public boolean isPredicted() {
        return entry.isPresent() && !written;
    }
}
