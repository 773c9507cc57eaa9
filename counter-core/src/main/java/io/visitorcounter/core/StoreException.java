package io.visitorcounter.core;

import org.jspecify.annotations.Nullable;

/** A store could not be opened or read, or its server can't give the requested durability. */
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

    /** Says why, and whether the failure may go away by itself.
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

    /** {@return a failure that is caused by the options, not by the store}
     *
     *  @param message {@code where: subject: expected and got; next step}
     *  @param cause the underlying error, or null */
    public static StoreException wrongOptions(String message, @Nullable Throwable cause) {
        return new StoreException(message, cause, false, true);
    }

    /** {@return whether the options are wrong, for example if the certificate file contains no certificate} */
    public boolean isWrongOptions() {
        return wrongOptions;
    }
}
