package io.visitorcounter.core.combine;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.StoreHealth;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.core.spi.Backend;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A store that combines the visits of each counter and leaves reading and writing to a backend. */
final class CombiningStore implements CounterStore {

    /** A counter that was not visited for so long is let go as soon as nobody holds it. */
    private static final long IDLE = TimeUnit.MINUTES.toNanos(10);

    private static final long SWEEP = TimeUnit.MINUTES.toNanos(1);
    private static final long REPAIR = TimeUnit.SECONDS.toNanos(1);

    private final StoreContext context;
    private final Deadlines deadlines;
    private final ConcurrentHashMap<CounterName, Slot> slots = new ConcurrentHashMap<>();
    private final ReferenceQueue<CombiningCounter> gone = new ReferenceQueue<>();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean closed;

    /** Makes a store.
     *
     *  @param backend is closed with it
     *  @param options limits, executor, listener */
    CombiningStore(Backend backend, CounterOptions options) {
        this(backend, new ThreadTicker("visitor-counter-ticker"), options);
    }

    CombiningStore(Backend backend, Ticker ticker, CounterOptions options) {
        this.context = new StoreContext(backend, ticker, () -> UUID.randomUUID().toString(), options);
        this.deadlines = new Deadlines(ticker);
        ticker.at(ticker.now() + SWEEP, this::sweep);
        ticker.at(ticker.now() + REPAIR, this::repair);
    }

    /** Where a counter is found: for good while it is used, else as long as a caller holds it. */
    private static final class Slot extends WeakReference<CombiningCounter> {

        private final CounterName name;
        private volatile @Nullable CombiningCounter kept;

        Slot(CombiningCounter counter, ReferenceQueue<CombiningCounter> gone) {
            super(counter, gone);
            this.name = counter.name();
            this.kept = counter;
        }
    }

    @Override
    public VisitorCounter counter(CounterName name) {
        Slot found = slots.get(name);
        CombiningCounter counter = found == null ? null : found.get();
        while (counter == null) {
            Slot slot = slots.compute(
                    name,
                    (key, old) -> old != null && old.get() != null
                            ? old
                            : new Slot(new CombiningCounter(key, this, context), gone));
            counter = slot.get();
            found = slot;
        }
        if (found != null && found.kept == null) {
            found.kept = counter;
        }
        return counter;
    }

    /** Lets go of the counters that were not used for long. */
    private void sweep() {
        long now = context.ticker.now();
        for (Slot slot : slots.values()) {
            CombiningCounter counter = slot.kept;
            if (counter != null && counter.lane.idleSince(now - IDLE)) {
                slot.kept = null;
            }
        }
        for (Object slot = gone.poll(); slot != null; slot = gone.poll()) {
            slots.remove(((Slot) slot).name, slot);
        }
        context.ticker.at(now + SWEEP, this::sweep);
    }

    private void repair() {
        try {
            counters().forEach(counter -> counter.lane.repair());
        } finally {
            context.ticker.at(context.ticker.now() + REPAIR, this::repair);
        }
    }

    /** {@return how many counters it knows} */
    int size() {
        return slots.size();
    }

    boolean isClosed() {
        return closed;
    }

    /** {@return whether another call outside the lanes may start} */
    boolean hasRoom() {
        return deadlines.size() < context.options.queue();
    }

    <T> CompletableFuture<T> start(RetriedCall<T> call) {
        deadlines.add(call);
        call.attempt();
        return call;
    }

    @Override
    public StoreHealth health() {
        return closed ? new StoreHealth(false, "the store is closed") : context.backend.health();
    }

    @Override
    public void close() {
        context.refuseOwnThread("close the store");
        if (!closing.compareAndSet(false, true)) {
            awaitClosed();
            return;
        }
        closed = true;
        context.failures.close();
        long end = context.ticker.now() + context.deadline;
        try {
            drain();
        } finally {
            counters().forEach(counter -> counter.lane.abort());
            deadlines.endAll();
            context.callbacks.finish(end - context.ticker.now());
            context.ticker.close();
            context.backend.close();
            over.countDown();
        }
    }

    private void awaitClosed() {
        // The close that is under way waits for the callbacks on the executor.
        if (!context.callbacks.onExecutor()) {
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void drain() {
        CompletableFuture<?>[] asleep =
                counters().stream().map(counter -> counter.lane.asleep()).toArray(CompletableFuture<?>[]::new);
        CompletableFuture<?>[] open = deadlines.open().toArray(CompletableFuture<?>[]::new);
        CompletableFuture<?> all = CompletableFuture.allOf(
                CompletableFuture.allOf(asleep), CompletableFuture.allOf(open).handle((done, failed) -> null));
        try {
            all.get(context.deadline, TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // What is left is failed now.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<CombiningCounter> counters() {
        List<CombiningCounter> counters = new ArrayList<>();
        for (Slot slot : slots.values()) {
            CombiningCounter counter = slot.get();
            if (counter != null) {
                counters.add(counter);
            }
        }
        return counters;
    }
}
