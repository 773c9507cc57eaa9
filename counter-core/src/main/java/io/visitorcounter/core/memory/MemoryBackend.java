package io.visitorcounter.core.memory;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.StoreHealth;
import io.visitorcounter.core.spi.Backend;
import io.visitorcounter.core.spi.Batch;
import io.visitorcounter.core.spi.Change;
import io.visitorcounter.core.spi.Outcome;
import io.visitorcounter.core.spi.Tally;
import io.visitorcounter.core.spi.VisitorSketches;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Counts in maps, on its own thread like the other stores: if stages were complete on return, callbacks would run
 *  inside the call, and a callback that visits again would nest without limit. The thread ends when idle. */
final class MemoryBackend implements Backend {

    /** The highest number of visit ids that are remembered; each takes about 200 bytes. */
    static final int MAX_IDS = 100_000;

    private static final Outcome CLOSED = new Outcome.NotWritten("the store is closed", null, false);

    private final Clock clock;
    private final Duration idWindow;
    private final ThreadPoolExecutor thread;
    private final MemoryVisitors visitors;

    // Used on the thread only:
    private final Map<CounterName, Counter> counters = new HashMap<>();
    private final LinkedHashMap<IdKey, Remembered> ids = new LinkedHashMap<>(16, 0.75f, true); // the oldest use first

    MemoryBackend(Clock clock, Duration idWindow) {
        this.clock = clock;
        this.idWindow = idWindow;
        this.thread = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread made = new Thread(task, "visitor-counter-memory");
            made.setDaemon(true);
            return made;
        });
        thread.allowCoreThreadTimeOut(true);
        this.visitors = new MemoryVisitors(this);
    }

    private static final class Counter {
        private Tally tally = Tally.NONE;
        private final TreeMap<Long, Long> hours = new TreeMap<>();
    }

    private record IdKey(CounterName counter, String record) {}

    /** The number that a visit id got. */
    private record Remembered(long number, long generation, Instant until) {}

    @Override
    public void write(Batch batch, Consumer<Outcome> answer) {
        answer(() -> count(batch, clock.instant()), answer);
    }

    @Override
    public void change(Change change, Consumer<Outcome> answer) {
        answer(() -> change(change, clock.instant()), answer);
    }

    private void answer(Supplier<Outcome> step, Consumer<Outcome> answer) {
        try {
            thread.execute(() -> answer.accept(outcome(step)));
        } catch (RejectedExecutionException closed) {
            answer.accept(CLOSED);
        }
    }

    private static Outcome outcome(Supplier<Outcome> step) {
        try {
            return step.get();
        } catch (RuntimeException | Error e) {
            return new Outcome.MaybeWritten("memory: " + e, e, false);
        }
    }

    private Outcome change(Change change, Instant now) {
        IdKey key = new IdKey(change.counter(), change.record());
        Outcome before = repeated(key, now);
        if (before != null) {
            return before;
        }
        Counter counter = counters.computeIfAbsent(change.counter(), name -> new Counter());
        Tally tally = counter.tally.changedTo(change.value(), change.known());
        counter.tally = tally;
        List<HourlyVisits> history = change.history();
        if (history != null) {
            counter.hours.clear();
            history.forEach(hour -> counter.hours.put(hour.hour().getEpochSecond() / 3600, hour.visits()));
            counter.hours.headMap(hour(now) - HourlyVisits.KEPT.toHours(), true).clear();
        }
        remember(key, tally, now);
        return new Outcome.Written(tally.value(), tally.generation(), false, null);
    }

    private void remember(IdKey key, Tally tally, Instant now) {
        ids.put(key, new Remembered(tally.value(), tally.generation(), now.plus(idWindow)));
    }

    private static long hour(Instant now) {
        return Math.floorDiv(now.getEpochSecond(), 3600L);
    }

    private @Nullable Outcome repeated(IdKey key, Instant now) {
        var oldest = ids.values().iterator();
        while (oldest.hasNext() && oldest.next().until().isBefore(now)) {
            oldest.remove();
        }
        Remembered first = ids.get(key);
        if (first != null) {
            ids.put(key, new Remembered(first.number(), first.generation(), now.plus(idWindow)));
            return new Outcome.Written(first.number(), first.generation(), true, null);
        }
        return ids.size() < MAX_IDS
                ? null
                : new Outcome.NotWritten(
                        "memory: " + MAX_IDS + " visit ids are remembered, and no more fit; wait until some expire, or"
                                + " choose another store",
                        null,
                        false);
    }

    private Outcome count(Batch batch, Instant now) {
        IdKey key = batch.hasId() ? new IdKey(batch.counter(), batch.record()) : null;
        Outcome before = key == null ? null : repeated(key, now);
        if (before != null) {
            return before;
        }
        Counter counter = counters.computeIfAbsent(batch.counter(), name -> new Counter());
        int visits = batch.visits();
        String objection = counter.tally.objection(visits);
        if (objection != null) {
            return new Outcome.NotWritten("memory: " + objection, null, false);
        }
        Outcome.Regression regression = counter.tally.regression(batch.known());
        Tally tally = counter.tally.plus(visits, batch.known());
        counter.tally = tally;
        long hour = hour(now);
        counter.hours.merge(hour, (long) visits, Long::sum);
        counter.hours.headMap(hour - HourlyVisits.KEPT.toHours(), true).clear();
        if (key != null) {
            remember(key, tally, now);
        }
        return new Outcome.Written(tally.value(), tally.generation(), false, regression);
    }

    @Override
    public CompletionStage<CounterValue> value(CounterName name, CounterValue known) {
        return onThread(() -> {
            Counter counter = counters.get(name);
            return (counter == null ? Tally.NONE : counter.tally).seen(known);
        });
    }

    @Override
    public CompletionStage<List<CounterName>> counters() {
        return onThread(() -> counters.entrySet().stream()
                .filter(counter -> counter.getValue().tally.value() > 0)
                .map(Map.Entry::getKey)
                .toList());
    }

    @Override
    public CompletionStage<List<HourlyVisits>> history(CounterName name, long fromHour, long toHour) {
        return onThread(() -> {
            Counter counter = counters.get(name);
            return counter == null
                    ? List.of()
                    : counter.hours.subMap(fromHour, toHour).entrySet().stream()
                            .map(e -> new HourlyVisits(Instant.ofEpochSecond(e.getKey() * 3600), e.getValue()))
                            .toList();
        });
    }

    @Override
    public Optional<VisitorSketches> sketches() {
        return Optional.of(visitors);
    }

    /** {@return what the task gives, on the thread that owns the maps} */
    <T> CompletionStage<T> onThread(Supplier<T> task) {
        try {
            return CompletableFuture.supplyAsync(task, thread);
        } catch (RejectedExecutionException closed) {
            return CompletableFuture.failedFuture(new StoreException("memory: the store is closed", closed));
        }
    }

    @Override
    public StoreHealth health() {
        boolean open = !thread.isShutdown();
        return new StoreHealth(open, open ? "memory: counting" : "memory: the store is closed");
    }

    @Override
    public String toString() {
        return "memory";
    }

    @Override
    public void close() {
        thread.shutdown();
        boolean interrupted = Thread.interrupted();
        while (!thread.isTerminated()) {
            try {
                thread.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
