package io.visitorcounter.core.combine;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.MaybeCountedException;
import io.visitorcounter.core.NotCountedException;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.StoreHealth;
import io.visitorcounter.core.Visit;
import io.visitorcounter.core.VisitId;
import io.visitorcounter.core.VisitRange;
import io.visitorcounter.core.VisitorCounter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A counter whose visits go through one lane. */
final class CombiningCounter implements VisitorCounter {

    private final CounterName name;
    private final CombiningStore store;
    private final StoreContext context;
    private final HealthCheck check;
    final Lane lane;

    CombiningCounter(CounterName name, CombiningStore store, StoreContext context) {
        this.name = name;
        this.store = store;
        this.context = context;
        this.check = new HealthCheck(name, context);
        this.lane = new Lane(name, context);
    }

    @Override
    public CounterName name() {
        return name;
    }

    @Override
    public CompletionStage<Visit> visit() {
        return store.isClosed() ? closed(1) : lane.visit();
    }

    @Override
    public CompletionStage<VisitRange> visit(int count) {
        if (count < 1 || count > context.options.queue()) {
            throw new IllegalArgumentException(
                    "visits: expected 1.." + context.options.queue() + " in one step, got " + count);
        }
        return store.isClosed() ? closed(count) : lane.visit(count);
    }

    @Override
    public CompletionStage<Visit> visit(VisitId id) {
        if (store.isClosed()) {
            return closed(1);
        }
        if (!store.hasRoom()) {
            return refused(
                    1, lane.notCounted(context.options.queue() + " visits with an id already wait; retry later", null));
        }
        return store.start(new IdVisit(name, id, lane.known(), context));
    }

    @Override
    public Visit visit(Duration timeout) throws InterruptedException {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout: expected more than 0, got " + timeout);
        }
        context.refuseOwnThread("wait for a visit");
        try {
            return visit().toCompletableFuture().get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw here(e.getCause());
        } catch (TimeoutException e) {
            throw new MaybeCountedException(
                    "counter \"" + name + "\": maybe counted: no answer within the caller's " + timeout.toMillis()
                            + " ms",
                    null,
                    e);
        }
    }

    /** {@return the same failure with this thread's trace; one exception may have ended many calls} */
    private static RuntimeException here(@Nullable Throwable failure) {
        if (failure instanceof NotCountedException not) {
            return new NotCountedException(String.valueOf(not.getMessage()), not);
        }
        if (failure instanceof MaybeCountedException maybe) {
            return new MaybeCountedException(
                    String.valueOf(maybe.getMessage()), maybe.visitId().orElse(null), maybe);
        }
        return new IllegalStateException(failure);
    }

    @Override
    public CompletionStage<CounterValue> value() {
        return read(() -> context.backend.value(name, lane.known()));
    }

    @Override
    public CompletionStage<List<HourlyVisits>> history(Instant from, Instant to) {
        long fromHour = Math.floorDiv(from.getEpochSecond(), 3600L);
        boolean whole = to.getNano() == 0 && to.getEpochSecond() % 3600 == 0;
        long toHour = Math.floorDiv(to.getEpochSecond(), 3600L) + (whole ? 0 : 1);
        if (to.isBefore(from) || toHour - fromHour > HourlyVisits.KEPT.toHours() + 1) {
            throw new IllegalArgumentException("history: expected from <= to and at most " + HourlyVisits.KEPT.toDays()
                    + " days between, got " + from + " and " + to);
        }
        return read(() -> context.backend.history(name, fromHour, toHour));
    }

    @Override
    public CompletionStage<StoreHealth> health() {
        return store.isClosed() ? CompletableFuture.completedFuture(store.health()) : check.result();
    }

    private <T> CompletionStage<T> read(Supplier<CompletionStage<T>> read) {
        if (store.isClosed()) {
            return CompletableFuture.failedFuture(
                    new StoreException("counter \"" + name + "\": not read: the store is closed", null));
        }
        return store.start(new ValueRead<>(name, context, read));
    }

    private <T> CompletionStage<T> closed(int visits) {
        return refused(visits, lane.notCounted("the store is closed", null));
    }

    private <T> CompletionStage<T> refused(int visits, NotCountedException failure) {
        context.callbacks.tell(listener -> listener.onFailure(name, visits, failure));
        return CompletableFuture.failedFuture(failure);
    }
}
