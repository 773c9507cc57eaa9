package io.visitorcounter.core.spi;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.DailyVisitors;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The part of a store that estimates how many unique visitors a counter had on each day. It gets only hashes, and
 *  keeps a sketch of them, a {@link HyperLogLog}, whose size does not depend on the number of visitors. Thread-safe.
 *
 *  <p>The hashes of a day are made with a salt, which all processes share through the store. Once it is deleted, nobody
 *  can find out whether a particular visitor is in the sketch.
 *
 *  <p>Each call tries once. It fails with a {@link io.visitorcounter.core.StoreException} if trying again does not
 *  help, and with any other exception if it may. Days are those of the caller's clock, in UTC. */
public interface VisitorSketches {

    /** Gets the salt of a day, in one atomic step; if there is none yet, the proposed one is stored and used. It is
     *  deleted as soon as the store notices that the day is over.
     *
     *  @param counter whose visitors
     *  @param day the current one
     *  @param proposed random bytes
     *  @return the salt of the day, the same for every process */
    CompletionStage<byte[]> salt(CounterName counter, LocalDate day, byte[] proposed);

    /** Adds a visitor to the sketch of a day, which is kept for {@link DailyVisitors#KEPT_DAYS}. Adding the same
     *  visitor again changes nothing.
     *
     *  @param counter the visited counter
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

    /** Deletes the salts of earlier days, if the store does not do so by itself. Called when a day is over; it may
     *  return before the deletion is done. This default does nothing.
     *
     *  @param day the current one */
    default void forgetSaltsBefore(LocalDate day) {}
}
