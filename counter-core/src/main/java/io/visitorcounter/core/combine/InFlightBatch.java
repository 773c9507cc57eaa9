package io.visitorcounter.core.combine;

import io.visitorcounter.core.spi.Batch;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A batch that was sent and is not settled, with its calls. Guarded by its lane's lock. */
final class InFlightBatch {

    final Batch batch;

    /** The calls that still wait; the first of them has the number {@code total - batch.visits() + expired + 1}. */
    final CallQueue calls;

    final long firstSentNanos;
    final long firstSentWallMillis;

    /** How many visits of the batch belong to calls whose deadline has passed. */
    int expired;

    /** How many times it was sent; the outcome of an earlier attempt matters only if it settles the batch. */
    int attempts = 1;

    long lastSentNanos;

    /** Whether the backend's write returned for the last attempt; also written outside the lane's lock. */
    volatile boolean handedOver;

    /** Whether an attempt may have stored the batch. */
    boolean maybe;

    InFlightBatch(Batch batch, CallQueue calls, long firstSentNanos, long firstSentWallMillis) {
        this.batch = batch;
        this.calls = calls;
        this.firstSentNanos = firstSentNanos;
        this.lastSentNanos = firstSentNanos;
        this.firstSentWallMillis = firstSentWallMillis;
    }

    /** Whether it was first sent longer ago than this, by either clock: one of them stops while the machine is
     *  suspended. */
    boolean isOlderThan(Duration window, Ticker ticker) {
        return TimeUnit.NANOSECONDS.toMillis(ticker.now() - firstSentNanos) > window.toMillis()
                || Math.abs(ticker.wallMillis() - firstSentWallMillis) > window.toMillis();
    }

    /** Notes that it is sent again.
     *
     *  @return how many times it was sent */
    int sentAgain(long nanos) {
        handedOver = false;
        lastSentNanos = nanos;
        return ++attempts;
    }
}
