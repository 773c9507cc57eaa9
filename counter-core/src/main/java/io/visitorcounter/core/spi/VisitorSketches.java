package io.visitorcounter.core.spi;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.DailyVisitors;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The part of a store that tells about how many unique visitors a counter had on each day. It gets hashes only, and
 *  keeps a sketch of them that takes the same room for any number of visitors: a {@link HyperLogLog}. Thread-safe.
 *
 *  <p>The hashes of a day are made with a salt, which all processes share through the store. Once it is gone nobody can tell
 *  any more whether a certain visitor was among those that the sketch has seen.
 *
 *  <p>Each call tries once; it fails with a {@link io.visitorcounter.core.StoreException} where trying again does not help,
 *  with any other exception where it may. Days are those of the caller's clock, in UTC. */
public interface VisitorSketches {

    /** Gets the salt of a day; where there is none yet, the proposed one becomes it, in one atomic step. It is kept until the
     *  day is over, and not longer than the store needs to notice that.
     *
     *  @param counter whose visitors
     *  @param day the current one
     *  @param proposed random bytes
     *  @return the salt of the day, the same for every process */
    CompletionStage<byte[]> salt(CounterName counter, LocalDate day, byte[] proposed);

    /** Adds a visitor to the sketch of a day, which is kept for {@link DailyVisitors#KEPT_DAYS}. Adding again changes nothing.
     *
     *  @param counter that was visited
     *  @param day the current one
     *  @param hash of the visitor, with the day's salt; its bits are as good as random
     *  @return done when it is stored */
    CompletionStage<?> note(CounterName counter, LocalDate day, long hash);

    /** Reads the estimates.
     *
     *  @param counter whose visitors
     *  @param from the first day
     *  @param to the day after the last
     *  @return the days that had visitors, oldest first */
    CompletionStage<List<DailyVisitors>> days(CounterName counter, LocalDate from, LocalDate to);

    /** Deletes the salts of the days before one, if the store does not do so by itself. Called when a day is over, and need
     *  not wait until it is done. This default does nothing.
     *
     *  @param day the current one */
    default void forgetSaltsBefore(LocalDate day) {}
}
