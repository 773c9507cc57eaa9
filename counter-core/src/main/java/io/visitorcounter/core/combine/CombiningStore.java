package io.visitorcounter.core.combine;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.StoreHealth;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.core.spi.Backend;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** A store that combines the visits of each counter and leaves reading and writing to a backend. */
final class CombiningStore implements CounterStore {

    /** How many visited counters are kept; about 800 bytes each. */
    private static final int MAX_COUNTERS = 10_000;

    private static final long SWEEP = TimeUnit.MINUTES.toNanos(1);
    private static final long REPAIR = TimeUnit.SECONDS.toNanos(1);

    private final StoreContext context;
    final KeptCounters counters;
    private final Map<FailureLog.Kind, Deadlines> retried = new EnumMap<>(FailureLog.Kind.class);
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean closed;

    CombiningStore(Backend backend, CounterOptions options) {
        this(backend, new ThreadTicker("visitor-counter-ticker"), options, MAX_COUNTERS);
    }

    CombiningStore(Backend backend, Ticker ticker, CounterOptions options, int maxCounters) {
        this.context = new StoreContext(backend, ticker, () -> UUID.randomUUID().toString(), options);
        this.counters = new KeptCounters(this, context, maxCounters);
        for (FailureLog.Kind kind : FailureLog.Kind.values()) {
            retried.put(kind, new Deadlines(ticker));
        }
        backend.watch(context::found);
        ticker.at(ticker.now() + SWEEP, this::sweep);
        ticker.at(ticker.now() + REPAIR, this::repair);
    }

    @Override
    public VisitorCounter counter(CounterName name) {
        return counters.get(Objects.requireNonNull(name, "counter name"));
    }

    private void sweep() {
        try {
            counters.sweep();
            counters.noted().forEach(NotedVisitors::forgetOldSalt);
        } finally {
            context.ticker.at(context.ticker.now() + SWEEP, this::sweep);
        }
    }

    private void repair() {
        try {
            counters.lanes().forEach(Lane::repair);
        } finally {
            context.ticker.at(context.ticker.now() + REPAIR, this::repair);
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** Starts a call, unless the limit of waiting calls of its kind is reached.
     *
     *  @return whether it was started */
    boolean start(RetriedCall<?> call) {
        Deadlines open = Objects.requireNonNull(retried.get(call.kind));
        if (open.size() >= context.queue) {
            return false;
        }
        open.add(call);
        call.attempt();
        return true;
    }

    /** {@return the started read, or a failed stage if the limit of waiting reads is reached} */
    <T> CompletionStage<T> started(ValueRead<T> read) {
        return start(read) ? read : CompletableFuture.failedFuture(read.refused());
    }

    @Override
    public CompletionStage<List<CounterName>> counters() {
        if (closed) {
            return CompletableFuture.failedFuture(new StoreException("counters: not read: the store is closed", null));
        }
        return started(new ValueRead<>(
                null,
                FailureLog.Kind.READS,
                context,
                () -> context.backend
                        .counters()
                        .thenApply(names -> names.stream()
                                .sorted(Comparator.comparing(CounterName::text))
                                .toList())));
    }

    @Override
    public int waiting() {
        return counters.lanes().stream().mapToInt(Lane::waiting).sum();
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
        context.logNoMore();
        long end = context.ticker.now() + context.deadline;
        try {
            drain();
        } finally {
            counters.lanes().forEach(Lane::abort);
            retried.values().forEach(Deadlines::endAll);
            context.callbacks.finish(end - context.ticker.now());
            context.ticker.close();
            context.backend.close();
            over.countDown();
        }
    }

    @Override
    public String toString() {
        return closed ? context.backend + ", closed" : context.backend.toString();
    }

    private void awaitClosed() {
        // The close in progress waits for the callbacks on the executor.
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
                counters.lanes().stream().map(Lane::asleep).toArray(CompletableFuture<?>[]::new);
        CompletableFuture<?>[] open = retried.values().stream()
                .flatMap(calls -> calls.open().stream())
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture<?> all = CompletableFuture.allOf(
                CompletableFuture.allOf(asleep), CompletableFuture.allOf(open).handle((done, failed) -> null));
        try {
            all.get(context.deadline, TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // The remaining calls fail now.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
