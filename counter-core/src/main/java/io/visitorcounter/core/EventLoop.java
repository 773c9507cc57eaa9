package io.visitorcounter.core;

import java.time.Duration;

/** A thread of the application that runs tasks one after another, as an HTTP server's I/O thread does. A store that is
 *  given one (see {@link CounterOptions.Builder#eventLoop}) does its network work there. */
public interface EventLoop {

    /** {@return the thread; always the same one} */
    Thread thread();

    /** Runs a task on the thread, soon. Thread-safe.
     *
     *  @param task short, and blocks for 2 ms at most
     *  @throws java.util.concurrent.RejectedExecutionException if the thread has ended */
    void execute(Runnable task);

    /** Runs a task on the thread, once the delay has passed. Thread-safe.
     *
     *  @param task short, and blocks for 2 ms at most
     *  @param delay at least 1 ms
     *  @throws java.util.concurrent.RejectedExecutionException if the thread has ended */
    void schedule(Runnable task, Duration delay);
}
