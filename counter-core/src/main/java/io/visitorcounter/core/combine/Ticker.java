package io.visitorcounter.core.combine;

/** The clock and the one timer that all lanes of a store share. Thread-safe. */
interface Ticker extends AutoCloseable {

    /** {@return now, in ns since a fixed instant, as {@link System#nanoTime()}} */
    long now();

    /** {@return now, in ms since 1970; jumps when a suspended machine wakes, unlike {@link #now()} on some systems} */
    long wallMillis();

    /** Runs a task once.
     *
     *  @param nanos when, on the clock of {@link #now()}; a past instant means soon
     *  @param task must return at once; dropped if the ticker is closed */
    void at(long nanos, Runnable task);

    @Override
    void close();
}
