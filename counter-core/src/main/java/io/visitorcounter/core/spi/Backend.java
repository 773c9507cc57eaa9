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

/** The part of a store that reads and writes. Thread-safe; only {@link #close()} may block. Its duties, with the protocol,
 *  stand in the description of the package. */
public interface Backend {

    /** Tries once to write a batch, in one atomic step.
     *
     *  <p>The step looks at the batch's record. It has one of six ends:
     *  <ul>
     *  <li>The record stands at {@link Batch#cumulative()}: the batch is stored already. Nothing is added; the outcome is
     *      {@link Outcome.Written} with the total and the generation that the record has, and {@code duplicate}.
     *  <li>The record stands above {@code cumulative}: a later batch of the sender was stored. Nothing is added, and the
     *      record does not tell whether this one was: {@link Outcome.MaybeWritten} with {@code again = false}.
     *  <li>There is no record, and {@link Batch#previous()} is above 0: {@link Outcome.Forgotten}; nothing is added.
     *  <li>The stored value is not a count, or the value or its history could not take more:
     *      {@link Outcome.NotWritten} with {@code again = false}; nothing is added.
     *  <li>There is no record, and {@code previous} is 0, or the record stands below {@code cumulative}: the difference
     *      (all of {@code cumulative}, where there is no record) is added to the value and to the current hour, the record
     *      gets the cumulative count with the total and the generation, and the outcome is {@link Outcome.Written}.
     *  <li>As before, but the value is behind {@link Batch#known()} or behind what the store itself remembers, or the
     *      record stands below {@code previous}: the generation grows by one, and {@link Outcome.Written} says so with a
     *      {@link Outcome.Regression}. {@link Tally} does this arithmetic.
     *  </ul>
     *  A backend that never says {@link Outcome.MaybeWritten} with {@code again = true} gets no batch of a lane twice, and
     *  needs records of visit ids only.
     *
     *  @param batch of each record, at most one is under way at any time, except for resends of the same batch
     *  @param answer gets exactly one outcome, on any thread, perhaps before this method returns (then each visit that a
     *         callback makes is nested in it, and thousands that follow each other fill the stack; a thread of the
     *         backend's own nests nothing); what it throws is the caller's own fault and may not stop the batches of other
     *         counters */
    void write(Batch batch, Consumer<Outcome> answer);

    /** Tries once to set a counter's value, in one atomic step. A store that can't do it keeps this default, which refuses.
     *
     *  <ul>
     *  <li>There is the {@link Change#record()}: nothing changes; the outcome is {@link Outcome.Written} with the total and
     *      the generation that the record has, and {@code duplicate}.
     *  <li>What is stored is not a count: {@link Outcome.NotWritten} with {@code again = false}.
     *  <li>Else the value is set, the generation is one above the stored and the known one ({@link Tally#changedTo}), and
     *      the record gets both. It is kept as long as that of a visit id. Where {@link Change#history()} is not null, its
     *      hours take the place of the stored ones; those that are older than 400 days may be left out. The records of lanes
     *      and of visit ids stay as they are, so what they counted is not counted again. The generation outlives a value
     *      of 0: nobody may get the numbers of an earlier one once more.
     *  </ul>
     *
     *  @param change may be sent again until its deadline
     *  @param answer as in {@link #write}; never {@link Outcome.Forgotten} */
    default void change(Change change, Consumer<Outcome> answer) {
        answer.accept(
                new Outcome.NotWritten("this store can only count; change the value by its own means", null, false));
    }

    /** Tries once to list the counters whose value is above 0. A store that can't do it keeps this default, which refuses.
     *
     *  @return their names, in any order; or failed as {@link #value} */
    default CompletionStage<List<CounterName>> counters() {
        return CompletableFuture.failedFuture(
                new StoreException("this store can't list its counters; list them by its own means", null));
    }

    /** Tries once to read a counter's value.
     *
     *  @param counter whose value
     *  @param known what this process saw last; a stored value that is behind it belongs to the next generation
     *  @return the value; or failed with a {@link StoreException} where trying again does not
     *          help, with any other exception where it may */
    CompletionStage<CounterValue> value(CounterName counter, CounterValue known);

    /** Tries once to read the visits per hour.
     *
     *  @param counter whose visits
     *  @param fromHour inclusive, in hours since 1970 UTC
     *  @param toHour exclusive
     *  @return the hours that had visits, oldest first; or failed as {@link #value} */
    CompletionStage<List<HourlyVisits>> history(CounterName counter, long fromHour, long toHour);

    /** Checks once whether a batch of a counter would be written now. It does what {@link #write} does, as far as that
     *  goes without a change that stays. This default only asks for {@link #health()} and reads the value, which
     *  has to be one that can grow.
     *
     *  @param counter of the batch
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

    /** {@return the part that notes visitors; empty for a store that does not} */
    default Optional<VisitorSketches> sketches() {
        return Optional.empty();
    }

    /** {@return as {@link io.visitorcounter.core.CounterStore#health()} says} */
    StoreHealth health();

    /** Has the store told what the backend finds out without a call: that nothing can be written any more, and later that it
     *  can again. One that finds out nothing by itself, such as that its connection was lost, keeps this default.
     *
     *  @param told gets a health that is down, with why and the next step, and then one that is up; on any thread, under no
     *         lock; returns at once and never throws */
    default void watch(Consumer<StoreHealth> told) {}

    /** {@return where this backend counts, such as the address of a server: what is wrong there is logged once for all stores
     *  of this process that count in the same place; an empty text for a place of its own} */
    default String place() {
        return "";
    }

    /** Lets a thread pass that is about to wait for an answer.
     *
     *  @throws IllegalStateException if it is a thread that the backend works on: it would wait for itself */
    default void refuseItsOwnThread() {}

    /** Releases every thread and connection. An attempt that comes later is not written. */
    void close();
}
