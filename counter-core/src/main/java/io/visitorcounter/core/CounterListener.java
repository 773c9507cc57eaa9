package io.visitorcounter.core;

import java.time.Duration;

/** Observes what a store does. Methods are called on the store's own threads or inside the caller's visit: return at
 *  once, and neither wait for a visit nor close the store. What a listener throws is logged and has no other effect.
 *  Every requested visit is reported by one of {@link #onBatch}, {@link #onDuplicate} and {@link #onFailure}. A visit
 *  that failed as maybe counted and turns out to be counted is reported by both {@link #onFailure} and
 *  {@link #onBatch}. */
public interface CounterListener {

    /** A batch was written and acknowledged.
     *
     *  @param counter the batch's counter
     *  @param visits how many visits it carried, at least 1
     *  @param took from the first write of the batch to its acknowledgement, resends included */
    default void onBatch(CounterName counter, int visits, Duration took) {}

    /** A visit had an id that was counted before. It got its first number again, and nothing was added.
     *
     *  @param counter the visited counter */
    default void onDuplicate(CounterName counter) {}

    /** A batch is written again because its reply did not arrive.
     *
     *  @param counter the batch's counter
     *  @param visits how many visits it carries
     *  @param attempt 2 for the first resend */
    default void onResend(CounterName counter, int visits, int attempt) {}

    /** Visits failed: the deadline passed, the store refused them, the queue was full, or the store was closed.
     *
     *  @param counter the visits' counter
     *  @param visits how many
     *  @param failure not counted, or maybe counted */
    default void onFailure(CounterName counter, int visits, CounterException failure) {}

    /** A stored value went backwards: a restored backup, a stale replica, a flushed database. A new generation began.
     *
     *  @param counter the value's counter
     *  @param expected the highest value that was acknowledged; the stored one should be at least this
     *  @param found the value that the store had
     *  @param generation the new generation */
    default void onRegression(CounterName counter, long expected, long found, long generation) {}
}
