package io.visitorcounter.release.image;

import io.visitorcounter.release.ReleaseException;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs several requests at once, in separate threads. A parallel stream has only as many threads as there are
 *  processors, and a thread that waits for a response is blocked. */
final class SideBySide {

    private static final int MAX_AT_ONCE = 6;

    private SideBySide() {}

    /** Runs all of them, each thread until one of its tasks fails.
     *
     *  @param tasks any number; a task may only wait for tasks before it in the list
     *  @throws RuntimeException of a failed task, once all started tasks have ended */
    static void run(List<? extends Runnable> tasks) {
        Queue<Runnable> left = new ConcurrentLinkedQueue<>(tasks);
        Callable<Object> work = Executors.callable(() -> work(left));
        ExecutorService threads = Executors.newFixedThreadPool(MAX_AT_ONCE, task -> {
            Thread thread = new Thread(task, "request");
            thread.setDaemon(true);
            return thread;
        });
        try {
            for (Future<Object> ended :
                    threads.invokeAll(Collections.nCopies(Math.min(MAX_AT_ONCE, tasks.size()), work))) {
                ended.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ReleaseException.Unreachable("interrupted", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        } finally {
            threads.shutdown();
        }
    }

    private static void work(Queue<Runnable> left) {
        for (Runnable task = left.poll(); task != null; task = left.poll()) {
            task.run();
        }
    }
}
