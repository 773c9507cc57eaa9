package io.visitorcounter.core.combine;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A ticker on one daemon thread and the system's clock. */
final class ThreadTicker implements Ticker {

    private static final Logger LOG = LoggerFactory.getLogger(ThreadTicker.class);

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
    @SuppressWarnings("FutureReturnValueIgnored") // what a task throws is logged
    public void at(long nanos, Runnable task) {
        executor.schedule(() -> run(task), nanos - now(), TimeUnit.NANOSECONDS);
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.error("a timed task failed", e);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
