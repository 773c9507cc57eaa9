package io.visitorcounter.core.mutants;

import io.visitorcounter.core.CounterListener;
import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.DailyVisitors;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.MaybeCountedException;
import io.visitorcounter.core.NotCountedException;
import io.visitorcounter.core.StoreHealth;
import io.visitorcounter.core.Visit;
import io.visitorcounter.core.VisitId;
import io.visitorcounter.core.VisitRange;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.core.spi.StoreFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** A store over a faulty backend, with the faults that only a whole store of one's own can have. */
final class FaultyStore implements CounterStore {

    private final Fault fault;
    private final CounterOptions asked;
    private final FaultySteps.Shared shared;
    private final CounterStore store;
    private volatile boolean closed;

    FaultyStore(FaultySteps.Shared shared, Fault fault, CounterOptions options) {
        this.shared = shared;
        this.fault = fault;
        this.asked = options;
        this.store = StoreFactory.open(new FaultyBackend(shared, fault), changed(options));
    }

    private CounterOptions changed(CounterOptions options) {
        CounterOptions.Builder changed = options.toBuilder().listener(new Told(options.listener(), fault));
        if (fault == Fault.THE_EXECUTOR_IS_NOT_USED) {
            changed.executor(Runnable::run);
        } else if (fault == Fault.A_THROWING_EXECUTOR_LOSES_THE_STAGE) {
            options.executor().ifPresent(executor -> changed.executor(swallowing(executor)));
        } else if (fault == Fault.CLOSING_DOES_NOT_WAIT_FOR_THE_EXECUTOR) {
            // The store believes that its work is done.
            options.executor().ifPresent(executor -> changed.executor(task -> {}));
        }
        return changed.build();
    }

    private static Executor swallowing(Executor executor) {
        return task -> {
            try {
                executor.execute(task);
            } catch (RuntimeException | Error e) {
                // The stage is lost.
            }
        };
    }

    /** A listener that is not told all. */
    private record Told(CounterListener to, Fault fault) implements CounterListener {
        @Override
        public void onBatch(CounterName counter, int visits, Duration took) {
            if (fault != Fault.NO_ON_BATCH) {
                to.onBatch(fault == Fault.ANOTHER_COUNTER_IS_NAMED ? CounterName.of("another") : counter, visits, took);
            }
        }

        @Override
        public void onDuplicate(CounterName counter) {
            if (fault == Fault.A_DUPLICATE_IS_A_BATCH) {
                to.onBatch(counter, 1, Duration.ZERO);
            } else if (fault != Fault.NO_ON_DUPLICATE) {
                to.onDuplicate(counter);
            }
        }

        @Override
        public void onFailure(CounterName counter, int visits, io.visitorcounter.core.CounterException failure) {
            if (fault != Fault.NO_ON_FAILURE) {
                to.onFailure(counter, visits, failure);
            }
        }
    }

    @Override
    public VisitorCounter counter(CounterName name) {
        VisitorCounter counter = store.counter(name);
        return needsOwnCounter() ? new Counter(counter) : counter;
    }

    private boolean needsOwnCounter() {
        return switch (fault) {
            case ANOTHER_OBJECT_EACH_TIME,
                    A_STEP_OF_NONE_PASSES,
                    A_LONG_HISTORY_IS_READ,
                    TO_IS_NOT_ROUNDED_UP,
                    COUNTS_AFTER_THE_CLOSE,
                    READS_AFTER_THE_CLOSE,
                    A_REFUSED_VISIT_IS_COUNTED,
                    A_THROWING_LISTENER_FAILS_THE_VISIT,
                    AN_INTERRUPT_FAILS_THE_VISIT,
                    A_TIMEOUT_IS_CALLED_NOT_COUNTED,
                    A_LONG_TIMEOUT_OVERFLOWS,
                    A_NULL_HISTORY_IS_NONE,
                    A_CANCELLED_VISIT_IS_TAKEN_BACK -> true;
            default -> false;
        };
    }

    private final class Counter implements VisitorCounter {

        private final VisitorCounter to;

        Counter(VisitorCounter to) {
            this.to = to;
        }

        @Override
        public CounterName name() {
            return to.name();
        }

        @Override
        public CompletionStage<Visit> visit() {
            if (fault == Fault.COUNTS_AFTER_THE_CLOSE && closed) {
                return CompletableFuture.completedFuture(new Visit(1, 0, false));
            }
            if (fault == Fault.AN_INTERRUPT_FAILS_THE_VISIT
                    && Thread.currentThread().isInterrupted()) {
                return CompletableFuture.failedFuture(new NotCountedException("interrupted", null));
            }
            CompletionStage<Visit> visit = to.visit();
            return switch (fault) {
                case A_THROWING_LISTENER_FAILS_THE_VISIT ->
                    visit.thenApply(told -> {
                        asked.listener().onBatch(name(), 1, Duration.ZERO);
                        return told;
                    });
                case A_REFUSED_VISIT_IS_COUNTED ->
                    visit.whenComplete((told, failure) -> {
                        if (failure != null) {
                            shared.overwrite(name(), 1_000_000);
                        }
                    });
                case A_CANCELLED_VISIT_IS_TAKEN_BACK -> takenBack(visit);
                default -> visit;
            };
        }

        private CompletionStage<Visit> takenBack(CompletionStage<Visit> visit) {
            CompletableFuture<Visit> mine = new CompletableFuture<>() {
                @Override
                public boolean cancel(boolean interrupt) {
                    visit.toCompletableFuture().join();
                    shared.overwrite(name(), 0);
                    return super.cancel(interrupt);
                }
            };
            visit.whenComplete((told, failure) -> {
                if (failure == null) {
                    mine.complete(told);
                } else {
                    mine.completeExceptionally(failure);
                }
            });
            return mine;
        }

        @Override
        public CompletionStage<VisitRange> visit(int count) {
            return fault == Fault.A_STEP_OF_NONE_PASSES && count == 0
                    ? CompletableFuture.completedFuture(new VisitRange(1, 1, 0))
                    : to.visit(count);
        }

        @Override
        public CompletionStage<Visit> visit(VisitId id) {
            return to.visit(id);
        }

        @Override
        public Visit visit(Duration timeout) throws InterruptedException {
            Visit visit;
            try {
                visit = to.visit(timeout);
            } catch (MaybeCountedException late) {
                throw fault == Fault.A_TIMEOUT_IS_CALLED_NOT_COUNTED
                        ? new NotCountedException("no answer in time", late)
                        : late;
            }
            if (fault == Fault.A_LONG_TIMEOUT_OVERFLOWS && timeout.toNanos() < 0) {
                throw new IllegalArgumentException("timeout: expected above zero, got " + timeout);
            }
            return visit;
        }

        @Override
        public CompletionStage<CounterValue> value() {
            return fault == Fault.READS_AFTER_THE_CLOSE && closed
                    ? CompletableFuture.completedFuture(new CounterValue(0, 0))
                    : to.value();
        }

        @Override
        public CompletionStage<CounterValue> set(long value, VisitId request) {
            return to.set(value, request);
        }

        @Override
        public CompletionStage<CounterValue> restore(long value, List<HourlyVisits> history, VisitId request) {
            return history == null && fault == Fault.A_NULL_HISTORY_IS_NONE
                    ? to.set(value, request)
                    : to.restore(value, history, request);
        }

        @Override
        public CompletionStage<Void> noteVisitor(String visitor) {
            return to.noteVisitor(visitor);
        }

        @Override
        public CompletionStage<List<DailyVisitors>> visitors(LocalDate from, LocalDate to) {
            return this.to.visitors(from, to);
        }

        @Override
        public CompletionStage<Long> visitorsToday() {
            return to.visitorsToday();
        }

        @Override
        public CompletionStage<List<HourlyVisits>> history(Instant from, Instant to) {
            return switch (fault) {
                case A_LONG_HISTORY_IS_READ -> unbounded(() -> this.to.history(from, to));
                case TO_IS_NOT_ROUNDED_UP -> this.to.history(from, rounded(from, to));
                default -> this.to.history(from, to);
            };
        }

        private static Instant rounded(Instant from, Instant to) {
            Instant down = to.truncatedTo(ChronoUnit.HOURS);
            return down.isBefore(from) ? from.truncatedTo(ChronoUnit.HOURS) : down;
        }

        private static CompletionStage<List<HourlyVisits>> unbounded(
                Supplier<CompletionStage<List<HourlyVisits>>> read) {
            try {
                return read.get();
            } catch (IllegalArgumentException e) {
                return CompletableFuture.completedFuture(List.of());
            }
        }
    }

    @Override
    public CompletionStage<List<CounterName>> counters() {
        return store.counters();
    }

    @Override
    public StoreHealth health() {
        return fault == Fault.HEALTHY_AFTER_THE_CLOSE ? new StoreHealth(true, "always") : store.health();
    }

    @Override
    public void close() {
        if (closed && fault == Fault.A_SECOND_CLOSE_THROWS) {
            throw new IllegalStateException("closed already");
        }
        store.close();
        closed = true;
    }
}
