package io.visitorcounter.web.http;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/** Allows each key so many uses a period, and as many at once. Its memory is fixed, whatever keys come: keys share a
 *  fixed number of places by a hash that an attacker does not know, so that no key can be chosen to use up another's.
 *  Thread-safe; takes no lock.
 *
 *  <p>A place holds one number, the theoretical arrival time of the generic cell rate algorithm (GCRA). */
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
     *  @param period that long
     *  @param places how many; a power of two, at least 2
     *  @param nanoTime the clock, in nanoseconds from any start */
    public Rate(int uses, Duration period, int places, LongSupplier nanoTime) {
        this(uses, period, places, nanoTime, ThreadLocalRandom.current().nextLong());
    }

    /** As the other, with the secret of the hash. */
    Rate(int uses, Duration period, int places, LongSupplier nanoTime, long secret) {
        this.period = period.toNanos();
        this.cost = Math.max(1, this.period / uses);
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
        this.multiplier = secret | 1;
        this.shift = Long.SIZE - Integer.numberOfTrailingZeros(places);
        this.arrivals = new AtomicLongArray(places);
    }

    /** {@return zero where the key may go on, which uses one up; else how long it has to wait} */
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
