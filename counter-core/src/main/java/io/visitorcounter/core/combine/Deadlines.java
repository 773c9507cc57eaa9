package io.visitorcounter.core.combine;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Ends the repeated calls of a store whose deadline comes, oldest first, with one timer for all. Thread-safe. */
final class Deadlines {

    private static final long COARSE = TimeUnit.MILLISECONDS.toNanos(5);

    private final Ticker ticker;
    private final ConcurrentLinkedQueue<Repeated<?>> calls = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final AtomicInteger watched = new AtomicInteger();

    Deadlines(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Watches over a call, from now until its deadline. */
    void add(Repeated<?> call) {
        watched.incrementAndGet();
        calls.add(call);
        schedule();
    }

    /** {@return how many calls it watches, ended ones among them until their deadline} */
    int size() {
        return watched.get();
    }

    /** {@return the calls that it watches now} */
    List<Repeated<?>> open() {
        return List.copyOf(calls);
    }

    private void schedule() {
        Repeated<?> oldest = calls.peek();
        if (oldest != null && scheduled.compareAndSet(false, true)) {
            ticker.at(Math.max(oldest.deadline, ticker.now() + COARSE), this::tick);
        }
    }

    private void tick() {
        endUntil(ticker.now());
        scheduled.set(false);
        schedule();
    }

    /** Ends the calls whose deadline is at that instant or before. */
    void endUntil(long now) {
        for (Repeated<?> call = calls.peek(); call != null && call.endedBy(now); call = calls.peek()) {
            if (calls.remove(call)) {
                watched.decrementAndGet();
            }
        }
    }

    /** Ends every call now. */
    void endAll() {
        for (Repeated<?> call = calls.poll(); call != null; call = calls.poll()) {
            watched.decrementAndGet();
            Repeated<?> ended = call;
            call.end(stage -> stage.completeExceptionally(ended.late()));
        }
    }
}
