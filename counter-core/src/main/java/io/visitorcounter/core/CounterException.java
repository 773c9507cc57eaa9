package io.visitorcounter.core;

import org.jspecify.annotations.Nullable;

/** A store could not do what was asked. Its message is one line without a secret. */
public abstract sealed class CounterException extends RuntimeException
        permits NotCountedException, MaybeCountedException, StoreException {

    private static final long serialVersionUID = 1;

    /** Whether the failure may go away by itself. */
    private final boolean passing;

    CounterException(String message, @Nullable Throwable cause, boolean passing) {
        super(message, cause);
        this.passing = passing;
    }

    /** {@return whether the failure may go away by itself, so that the same call can succeed later. If false, somebody
     *  must fix what the message names} */
    public final boolean isTransient() {
        return passing;
    }
}
