package io.visitorcounter.core.mutants;

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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Has one thread take the steps, with the faults that a backend can have. */
final class FaultyBackend implements Backend {

    private static final Outcome CLOSED = new Outcome.NotWritten("the store is closed", null, false);

    private final FaultySteps.Shared shared;
    private final Fault fault;
    private final FaultySteps steps;
    private final FaultyKeys keys;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread made = new Thread(task, "faulty backend");
        made.setDaemon(true);
        return made;
    });

    FaultyBackend(FaultySteps.Shared shared, Fault fault) {
        this.shared = shared;
        this.fault = fault;
        this.steps = new FaultySteps(shared, fault);
        this.keys = new FaultyKeys(fault);
        synchronized (shared) {
            shared.closed = false;
        }
    }

    private boolean has(Fault one) {
        return fault == one;
    }

    @Override
    public void write(Batch batch, Consumer<Outcome> answer) {
        attempt(() -> steps.count(batch), answer);
    }

    @Override
    public void change(Change change, Consumer<Outcome> answer) {
        attempt(() -> steps.change(change), answer);
    }

    private void attempt(Supplier<Outcome> step, Consumer<Outcome> answer) {
        try {
            thread.execute(() -> answer(step, answer));
        } catch (RejectedExecutionException closed) {
            answer.accept(has(Fault.WRITES_AFTER_THE_CLOSE) ? step.get() : CLOSED);
        }
    }

    private void answer(Supplier<Outcome> step, Consumer<Outcome> answer) {
        Outcome outcome = isClosed() ? CLOSED : step.get();
        if (has(Fault.NOT_WRITTEN_FOR_MAYBE_AT_THE_CLOSE) && thread.isShutdown()) {
            outcome = CLOSED;
        }
        if (has(Fault.NO_ANSWER_AT_THE_CLOSE) && thread.isShutdown()) {
            return;
        }
        try {
            answer.accept(outcome);
            if (has(Fault.ANSWERS_TWICE)) {
                answer.accept(outcome);
            }
        } catch (RuntimeException | Error e) {
            if (has(Fault.AN_ANSWER_THAT_THROWS_STOPS_ALL)) {
                thread.shutdownNow();
            }
        }
    }

    private boolean isClosed() {
        synchronized (shared) {
            return shared.closed;
        }
    }

    private <T> CompletionStage<T> read(Supplier<T> reading) {
        try {
            return CompletableFuture.supplyAsync(
                    () -> {
                        synchronized (shared) {
                            return reading.get();
                        }
                    },
                    thread);
        } catch (RejectedExecutionException closed) {
            return CompletableFuture.failedFuture(new StoreException("the store is closed", closed));
        }
    }

    @Override
    public CompletionStage<List<CounterName>> counters() {
        return read(() -> {
            Stream<String> counting = shared.tallies.entrySet().stream()
                    .filter(counter -> isListed(counter.getKey(), counter.getValue()))
                    .map(Map.Entry::getKey);
            Stream<String> read = has(Fault.THE_LIST_HAS_WHAT_WAS_READ) ? shared.read.stream() : Stream.of();
            return Stream.concat(counting, read)
                    .distinct()
                    .limit(has(Fault.THE_LIST_ENDS_AT_100) ? 100 : Long.MAX_VALUE)
                    .flatMap(name -> Stream.generate(() -> CounterName.of(name))
                            .limit(has(Fault.THE_LIST_NAMES_EACH_TWICE) ? 2 : 1))
                    .toList();
        });
    }

    private boolean isListed(String name, Tally tally) {
        return switch (fault) {
            case THE_LIST_IS_EMPTY -> false;
            case THE_LIST_IS_OF_THIS_STORE -> tally.value() > 0 && steps.written.contains(name);
            case A_DELETED_COUNTER_IS_LISTED -> true;
            case A_RESET_COUNTER_IS_LISTED -> tally.value() > 0 || shared.hours.containsKey(name);
            default -> tally.value() > 0;
        };
    }

    @Override
    public CompletionStage<CounterValue> value(CounterName counter, CounterValue known) {
        return read(() -> {
            String key = keys.value(counter);
            Tally tally = shared.tallies.getOrDefault(key, Tally.NONE);
            shared.read.add(key);
            if (has(Fault.READING_COUNTS)) {
                shared.tallies.put(key, tally.plus(1, known));
            }
            CounterValue seen =
                    tally.seen(has(Fault.WHAT_THE_SENDER_SAW_IS_NOT_LOOKED_AT) ? new CounterValue(0, 0) : known);
            if (has(Fault.ANOTHER_STORES_VISITS_ARE_NOT_READ)) {
                seen = steps.values.getOrDefault(key, seen);
            }
            if (has(Fault.VALUE_IS_ONE_BEHIND)) {
                return new CounterValue(Math.max(0, seen.value() - 1), seen.generation());
            }
            return has(Fault.GENERATION_STAYS_WHEN_THE_VALUE_FALLS) ? new CounterValue(seen.value(), 0) : seen;
        });
    }

    @Override
    public CompletionStage<StoreHealth> check(CounterName counter) {
        if (has(Fault.CHECKING_THE_HEALTH_COUNTS)) {
            steps.countOne(counter);
        }
        return Backend.super.check(counter);
    }

    @Override
    public CompletionStage<List<HourlyVisits>> history(CounterName counter, long fromHour, long toHour) {
        return read(() -> {
            String key = has(Fault.COUNTERS_SHARE_A_HISTORY) ? "all" : counter.text();
            TreeMap<Long, Long> all = shared.hours.getOrDefault(key, new TreeMap<>());
            List<HourlyVisits> hours = new ArrayList<>();
            all.subMap(fromHour, !has(Fault.FROM_IS_EXCLUSIVE), toHour, has(Fault.TO_IS_INCLUSIVE))
                    .forEach((hour, visits) -> hours.add(new HourlyVisits(Instant.ofEpochSecond(hour * 3600), visits)));
            if (has(Fault.NEWEST_HOUR_FIRST)) {
                Collections.reverse(hours);
            }
            if (has(Fault.READING_THE_HISTORY_COUNTS)) {
                steps.countOne(counter);
            }
            if (has(Fault.EMPTY_HOURS_ARE_LISTED) && hours.isEmpty()) {
                hours.add(new HourlyVisits(Instant.ofEpochSecond(fromHour * 3600), 0));
            }
            return hours;
        });
    }

    @Override
    public Optional<VisitorSketches> sketches() {
        return Optional.of(new FaultySketches(shared.sketches, fault, steps::countOne));
    }

    @Override
    public StoreHealth health() {
        return new StoreHealth(!has(Fault.UNHEALTHY) && !thread.isShutdown(), "maps of the test");
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            thread.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        steps.close();
    }
}
