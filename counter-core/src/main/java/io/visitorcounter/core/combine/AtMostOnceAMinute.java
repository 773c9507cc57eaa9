package io.visitorcounter.core.combine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Lets what may happen at every visit be logged once a minute at most. Thread-safe. */
final class AtMostOnceAMinute {

    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final Ticker ticker;
    private final AtomicLong next;

    AtMostOnceAMinute(Ticker ticker) {
        this.ticker = ticker;
        this.next = new AtomicLong(ticker.now());
    }

    /** Runs it, unless something was run less than a minute ago. Never throws: a logger is the code of others too. */
    void run(Runnable logging) {
        long due = next.get();
        long now = ticker.now();
        if (now - due >= 0 && next.compareAndSet(due, now + MINUTE)) {
            try {
                logging.run();
            } catch (RuntimeException | Error e) {
                // There is no other place to tell.
            }
        }
    }
}
