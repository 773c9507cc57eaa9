package io.visitorcounter.core.redis;

import java.util.concurrent.TimeUnit;

/** How long things took, to a fiftieth of a millisecond and up to half a minute. For one thread. */
final class LatencyHistogram {

    private static final long STEP_NANOS = TimeUnit.MICROSECONDS.toNanos(20);

    private final long[] steps = new long[1_500_000];
    private long size;

    /** Adds what took so long.
     *
     *  @param nanos how long
     *  @param count how many */
    void add(long nanos, long count) {
        steps[(int) Math.min(steps.length - 1, nanos / STEP_NANOS)] += count;
        size += count;
    }

    /** {@return how long the quickest of them took, in ms, until the part was done}
     *
     *  @param part from 0 to 1 */
    double millis(double part) {
        long seen = 0;
        for (int i = 0; i < steps.length; i++) {
            seen += steps[i];
            if (seen >= part * size) {
                return (i + 1) * STEP_NANOS / 1e6;
            }
        }
        throw new IllegalStateException("nothing was added");
    }
}
