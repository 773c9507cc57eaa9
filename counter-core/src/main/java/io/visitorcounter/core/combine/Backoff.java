package io.visitorcounter.core.combine;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** The wait before the next attempt: 2 ms, doubled up to 256 ms, minus a random part of up to half. */
final class Backoff {

    private static final int MAX_DOUBLINGS = 7;

    private Backoff() {}

    /** {@return the wait after this many failed attempts in a row, in ns; at least 1 ms}
     *
     *  @param failed at least 1 */
    static long nanos(int failed) {
        long full = TimeUnit.MILLISECONDS.toNanos(2L << Math.min(failed - 1, MAX_DOUBLINGS));
        return full - ThreadLocalRandom.current().nextLong(full / 2);
    }
}
