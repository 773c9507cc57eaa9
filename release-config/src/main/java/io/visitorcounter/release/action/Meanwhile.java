package io.visitorcounter.release.action;

import io.visitorcounter.release.ReleaseException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/** An answer that is looked for while something else is: two waits of one command take the time of the longer.
 *
 *  @param <T> what is looked for */
final class Meanwhile<T> {

    private final FutureTask<T> task;

    private Meanwhile(FutureTask<T> task) {
        this.task = task;
    }

    /** Begins to look, in a thread that keeps no JVM alive. */
    static <T> Meanwhile<T> look(String what, Supplier<T> supplier) {
        FutureTask<T> task = new FutureTask<>(supplier::get);
        Thread thread = new Thread(task, what);
        thread.setDaemon(true);
        thread.start();
        return new Meanwhile<>(task);
    }

    /** {@return what was found, once it is}
     *
     *  @throws ReleaseException as looking threw it */
    T found() {
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
