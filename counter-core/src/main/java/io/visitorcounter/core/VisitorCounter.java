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
 *  <p>A returned stage ends by {@link CounterOptions#deadline()}. Its dependents run on the
 *  {@link CounterOptions#executor()} where one is set, else on the thread that received the reply: they must not block
 *  there. Cancelling a stage, or completing it, does not take the visit back: it is counted all the same.
 *
 *  <p>Numbers are dense and unique within a <i>generation</i>. It is 0 until the stored value falls behind what was
 *  acknowledged before (a backup was restored, a replica that lagged took over, the key was deleted or reset): from then
 *  on numbers may repeat, so the next generation begins, and the listener is told. */
public interface VisitorCounter {

    /** {@return the name it was asked for by} */
    CounterName name();

    /** Counts one visit.
     *
     *  @return done once the store's {@link Durability} holds, or failed with {@link NotCountedException}
     *          (the value did not change) or {@link MaybeCountedException} (0 or 1 was added) */
    CompletionStage<Visit> visit();

    /** Counts several visits in one step; the caller hands out the numbers of the range itself.
     *
     *  @param count at least 1, at most {@link CounterOptions#queue()}
     *  @return as {@link #visit()}; a {@link MaybeCountedException} means that all or none were added
     *  @throws IllegalArgumentException if {@code count} is out of bounds */
    CompletionStage<VisitRange> visit(int count);

    /** Counts one visit, once: the same id within {@link CounterOptions#idWindow()} gives the same number, from any
     *  process. Costs one expiring record for each id.
     *
     *  @param id names the visit; after a {@link MaybeCountedException}, visiting with it again settles the matter
     *  @return as {@link #visit()} */
    CompletionStage<Visit> visit(VisitId id);

    /** Counts one visit and waits for its number.
     *
     *  @param timeout how long to wait, above zero; where it ends first, the visit is maybe counted
     *  @return the visit
     *  @throws NotCountedException if the value did not change
     *  @throws MaybeCountedException if 0 or 1 was added
     *  @throws InterruptedException if the waiting thread was interrupted; 0 or 1 was added
     *  @throws IllegalStateException if the store works on the calling thread: in a callback or a listener, or on the
     *          thread of {@link CounterOptions#eventLoop()}. It would wait for itself; nothing was counted */
    Visit visit(Duration timeout) throws InterruptedException;

    /** {@return the current value, without counting; or failed with {@link StoreException}} */
    CompletionStage<CounterValue> value();

    /** Sets the value, as for an import or a correction: the next visit gets {@code value + 1}. It begins a new generation,
     *  so that numbers stay dense and unique within one; a visit that is on its way is counted either before, in the old
     *  generation, or after, in the new one. The visits per hour stay. {@code set(0)} is a reset.
     *
     *  @param value 0 to {@link CounterValue#MAX}
     *  @return the value and its generation; or failed with {@link NotCountedException} (nothing changed) or
     *          {@link MaybeCountedException} (it was set or not)
     *  @throws IllegalArgumentException if the value is out of bounds */
    default CompletionStage<CounterValue> set(long value) {
        return set(value, VisitId.random());
    }

    /** Sets the value, once: the same id within {@link CounterOptions#idWindow()} changes nothing and gives the first answer
     *  again, from any process.
     *
     *  @param value as in {@link #set(long)}
     *  @param request names this change; after a {@link MaybeCountedException}, the same call again settles the matter
     *  @return as {@link #set(long)} */
    default CompletionStage<CounterValue> set(long value, VisitId request) {
        return CompletableFuture.failedFuture(new NotCountedException(
                "counter \"" + name() + "\": not changed: this store can only count", null, false));
    }

    /** Sets the value and the visits per hour, once, as when counters move from one store to another.
     *
     *  @param value as in {@link #set(long)}
     *  @param history takes the place of the visits per hour; whole hours, each once; those older than
     *         {@link HourlyVisits#KEPT} are left out
     *  @param request as in {@link #set(long, VisitId)}
     *  @return as {@link #set(long)}
     *  @throws IllegalArgumentException if the value or an hour is out of bounds */
    default CompletionStage<CounterValue> restore(long value, List<HourlyVisits> history, VisitId request) {
        return CompletableFuture.failedFuture(new NotCountedException(
                "counter \"" + name() + "\": not changed: this store can only count", null, false));
    }

    /** Deletes the value and the visits per hour. The counter can be visited again, from 1; what stays in the store is its
     *  generation, so that those numbers are not taken for the old ones, and the sketches of visitors, which end by
     *  themselves.
     *
     *  @return as {@link #set(long)} */
    default CompletionStage<CounterValue> delete() {
        return delete(VisitId.random());
    }

    /** Deletes the value and the visits per hour, once.
     *
     *  @param request as in {@link #set(long, VisitId)}
     *  @return as {@link #set(long)} */
    default CompletionStage<CounterValue> delete(VisitId request) {
        return restore(0, List.of(), request);
    }

    /** Reads the visits per hour, which are kept for 400 days.
     *
     *  @param from inclusive; rounded down to its hour, UTC
     *  @param to exclusive; rounded up to its hour, UTC, so that an instant within an hour, given as both, reads that hour
     *  @return the hours that had visits, oldest first; or failed with {@link StoreException}
     *  @throws IllegalArgumentException if {@code to} is before {@code from} or the range is longer than 400 days */
    CompletionStage<List<HourlyVisits>> history(Instant from, Instant to);

    /** Notes that a visitor was here today, so that different ones can be told in number; it counts no visit. What is told of
     *  the visitor is kept nowhere: the store gets a hash, made with a random salt that is deleted when the day is over, and
     *  adds it to a sketch of fixed size, 12 to 16 KiB a day (in SQLite up to 16,384 rows) for any number of visitors. Noting
     *  the same visitor again on the same day changes nothing, so a note that failed can be made again.
     *
     *  @param visitor what tells visitors apart, such as an address with a browser's name, or an account: 1 to 1000
     *         characters
     *  @return done when it is stored; or failed with {@link StoreException}
     *  @throws IllegalArgumentException if it is empty or too long */
    default CompletionStage<Void> noteVisitor(String visitor) {
        return CompletableFuture.failedFuture(new StoreException(
                "counter \"" + name() + "\": visitor not noted: this store keeps no visitors", null));
    }

    /** Reads about how many unique visitors were noted on each day. The same visitor on two days counts on both: nothing
     *  that is kept could tell.
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

    /** {@return about how many unique visitors were noted today, in UTC; or failed with {@link StoreException}} */
    default CompletionStage<Long> visitorsToday() {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        return visitors(today, today.plusDays(1))
                .thenApply(days -> days.isEmpty() ? 0L : days.get(0).visitors());
    }

    /** Checks whether a visit would be counted now, without counting: whether the store is reached, its rights and its
     *  space suffice, and the stored value is a count. For a readiness probe of the counter that matters.
     *
     *  @return the result, by the deadline; it never fails. It may be up to half a second old */
    default CompletionStage<StoreHealth> health() {
        return value().handle((value, failure) -> failure == null
                ? new StoreHealth(true, "counter \"" + name() + "\": read")
                : new StoreHealth(false, String.valueOf(failure.getMessage())));
    }
}
