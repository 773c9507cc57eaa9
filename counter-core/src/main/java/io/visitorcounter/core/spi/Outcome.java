package io.visitorcounter.core.spi;

import org.jspecify.annotations.Nullable;

/** What became of one attempt to write a batch. */
public sealed interface Outcome {

    /** The batch is stored, as the durability asks.
     *
     *  @param total the value with the batch's last visit in it
     *  @param generation of {@code total}
     *  @param duplicate true if an earlier attempt had stored it
     *  @param regression that the value was found to be behind, or null */
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

    /** This attempt stored the batch or did not.
     *
     *  @param why one line, without a secret
     *  @param cause what the store said, or null
     *  @param again whether trying again settles it */
    record MaybeWritten(String why, @Nullable Throwable cause, boolean again) implements Outcome {}

    /** The store no longer has the record of an earlier batch of this lane, so this attempt stored nothing. */
    record Forgotten() implements Outcome {}

    /** A stored value went backwards.
     *
     *  @param expected the least value that was acknowledged before
     *  @param found the value that the store had */
    record Regression(long expected, long found) {}
}
