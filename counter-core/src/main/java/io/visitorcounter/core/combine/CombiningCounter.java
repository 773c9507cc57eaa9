package io.visitorcounter.core.combine;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.DailyVisitors;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.MaybeCountedException;
import io.visitorcounter.core.NotCountedException;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.StoreHealth;
import io.visitorcounter.core.Visit;
import io.visitorcounter.core.VisitId;
import io.visitorcounter.core.VisitRange;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.core.spi.Change;
import io.visitorcounter.core.spi.VisitorSketches;
import java.lang.ref.ReferenceQueue;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A counter whose visits go through one lane. The first visit creates it; reading needs none. */
final class CombiningCounter implements VisitorCounter {

    /** The longest time that fits in nanoseconds: 292 years. */
    private static final Duration MAX_WAIT = Duration.ofNanos(Long.MAX_VALUE);

    private static final int MAX_VISITOR = 1000;

    private static final String NO_VISITORS = "this store keeps no visitors";

    private final CounterName name;
    private final CombiningStore store;
    private final StoreContext context;
    private final HealthCheck check;

    /** Written under the lock of {@link KeptCounters}, once. */
    volatile @Nullable Lane lane;

    /** Created for the first visitor that is noted. Two at once may create two, which does no harm. */
    volatile @Nullable NotedVisitors visitors;

    /** This counter's place in the store. */
    final KeptCounters.Slot slot;

    CombiningCounter(
            CounterName name, CombiningStore store, StoreContext context, ReferenceQueue<CombiningCounter> gone) {
        this.name = name;
        this.store = store;
        this.context = context;
        this.check = new HealthCheck(name, context);
        this.slot = new KeptCounters.Slot(this, gone);
    }

    @Override
    public CounterName name() {
        return name;
    }

    @Override
    public CompletionStage<Visit> visit() {
        Lane open = store.isClosed() ? null : laneToVisit();
        return open == null ? refused(1) : kept(open, open.visit());
    }

    @Override
    public CompletionStage<VisitRange> visit(int count) {
        if (count < 1 || count > context.queue) {
            throw new IllegalArgumentException("visits: expected 1.." + context.queue + " in one step, got " + count);
        }
        Lane open = store.isClosed() ? null : laneToVisit();
        return open == null ? refused(count) : kept(open, open.visit(count));
    }

    private @Nullable Lane laneToVisit() {
        Lane have = lane;
        return have != null ? have : store.counters.keep(this);
    }

    /** Has the counter kept while its lane is awake. */
    private <T> T kept(Lane awake, T stage) {
        if (!slot.isKept() && !awake.isAsleep()) {
            store.counters.keep(this);
        }
        return stage;
    }

    @Override
    public CompletionStage<Visit> visit(VisitId id) {
        if (store.isClosed()) {
            return refused(1);
        }
        IdVisit visit = new IdVisit(name, id, known(), context);
        return store.start(visit) ? visit : refused(1, context.queue + " visits with an id already wait; retry later");
    }

    private CounterValue known() {
        Lane have = lane;
        return have == null ? new CounterValue(0, 0) : have.known();
    }

    @Override
    public Visit visit(Duration timeout) throws InterruptedException {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout: expected more than 0, got " + timeout);
        }
        context.refuseOwnThread("wait for a visit");
        long nanos = timeout.compareTo(MAX_WAIT) < 0 ? timeout.toNanos() : Long.MAX_VALUE;
        try {
            return visit().toCompletableFuture().get(nanos, TimeUnit.NANOSECONDS);
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

    /** {@return the same failure with this thread's stack trace, since one exception may have ended many calls} */
    private static RuntimeException here(@Nullable Throwable failure) {
        if (failure instanceof NotCountedException not) {
            return new NotCountedException(String.valueOf(not.getMessage()), not, not.isTransient());
        }
        if (failure instanceof MaybeCountedException maybe) {
            return new MaybeCountedException(
                    String.valueOf(maybe.getMessage()), maybe.visitId().orElse(null), maybe);
        }
        return new IllegalStateException(failure);
    }

    @Override
    public CompletionStage<CounterValue> value() {
        return read(() -> context.backend.value(name, known()));
    }

    @Override
    public CompletionStage<List<HourlyVisits>> history(Instant from, Instant to) {
        long fromHour = Math.floorDiv(from.getEpochSecond(), 3600L);
        boolean whole = to.getNano() == 0 && to.getEpochSecond() % 3600 == 0;
        long toHour = Math.floorDiv(to.getEpochSecond(), 3600L) + (whole ? 0 : 1);
        if (to.isBefore(from) || Duration.between(from, to).compareTo(HourlyVisits.KEPT) > 0) {
            throw new IllegalArgumentException("history: expected from <= to and at most " + HourlyVisits.KEPT.toDays()
                    + " days between, got " + from + " and " + to);
        }
        return read(() -> context.backend.history(name, fromHour, toHour));
    }

    @Override
    public CompletionStage<Void> noteVisitor(String visitor) {
        if (visitor.isEmpty() || visitor.length() > MAX_VISITOR) {
            throw new IllegalArgumentException(
                    "visitor: expected 1.." + MAX_VISITOR + " characters, got " + visitor.length());
        }
        if (store.isClosed()) {
            return notRead("visitor not noted", "the store is closed");
        }
        NotedVisitors noted = noted();
        return noted == null
                ? notRead("visitor not noted", NO_VISITORS)
                : store.started(new ValueRead<>(
                        name,
                        FailureLog.Kind.VISITORS,
                        context,
                        () -> noted.note(visitor).thenApply(done -> null)));
    }

    private @Nullable NotedVisitors noted() {
        NotedVisitors noted = visitors;
        if (noted == null) {
            noted = context.backend
                    .sketches()
                    .map(sketches -> new NotedVisitors(name, sketches, context.ticker))
                    .orElse(null);
            visitors = noted;
        }
        return noted;
    }

    @Override
    public CompletionStage<List<DailyVisitors>> visitors(LocalDate from, LocalDate to) {
        if (to.isBefore(from) || ChronoUnit.DAYS.between(from, to) > DailyVisitors.KEPT_DAYS) {
            throw new IllegalArgumentException("visitors: expected from <= to and at most " + DailyVisitors.KEPT_DAYS
                    + " days between, got " + from + " and " + to);
        }
        VisitorSketches sketches = context.backend.sketches().orElse(null);
        return sketches == null ? notRead("not read", NO_VISITORS) : read(() -> sketches.days(name, from, to));
    }

    @Override
    public CompletionStage<Long> visitorsToday() {
        LocalDate today = NotedVisitors.today(context.ticker);
        return visitors(today, today.plusDays(1))
                .thenApply(days -> days.isEmpty() ? 0L : days.get(0).visitors());
    }

    private <T> CompletionStage<T> notRead(String what, String why) {
        return CompletableFuture.failedFuture(
                new StoreException("counter \"" + name + "\": " + what + ": " + why, null));
    }

    @Override
    public CompletionStage<StoreHealth> health() {
        return store.isClosed() ? CompletableFuture.completedFuture(store.health()) : check.result();
    }

    @Override
    public CompletionStage<CounterValue> set(long value, VisitId request) {
        return change(value, null, request);
    }

    @Override
    public CompletionStage<CounterValue> restore(long value, List<HourlyVisits> history, VisitId request) {
        return change(value, Objects.requireNonNull(history, "history"), request);
    }

    private CompletionStage<CounterValue> change(long value, @Nullable List<HourlyVisits> history, VisitId request) {
        Change change = new Change(name, Change.record(request), value, history, known());
        String why = "the store is closed";
        if (!store.isClosed()) {
            ValueChange call = new ValueChange(change, request, context);
            if (store.start(call)) {
                return call;
            }
            why = context.queue + " changes already wait; retry later";
        }
        return CompletableFuture.failedFuture(
                new NotCountedException("counter \"" + name + "\": not changed: " + why, null));
    }

    private <T> CompletionStage<T> read(Supplier<CompletionStage<T>> read) {
        if (store.isClosed()) {
            return notRead("not read", "the store is closed");
        }
        return store.started(new ValueRead<>(name, FailureLog.Kind.READS, context, read));
    }

    @Override
    public String toString() {
        return "counter \"" + name + "\" of " + store;
    }

    private <T> CompletionStage<T> refused(int visits) {
        return refused(
                visits,
                store.isClosed()
                        ? "the store is closed"
                        : "too many counters are visited at once; retry when the store has caught up");
    }

    private <T> CompletionStage<T> refused(int visits, String why) {
        NotCountedException failure = LastFailure.notCounted(name, why, null);
        context.callbacks.tell(listener -> listener.onFailure(name, visits, failure));
        return CompletableFuture.failedFuture(failure);
    }
}
