package io.visitorcounter.core;

import org.jspecify.annotations.Nullable;

/** The visit was not counted and never will be, or the value was not set. The value did not change, so it is safe to
 *  try again. */
public final class NotCountedException extends CounterException {

    private static final long serialVersionUID = 1;

    /** Says why.
     *
     *  @param message {@code counter "name": not counted: why; what to do}
     *  @param cause what the store said, or null */
    public NotCountedException(String message, @Nullable Throwable cause) {
        this(message, cause, true);
    }

    /** Says why, and whether the failure may go away by itself.
     *
     *  @param message {@code counter "name": not counted: why; what to do}
     *  @param cause what the store said, or null
     *  @param passing what {@link #isTransient()} says */
    public NotCountedException(String message, @Nullable Throwable cause, boolean passing) {
        super(message, cause, passing);
    }
}
