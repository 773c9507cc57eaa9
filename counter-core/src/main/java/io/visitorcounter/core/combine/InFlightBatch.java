package io.visitorcounter.core.combine;

import io.visitorcounter.core.spi.Batch;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A batch that was sent and is not settled, with the calls it carries. Guarded by its lane's lock. */
final class InFlightBatch {

    final Batch batch;

    /** The calls that still wait; the first of them has the number {@code total - batch.visits() + expired + 1}. */
    final CallQueue calls;

    final long firstSentNanos;
    final long firstSentWallMillis;

    /** How many visits of the batch belong to calls whose deadline came first. */
    int expired;

    /** How many times it was sent; the outcome of an earlier time counts only if it settles the batch. */
    int attempts = 1;

    /** When it was sent for the last time. */
    long lastSentNanos;

    /** Whether the backend was called for the last attempt and returned; also written outside of the lane's lock. */
    volatile boolean handedOver;

    /** Whether an attempt ended without saying if it stored the batch. */
    boolean maybe;

    /** What the last failed attempt said. */
    @Nullable String why;

    @Nullable Throwable cause;

    InFlightBatch(Batch batch, CallQueue calls, long firstSentNanos, long firstSentWallMillis) {
        this.batch = batch;
        this.calls = calls;
        this.firstSentNanos = firstSentNanos;
        this.lastSentNanos = firstSentNanos;
        this.firstSentWallMillis = firstSentWallMillis;
    }

    /** Whether it was sent for the first time longer ago than that, by either clock: a machine that slept stops one. */
    boolean isOlderThan(Duration window, Ticker ticker) {
        return TimeUnit.NANOSECONDS.toMillis(ticker.now() - firstSentNanos) > window.toMillis()
                || Math.abs(ticker.wallMillis() - firstSentWallMillis) > window.toMillis();
    }

    /** It is sent once more.
     *
     *  @return how many times it was sent */
    int sentAgain(long nanos) {
        handedOver = false;
        lastSentNanos = nanos;
        return ++attempts;
    }
}
