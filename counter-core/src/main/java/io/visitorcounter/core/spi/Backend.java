package io.visitorcounter.core.spi;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.StoreHealth;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The part of a store that reads and writes. Thread-safe; only {@link #close()} may block. The package description
 *  explains the protocol and a backend's duties. */
public interface Backend {

    /** Tries once to write a batch, in one atomic step.
     *
     *  <p>The step looks at the batch's record. There are six cases:
     *  <ul>
     *  <li>The record is at {@link Batch#cumulative()}: the batch is stored already. Nothing is added; the outcome is
     *      {@link Outcome.Written} with the record's total and generation, and {@code duplicate}.
     *  <li>The record is above {@code cumulative}: a later batch of the sender was stored. Nothing is added. The record
     *      does not show whether this batch was stored: {@link Outcome.MaybeWritten} with {@code again = false}.
     *  <li>There is no record, but {@link Batch#previous()} is above 0: {@link Outcome.Forgotten}; nothing is added.
     *  <li>The stored value is not a count, or the value or its history is at its limit: {@link Outcome.NotWritten}
     *      with {@code again = false}; nothing is added.
     *  <li>The record is below {@code cumulative}, or there is none and {@code previous} is 0: the difference (without
     *      a record, all of {@code cumulative}) is added to the value and to the current hour. The record is set to the
     *      cumulative count with the total and the generation, and the outcome is {@link Outcome.Written}.
     *  <li>As in the case before, but the value is behind {@link Batch#known()} or behind what the store itself
     *      remembers, or the record is below {@code previous}: the generation also grows by one, and
     *      {@link Outcome.Written} has a {@link Outcome.Regression}. {@link Tally} does this arithmetic.
     *  </ul>
     *  A backend that never returns {@link Outcome.MaybeWritten} with {@code again = true} never gets a lane's batch
     *  twice, so it needs records only for visit ids.
     *
     *  @param batch each record has at most one batch in flight at a time, apart from resends of the same batch
     *  @param answer gets exactly one outcome, on any thread, perhaps before this method returns. In that case visits
     *         made in callbacks nest, and thousands in a row overflow the stack; call it from the backend's own thread
     *         to avoid this. If it throws, that must not stop the batches of other counters */
    void write(Batch batch, Consumer<Outcome> answer);

    /** Tries once to set a counter's value, in one atomic step. A store that can't do this keeps this default, which
     *  refuses.
     *
     *  <ul>
     *  <li>The {@link Change#record()} exists: nothing changes; the outcome is {@link Outcome.Written} with the
     *      record's total and generation, and {@code duplicate}.
     *  <li>The stored value is not a count: {@link Outcome.NotWritten} with {@code again = false}.
     *  <li>Otherwise the value is set, the generation becomes one above both the stored and the known one
     *      ({@link Tally#changedTo}), and the record gets both. The record is kept as long as that of a visit id. If
     *      {@link Change#history()} is not null, its hours replace the stored ones; hours older than 400 days may be
     *      left out. The records of lanes and visit ids stay as they are, so that what they counted is not counted
     *      again. The generation is kept even when the value is 0, so that no number is given twice in one generation.
     *  </ul>
     *
     *  @param change may be sent again until its deadline
     *  @param answer as in {@link #write}; never {@link Outcome.Forgotten} */
    default void change(Change change, Consumer<Outcome> answer) {
        answer.accept(
                new Outcome.NotWritten("this store can only count; change the value by its own means", null, false));
    }

    /** Tries once to list the counters whose value is above 0. A store that can't do this keeps this default, which
     *  refuses.
     *
     *  @return their names, in any order; or failed as {@link #value} */
    default CompletionStage<List<CounterName>> counters() {
        return CompletableFuture.failedFuture(
                new StoreException("this store can't list its counters; list them by its own means", null));
    }

    /** Tries once to read a counter's value.
     *
     *  @param counter the counter to read
     *  @param known what this process saw last; a stored value behind it belongs to the next generation
     *  @return the value; or failed with a {@link StoreException} if trying again does not help, and with any other
     *          exception if it may */
    CompletionStage<CounterValue> value(CounterName counter, CounterValue known);

    /** Tries once to read the visits per hour.
     *
     *  @param counter the counter to read
     *  @param fromHour inclusive, in hours since 1970 UTC
     *  @param toHour exclusive
     *  @return the hours that had visits, oldest first; or failed as {@link #value} */
    CompletionStage<List<HourlyVisits>> history(CounterName counter, long fromHour, long toHour);

    /** Checks once whether a batch of a counter would be written now. It does what {@link #write} does, but leaves no
     *  change behind. This default only asks {@link #health()} and checks that the value can be read and can grow.
     *
     *  @param counter the batch's counter
     *  @return the result; a failed stage means that it would not be written */
    default CompletionStage<StoreHealth> check(CounterName counter) {
        StoreHealth health = health();
        if (!health.up()) {
            return CompletableFuture.completedFuture(health);
        }
        return value(counter, new CounterValue(0, 0))
                .thenApply(read -> read.value() < CounterValue.MAX
                        ? new StoreHealth(true, "counter \"" + counter + "\": read")
                        : new StoreHealth(false, "the value can't grow beyond " + CounterValue.MAX));
    }

    /** {@return the part that notes visitors; empty if the store does not support it} */
    default Optional<VisitorSketches> sketches() {
        return Optional.empty();
    }

    /** {@return as {@link io.visitorcounter.core.CounterStore#health()} says} */
    StoreHealth health();

    /** Registers a listener for what the backend notices without a call, such as a lost connection: that nothing can be
     *  written any more, and later that writing works again. A backend that notices nothing by itself keeps this
     *  default.
     *
     *  @param told gets a health that is down, with the reason and the next step, and later one that is up; called on
     *         any thread, without a lock; returns at once and never throws */
    default void watch(Consumer<StoreHealth> told) {}

    /** {@return where this backend counts, such as a server's address. An outage there is logged once for all stores of
     *  this process that count in the same place. Empty if no other store shares it} */
    default String place() {
        return "";
    }

    /** Refuses a thread that must not wait for an answer.
     *
     *  @throws IllegalStateException if the backend works on the calling thread, which would wait for itself */
    default void refuseItsOwnThread() {}

    /** Releases every thread and connection. Later attempts are not written. */
    void close();
}
