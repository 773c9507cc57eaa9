package io.visitorcounter.release;

import java.time.Duration;

/** Waits before a retry. Injected, so that a test of retries need not wait. */
@FunctionalInterface
public interface Sleeper {

    /** Waits for this time.
     *
     *  @param time how long
     *  @throws InterruptedException if the thread was interrupted meanwhile */
    void sleep(Duration time) throws InterruptedException;
}
