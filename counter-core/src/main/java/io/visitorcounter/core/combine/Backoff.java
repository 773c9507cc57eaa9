package io.visitorcounter.core.combine;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** How long to wait until the next attempt: 2 ms doubled up to 256 ms, of which a random part up to half is left off. */
final class Backoff {

    private static final int MAX_DOUBLINGS = 7;

    private Backoff() {}

    /** {@return the wait after that many failed attempts in a row, in ns; at least 1 ms}
     *
     *  @param failed at least 1 */
    static long nanos(int failed) {
        long full = TimeUnit.MILLISECONDS.toNanos(2L << Math.min(failed - 1, MAX_DOUBLINGS));
        return full - ThreadLocalRandom.current().nextLong(full / 2);
    }
}
