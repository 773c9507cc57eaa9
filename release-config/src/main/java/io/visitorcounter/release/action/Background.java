package io.visitorcounter.release.action;

import io.visitorcounter.release.ReleaseException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/** A task that runs in the background, so that two waits of one command overlap.
 *
 *  @param <T> what it returns */
final class Background<T> {

    private final FutureTask<T> task;

    private Background(FutureTask<T> task) {
        this.task = task;
    }

    /** Starts the task in a daemon thread. */
    static <T> Background<T> start(String what, Supplier<T> supplier) {
        FutureTask<T> task = new FutureTask<>(supplier::get);
        Thread thread = new Thread(task, what);
        thread.setDaemon(true);
        thread.start();
        return new Background<>(task);
    }

    /** {@return the task's result; waits for it}
     *
     *  @throws ReleaseException as the task threw it */
    T get() {
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ReleaseException.Unreachable("interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
