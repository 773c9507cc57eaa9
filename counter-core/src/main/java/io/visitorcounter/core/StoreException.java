package io.visitorcounter.core;

import org.jspecify.annotations.Nullable;

/** A store could not be opened or read, or its server contradicts the durability that was asked for. */
public final class StoreException extends CounterException {

    private static final long serialVersionUID = 1;

    /** Whether the options are wrong. */
    private final boolean wrongOptions;

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
        this(message, cause, passing, false);
    }

    private StoreException(String message, @Nullable Throwable cause, boolean passing, boolean wrongOptions) {
        super(message, cause, passing);
        this.wrongOptions = wrongOptions;
    }

    /** {@return a failure whose cause is in the options, whatever the store says}
     *
     *  @param message {@code where: subject: expected and got; next step}
     *  @param cause what told it, or null */
    public static StoreException wrongOptions(String message, @Nullable Throwable cause) {
        return new StoreException(message, cause, false, true);
    }

    /** {@return whether the options are wrong, as where they name a file of certificates that has none} */
    public boolean isWrongOptions() {
        return wrongOptions;
    }
}
