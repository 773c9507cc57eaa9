package io.visitorcounter.core.spi;

import org.jspecify.annotations.Nullable;

/** The outcome of one attempt to write a batch. */
public sealed interface Outcome {

    /** The batch is stored with the requested durability.
     *
     *  @param total the value including the batch's last visit
     *  @param generation of {@code total}
     *  @param duplicate true if an earlier attempt had stored it
     *  @param regression set if the value was found to have gone backwards, else null */
    record Written(
            long total,
            long generation,
            boolean duplicate,
            @Nullable Regression regression) implements Outcome {}

    /** This attempt stored nothing and never will.
     *
     *  @param why one line, without a secret
     *  @param cause what the store said, or null
     *  @param again whether trying again can help */
    record NotWritten(String why, @Nullable Throwable cause, boolean again) implements Outcome {}

    /** This attempt may or may not have stored the batch.
     *
     *  @param why one line, without a secret
     *  @param cause what the store said, or null
     *  @param again whether trying again settles it */
    record MaybeWritten(String why, @Nullable Throwable cause, boolean again) implements Outcome {}

    /** The store no longer has the record of an earlier batch of this lane, so this attempt stored nothing. */
    record Forgotten() implements Outcome {}

    /** A stored value went backwards.
     *
     *  @param expected the highest value that was acknowledged; the stored one should be at least this
     *  @param found the value that the store had */
    record Regression(long expected, long found) {}
}
