package io.visitorcounter.core.combine;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A ticker on one daemon thread and the system's clock. */
final class ThreadTicker implements Ticker {

    private final ScheduledThreadPoolExecutor executor;

    ThreadTicker(String threadName) {
        executor = new ScheduledThreadPoolExecutor(
                1,
                task -> {
                    Thread thread = new Thread(task, threadName);
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.DiscardPolicy());
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public long now() {
        return System.nanoTime();
    }

    @Override
    public long wallMillis() {
        return System.currentTimeMillis();
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // a task catches what it throws
    public void at(long nanos, Runnable task) {
        executor.schedule(task, nanos - now(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
