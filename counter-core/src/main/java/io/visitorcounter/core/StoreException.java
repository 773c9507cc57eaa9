package io.visitorcounter.core;

import org.jspecify.annotations.Nullable;

/** A store could not be opened or read, or its server contradicts the durability that was asked for. */
public final class StoreException extends CounterException {

    private static final long serialVersionUID = 1;

    /** Says why.
     *
     *  @param message {@code where: subject: expected and got; next step}
     *  @param cause what the store said, or null */
    public StoreException(String message, @Nullable Throwable cause) {
        this(message, cause, false);
    }

    /** Says why, and whether it may pass.
     *
     *  @param message {@code where: subject: expected and got; next step}
     *  @param cause what the store said, or null
     *  @param passing what {@link #isTransient()} says */
    public StoreException(String message, @Nullable Throwable cause, boolean passing) {
        super(message, cause, passing);
    }
}
