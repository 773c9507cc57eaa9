package io.visitorcounter.release.image;

import io.visitorcounter.release.ReleaseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Runs several requests at once, in separate threads. A parallel stream has only as many threads as there are
 *  processors, and a thread that waits for a response is blocked. */
final class SideBySide {

    private static final int MAX_AT_ONCE = 6;

    private SideBySide() {}

    /** Runs all of them.
     *
     *  @param tasks any number; a task may only wait for tasks before it in the list
     *  @throws RuntimeException of a failed task, once all started tasks have ended */
    static void run(List<? extends Runnable> tasks) {
        Queue<Runnable> left = new ConcurrentLinkedQueue<>(tasks);
        Runnable work = () -> work(left);
        FutureTask<Boolean> here = new FutureTask<>(work, true);
        List<FutureTask<Boolean>> workers = new ArrayList<>(List.of(here));
        while (workers.size() < Math.min(MAX_AT_ONCE, tasks.size())) {
            FutureTask<Boolean> worker = new FutureTask<>(work, true);
            Thread thread = new Thread(worker, "request");
            thread.setDaemon(true);
            thread.start();
            workers.add(worker);
        }
        here.run();
        List<RuntimeException> faults = new ArrayList<>();
        for (FutureTask<Boolean> worker : workers) {
            try {
                worker.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ReleaseException.Unreachable("interrupted", e);
            } catch (ExecutionException e) {
                faults.add(
                        e.getCause() instanceof RuntimeException known
                                ? known
                                : new IllegalStateException(e.getCause()));
            }
        }
        if (!faults.isEmpty()) {
            throw faults.get(0);
        }
    }

    private static void work(Queue<Runnable> left) {
        for (Runnable task = left.poll(); task != null; task = left.poll()) {
            task.run();
        }
    }
}
