package io.visitorcounter.core;

import java.time.Duration;

/** Sees what a store does for its counters. Called on the store's own threads, or within the call of who visits: return at
 *  once, and neither wait for a visit nor close the store. What a listener throws is logged, and changes nothing. Every
 *  visit that was asked for is told of by one of {@link #onBatch}, {@link #onDuplicate} and {@link #onFailure}; one that
 *  was maybe counted and turns out to be so by both {@link #onFailure} and {@link #onBatch}. */
public interface CounterListener {

    /** A batch was written and acknowledged.
     *
     *  @param counter whose lane it was
     *  @param visits how many visits it carried, at least 1
     *  @param took from the first write of the batch to its acknowledgement, resends included */
    default void onBatch(CounterName counter, int visits, Duration took) {}

    /** A visit came whose id was counted before: it got its first number, and nothing was added.
     *
     *  @param counter that it visited */
    default void onDuplicate(CounterName counter) {}

    /** A batch is written again, because its reply did not come.
     *
     *  @param counter whose lane it is
     *  @param visits how many visits it carries
     *  @param attempt 2 for the first resend */
    default void onResend(CounterName counter, int visits, int attempt) {}

    /** Visits failed: their deadline came, the store refused them, no more could wait, or the store was closed.
     *
     *  @param counter whose they are
     *  @param visits how many
     *  @param failure not counted, or maybe counted */
    default void onFailure(CounterName counter, int visits, CounterException failure) {}

    /** A stored value went backwards: a restored backup, a stale replica, a flushed database. A new generation began.
     *
     *  @param counter whose value it is
     *  @param expected the least value that was acknowledged before
     *  @param found the value that the store had
     *  @param generation the new generation */
    default void onRegression(CounterName counter, long expected, long found, long generation) {}
}
