package io.visitorcounter.core;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One named counter. Thread-safe; only {@link #visit(Duration)} blocks.
 *
 *  <pre>{@code
 *  home.visit().whenComplete((visit, failure) -> {
 *      if (failure == null) {
 *          greet(visit.number());
 *      } else if (failure instanceof NotCountedException) {
 *          retryLater();
 *      }
 *  });
 *  }</pre>
 *
 *  <p>A returned stage ends within {@link CounterOptions#deadline()}. Its dependents run on the
 *  {@link CounterOptions#executor()} if one is set; otherwise they run on the thread that received the reply and must
 *  not block. Cancelling or completing a stage does not undo the visit.
 *
 *  <p>Numbers are dense and unique within a <i>generation</i>. It is 0 until the stored value falls behind what was
 *  acknowledged (a backup was restored, a lagging replica took over, the key was deleted or reset). From then on
 *  numbers may repeat, so the next generation begins and the listener is called. */
public interface VisitorCounter {

    /** {@return the counter's name} */
    CounterName name();

    /** Counts one visit.
     *
     *  @return done once the store's {@link Durability} holds, or failed with {@link NotCountedException}
     *          (the value did not change) or {@link MaybeCountedException} (0 or 1 was added) */
    CompletionStage<Visit> visit();

    /** Counts several visits in one step; the caller assigns the numbers of the range itself.
     *
     *  @param count at least 1, at most {@link CounterOptions#queue()}
     *  @return as {@link #visit()}; a {@link MaybeCountedException} means that all or none were added
     *  @throws IllegalArgumentException if {@code count} is out of bounds */
    CompletionStage<VisitRange> visit(int count);

    /** Counts one visit once: within {@link CounterOptions#idWindow()} the same id gives the same number, from any
     *  process. Each id costs one expiring record in the store.
     *
     *  @param id names the visit; after a {@link MaybeCountedException}, visiting with the same id again settles
     *         whether it was counted
     *  @return as {@link #visit()} */
    CompletionStage<Visit> visit(VisitId id);

    /** Counts one visit and waits for its number.
     *
     *  @param timeout how long to wait, above zero; if it ends before the reply, the visit is maybe counted
     *  @return the visit
     *  @throws NotCountedException if the value did not change
     *  @throws MaybeCountedException if 0 or 1 was added
     *  @throws InterruptedException if the waiting thread was interrupted; 0 or 1 was added
     *  @throws IllegalStateException if the calling thread is one that the store works on, and would wait for itself:
     *          in a callback or listener, or on the thread of {@link CounterOptions#eventLoop()}. Nothing was counted */
    Visit visit(Duration timeout) throws InterruptedException;

    /** {@return the current value, without counting; or failed with {@link StoreException}} */
    CompletionStage<CounterValue> value();

    /** Sets the value, for an import or a correction: the next visit gets {@code value + 1}. A new generation begins,
     *  so that numbers stay dense and unique within each. A visit in progress is counted either before the change, in
     *  the old generation, or after it, in the new one. The visits per hour stay. {@code set(0)} is a reset.
     *
     *  @param value 0 to {@link CounterValue#MAX}
     *  @return the value and its generation; or failed with {@link NotCountedException} (nothing changed) or
     *          {@link MaybeCountedException} (it may or may not have been set)
     *  @throws IllegalArgumentException if the value is out of bounds */
    default CompletionStage<CounterValue> set(long value) {
        return set(value, VisitId.random());
    }

    /** Sets the value once: within {@link CounterOptions#idWindow()} a repeat with the same id, from any process,
     *  changes nothing and gives the first answer again.
     *
     *  @param value as in {@link #set(long)}
     *  @param request names this change; after a {@link MaybeCountedException}, repeating the call settles whether it
     *         was made
     *  @return as {@link #set(long)} */
    default CompletionStage<CounterValue> set(long value, VisitId request) {
        return CompletableFuture.failedFuture(new NotCountedException(
                "counter \"" + name() + "\": not changed: this store can only count", null, false));
    }

    /** Sets the value and the visits per hour once, to move a counter from one store to another.
     *
     *  @param value as in {@link #set(long)}
     *  @param history replaces the visits per hour; whole hours, each once; those older than {@link HourlyVisits#KEPT}
     *         are left out
     *  @param request as in {@link #set(long, VisitId)}
     *  @return as {@link #set(long)}
     *  @throws IllegalArgumentException if the value or an hour is out of bounds */
    default CompletionStage<CounterValue> restore(long value, List<HourlyVisits> history, VisitId request) {
        return CompletableFuture.failedFuture(new NotCountedException(
                "counter \"" + name() + "\": not changed: this store can only count", null, false));
    }

    /** Deletes the value and the visits per hour. The counter can be visited again, starting at 1. Its generation stays
     *  in the store, so that the new numbers are not mistaken for the old ones; so do the sketches of visitors until
     *  they expire.
     *
     *  @return as {@link #set(long)} */
    default CompletionStage<CounterValue> delete() {
        return delete(VisitId.random());
    }

    /** Deletes the value and the visits per hour once, as {@link #set(long, VisitId)} does.
     *
     *  @param request as in {@link #set(long, VisitId)}
     *  @return as {@link #set(long)} */
    default CompletionStage<CounterValue> delete(VisitId request) {
        return restore(0, List.of(), request);
    }

    /** Reads the visits per hour, which are kept for 400 days.
     *
     *  @param from inclusive; rounded down to its hour, UTC
     *  @param to exclusive; rounded up to its hour, UTC; so the same instant within an hour as both bounds reads that
     *         hour
     *  @return the hours that had visits, oldest first; or failed with {@link StoreException}
     *  @throws IllegalArgumentException if {@code to} is before {@code from} or the range is longer than 400 days */
    CompletionStage<List<HourlyVisits>> history(Instant from, Instant to);

    /** Notes a visitor of today, for the estimate of unique visitors; it counts no visit. The text itself is not
     *  stored: the store gets a hash, made with a random salt that is deleted when the day is over, and adds it to a
     *  sketch of fixed size, 12 to 16 KiB a day (in SQLite up to 16,384 rows) for any number of visitors. Noting the
     *  same visitor again on the same day changes nothing, so a failed note can be repeated.
     *
     *  @param visitor identifies the visitor, such as an address with a browser's name, or an account; 1 to 1000
     *         characters
     *  @return done when it is stored; or failed with {@link StoreException}
     *  @throws IllegalArgumentException if it is empty or too long */
    default CompletionStage<Void> noteVisitor(String visitor) {
        return CompletableFuture.failedFuture(new StoreException(
                "counter \"" + name() + "\": visitor not noted: this store keeps no visitors", null));
    }

    /** Reads an estimate of the unique visitors on each day. A visitor who comes on two days counts on both, since
     *  nothing stored can link them.
     *
     *  @param from inclusive, UTC
     *  @param to exclusive, UTC
     *  @return the days that had visitors, oldest first; or failed with {@link StoreException}
     *  @throws IllegalArgumentException if {@code to} is before {@code from} or the range is longer than
     *          {@link DailyVisitors#KEPT_DAYS} */
    default CompletionStage<List<DailyVisitors>> visitors(LocalDate from, LocalDate to) {
        return CompletableFuture.failedFuture(
                new StoreException("counter \"" + name() + "\": not read: this store keeps no visitors", null));
    }

    /** {@return an estimate of today's unique visitors, in UTC; or failed with {@link StoreException}} */
    default CompletionStage<Long> visitorsToday() {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        return visitors(today, today.plusDays(1))
                .thenApply(days -> days.isEmpty() ? 0L : days.get(0).visitors());
    }

    /** Checks, without counting, whether a visit would be counted now: the store is reachable, the user's rights and
     *  the space suffice, and the stored value is a count. Use it for the readiness probe of a counter.
     *
     *  @return the result, within the deadline; it never fails and may be up to half a second old */
    default CompletionStage<StoreHealth> health() {
        return value().handle((value, failure) -> failure == null
                ? new StoreHealth(true, "counter \"" + name() + "\": read")
                : new StoreHealth(false, String.valueOf(failure.getMessage())));
    }
}
