package io.visitorcounter.web.http;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/** Limits the uses of each key in a period; all of them may come at once. Its memory is fixed: keys share a fixed
 *  number of places by a secret hash, so an attacker can't choose a key to use up another one's limit. Thread-safe and
 *  lock-free.
 *
 *  <p>Each place holds one number, the theoretical arrival time of the generic cell rate algorithm (GCRA). */
public final class Rate {

    private final long cost;
    private final long period;
    private final LongSupplier nanoTime;
    private final long start;
    private final long multiplier;
    private final int shift;
    private final AtomicLongArray arrivals;

    /** Sets the rate.
     *
     *  @param uses allowed in a period, at least 1
     *  @param period the period's length
     *  @param places the number of places; a power of two, at least 2
     *  @param nanoTime the clock, in nanoseconds from an arbitrary start */
    public Rate(int uses, Duration period, int places, LongSupplier nanoTime) {
        this(uses, period, places, nanoTime, ThreadLocalRandom.current().nextLong());
    }

    /** As the other constructor, with the secret of the hash. */
    Rate(int uses, Duration period, int places, LongSupplier nanoTime, long secret) {
        this.period = period.toNanos();
        this.cost = Math.max(1, this.period / uses);
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
        this.multiplier = secret | 1;
        this.shift = Long.SIZE - Integer.numberOfTrailingZeros(places);
        this.arrivals = new AtomicLongArray(places);
    }

    /** {@return zero if the key may proceed, which counts as a use; else how long it must wait} */
    public Duration use(long key) {
        // Multiply-shift: any two keys share a place with a probability of at most 2/places (Dietzfelbinger et al.,
        // 1997).
        int place = (int) ((key * multiplier) >>> shift);
        while (true) {
            long now = nanoTime.getAsLong() - start;
            long before = arrivals.get(place);
            long after = Math.max(before, now) + cost;
            if (after - now > period) {
                return Duration.ofNanos(after - now - period);
            }
            if (arrivals.compareAndSet(place, before, after)) {
                return Duration.ZERO;
            }
        }
    }
}
