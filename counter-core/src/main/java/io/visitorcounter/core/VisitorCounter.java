package io.visitorcounter.core;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
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

    /** Reads the visits per hour, which are kept for 400 days.
     *
     *  @param from inclusive; rounded down to its hour, UTC
     *  @param to exclusive; rounded up to its hour, UTC
     *  @return the hours that had visits, oldest first; or failed with {@link StoreException}
     *  @throws IllegalArgumentException if {@code to} is before {@code from} or the range is longer than 400 days */
    CompletionStage<List<HourlyVisits>> history(Instant from, Instant to);

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
