package io.visitorcounter.core.memory;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.StoreHealth;
import io.visitorcounter.core.spi.Backend;
import io.visitorcounter.core.spi.Batch;
import io.visitorcounter.core.spi.Outcome;
import io.visitorcounter.core.spi.Tally;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Counts in maps; every write answers at once. */
final class MemoryBackend implements Backend {

    private static final long HOURS_KEPT = 400 * 24;

    private final Clock clock;
    private final Duration idWindow;
    private final Map<CounterName, Counter> counters = new ConcurrentHashMap<>();
    private volatile boolean closed;

    MemoryBackend(Clock clock, Duration idWindow) {
        this.clock = clock;
        this.idWindow = idWindow;
    }

    /** One counter; guarded by its own lock, which nobody else can reach. */
    private static final class Counter {
        private Tally tally = Tally.NONE;
        private final TreeMap<Long, Long> hours = new TreeMap<>();
        // In the order of the last use, so that the expired ones come first.
        private final LinkedHashMap<String, Remembered> ids = new LinkedHashMap<>(16, 0.75f, true);
    }

    /** The answer that a visit id got. */
    private record Remembered(long number, long generation, Instant until) {}

    @Override
    public void write(Batch batch, Consumer<Outcome> answer) {
        if (closed) {
            answer.accept(new Outcome.NotWritten("the store is closed", null, false));
            return;
        }
        Counter counter = counters.computeIfAbsent(batch.counter(), name -> new Counter());
        Outcome outcome;
        synchronized (counter) {
            Outcome before = batch.hasId() ? repeated(counter, batch) : null;
            outcome = before != null ? before : count(counter, batch);
        }
        answer.accept(outcome);
    }

    private @Nullable Outcome repeated(Counter counter, Batch batch) {
        Instant now = clock.instant();
        var oldest = counter.ids.values().iterator();
        while (oldest.hasNext() && oldest.next().until().isBefore(now)) {
            oldest.remove();
        }
        Remembered first = counter.ids.get(batch.record());
        if (first == null) {
            return null;
        }
        counter.ids.put(batch.record(), new Remembered(first.number(), first.generation(), now.plus(idWindow)));
        return new Outcome.Written(first.number(), first.generation(), true, null);
    }

    private Outcome count(Counter counter, Batch batch) {
        Instant now = clock.instant();
        int visits = batch.visits();
        Outcome.Regression regression = counter.tally.regression(batch.known());
        counter.tally = counter.tally.plus(visits, batch.known());
        long hour = Math.floorDiv(now.getEpochSecond(), 3600L);
        counter.hours.merge(hour, (long) visits, Long::sum);
        counter.hours.headMap(hour - HOURS_KEPT, true).clear();
        Tally tally = counter.tally;
        if (batch.hasId()) {
            counter.ids.put(batch.record(), new Remembered(tally.value(), tally.generation(), now.plus(idWindow)));
        }
        return new Outcome.Written(tally.value(), tally.generation(), false, regression);
    }

    @Override
    public CompletionStage<CounterValue> value(CounterName name, CounterValue known) {
        Counter counter = counters.get(name);
        if (counter == null) {
            return CompletableFuture.completedFuture(Tally.NONE.seen(known));
        }
        synchronized (counter) {
            return CompletableFuture.completedFuture(counter.tally.seen(known));
        }
    }

    @Override
    public CompletionStage<List<HourlyVisits>> history(CounterName name, long fromHour, long toHour) {
        Counter counter = counters.get(name);
        if (counter == null) {
            return CompletableFuture.completedFuture(List.of());
        }
        synchronized (counter) {
            return CompletableFuture.completedFuture(counter.hours.subMap(fromHour, toHour).entrySet().stream()
                    .map(e -> new HourlyVisits(Instant.ofEpochSecond(e.getKey() * 3600), e.getValue()))
                    .toList());
        }
    }

    @Override
    public StoreHealth health() {
        return new StoreHealth(true, "memory: counting");
    }

    @Override
    public void close() {
        closed = true;
    }
}
