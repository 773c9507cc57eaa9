package io.visitorcounter.core;

import org.jspecify.annotations.Nullable;

/** A store could not do what was asked. Its message is one line without a secret. */
public abstract sealed class CounterException extends RuntimeException
        permits NotCountedException, MaybeCountedException, StoreException {

    private static final long serialVersionUID = 1;

    CounterException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
