package io.visitorcounter.core.combine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Limits the logging of an event that may happen at every visit to once a minute. Thread-safe. */
final class AtMostOnceAMinute {

    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final Ticker ticker;
    private final AtomicLong next;

    AtMostOnceAMinute(Ticker ticker) {
        this.ticker = ticker;
        this.next = new AtomicLong(ticker.now());
    }

    /** Runs the task, unless one ran less than a minute ago. Never throws: a logger is foreign code too. */
    void run(Runnable logging) {
        long due = next.get();
        long now = ticker.now();
        if (now - due >= 0 && next.compareAndSet(due, now + MINUTE)) {
            try {
                logging.run();
            } catch (RuntimeException | Error e) {
                // There is nowhere else to report it.
            }
        }
    }
}
