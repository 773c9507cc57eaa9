package io.visitorcounter.core.combine;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Ends a store's retried calls when their deadline passes, oldest first, with one timer for all. Thread-safe. */
final class Deadlines {

    private static final long COARSE = TimeUnit.MILLISECONDS.toNanos(5);

    private final Ticker ticker;
    private final ConcurrentLinkedQueue<RetriedCall<?>> calls = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final AtomicInteger open = new AtomicInteger();

    Deadlines(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Watches over a call, from now until it ends. */
    void add(RetriedCall<?> call) {
        open.incrementAndGet();
        call.whenEnded(open::decrementAndGet);
        // This also drops calls that have ended. Those behind a call that still waits stay until its deadline.
        dropEnded();
        calls.add(call);
        schedule();
    }

    /** {@return how many calls have not ended} */
    int size() {
        return open.get();
    }

    List<RetriedCall<?>> open() {
        return List.copyOf(calls);
    }

    private void dropEnded() {
        for (RetriedCall<?> oldest = calls.peek(); oldest != null && oldest.isDone(); oldest = calls.peek()) {
            calls.remove(oldest);
        }
    }

    private void schedule() {
        RetriedCall<?> oldest = calls.peek();
        if (oldest != null && scheduled.compareAndSet(false, true)) {
            ticker.at(Math.max(oldest.deadline, ticker.now() + COARSE), this::tick);
        }
    }

    private void tick() {
        long now = ticker.now();
        try {
            for (RetriedCall<?> oldest = calls.peek(); oldest != null && oldest.endedBy(now); oldest = calls.peek()) {
                calls.remove(oldest);
            }
        } finally {
            scheduled.set(false);
            schedule();
        }
    }

    void endAll() {
        for (RetriedCall<?> call = calls.poll(); call != null; call = calls.poll()) {
            call.giveUp();
        }
    }
}
