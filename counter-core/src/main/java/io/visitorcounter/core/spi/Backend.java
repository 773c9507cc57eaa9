package io.visitorcounter.core.spi;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.StoreHealth;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The part of a store that reads and writes. Thread-safe; no method but {@link #close()} blocks. */
public interface Backend {

    /** Tries once to write a batch.
     *
     *  @param batch at most one of a lane is under way at any time, resends of it aside
     *  @param answer gets exactly one outcome, on any thread, perhaps before this method returns */
    void write(Batch batch, Consumer<Outcome> answer);

    /** Tries once to read a counter's value.
     *
     *  @param counter whose value
     *  @param known what this process saw last; a stored value that is behind it belongs to the next generation
     *  @return the value; or failed with a {@link io.visitorcounter.core.StoreException} where trying again does not
     *          help, with any other exception where it may */
    CompletionStage<CounterValue> value(CounterName counter, CounterValue known);

    /** Tries once to read the visits per hour.
     *
     *  @param counter whose visits
     *  @param fromHour inclusive, in hours since 1970 UTC
     *  @param toHour exclusive
     *  @return the hours that had visits, oldest first; or failed as {@link #value} */
    CompletionStage<List<HourlyVisits>> history(CounterName counter, long fromHour, long toHour);

    /** {@return as {@link io.visitorcounter.core.CounterStore#health()} says} */
    StoreHealth health();

    /** Lets a thread pass that may wait for an answer.
     *
     *  @throws IllegalStateException if it is the thread that the backend works on: it would wait for itself */
    default void refuseItsOwnThread() {}

    /** Releases every thread and connection. An attempt that comes later is not written. */
    void close();
}
