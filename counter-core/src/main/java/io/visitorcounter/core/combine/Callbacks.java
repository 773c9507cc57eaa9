package io.visitorcounter.core.combine;

import io.visitorcounter.core.CounterListener;
import io.visitorcounter.core.CounterOptions;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs foreign code: the listener, and the dependents of stages, on the executor if one is set. Whatever that code
 *  throws is caught here, so that other callers still get their numbers. Thread-safe. */
final class Callbacks {

    private static final Logger LOG = LoggerFactory.getLogger(Callbacks.class);

    private final CounterListener listener;
    private final @Nullable Executor executor;
    private final AtMostOnceAMinute log;

    /** The tasks that the executor was given and has not finished. */
    private final Set<Handed> handed = ConcurrentHashMap.newKeySet();

    /** How deeply the current thread is nested in foreign code that the store runs. The value is a JDK type, so that a
     *  thread that outlives the store holds no class of the library. */
    @SuppressWarnings("ThreadLocalUsage") // of one store
    private final ThreadLocal<int[]> depth = ThreadLocal.withInitial(() -> new int[1]);

    /** The executor's task that the current thread runs. */
    @SuppressWarnings("ThreadLocalUsage") // of one store
    private final ThreadLocal<@Nullable Handed> current = new ThreadLocal<>();

    Callbacks(CounterOptions options, Ticker ticker) {
        this.listener = options.listener();
        this.executor = options.executor().orElse(null);
        this.log = new AtMostOnceAMinute(ticker);
    }

    /** Ends stages on the executor. Runs only once, on whichever thread gets to it first. */
    private final class Handed extends FutureTask<@Nullable Void> {

        Handed(Runnable endings) {
            super(endings, null);
        }

        @Override
        public void run() {
            Handed outer = current.get();
            current.set(this);
            try {
                super.run();
            } finally {
                if (outer == null) {
                    current.remove();
                } else {
                    current.set(outer);
                }
            }
        }

        @Override
        protected void done() {
            handed.remove(this);
            try {
                get();
            } catch (ExecutionException e) {
                log.run(() -> LOG.error("ending a stage failed", e.getCause()));
            } catch (InterruptedException | CancellationException e) {
                // Can't happen: it is done and never cancelled.
            }
        }
    }

    /** Runs a task that ends callers' stages. Never throws. */
    void end(Runnable endings) {
        if (executor == null) {
            run(endings);
            return;
        }
        Handed task = new Handed(endings);
        handed.add(task);
        run(() -> {
            try {
                executor.execute(task);
            } catch (RejectedExecutionException full) {
                task.run();
            } catch (RuntimeException | Error e) {
                log.run(() -> LOG.warn("the executor threw; the thread that brought the answers does its work", e));
                task.run();
            }
        });
    }

    /** Calls the listener. Never throws. */
    void tell(Consumer<CounterListener> event) {
        int[] here = depth.get();
        here[0]++;
        try {
            event.accept(listener);
        } catch (RuntimeException | Error e) {
            log.run(() -> LOG.warn("the listener threw", e));
        } finally {
            here[0]--;
        }
    }

    /** Runs a task that may call foreign code, such as a logger. Never throws. */
    void run(Runnable foreign) {
        int[] here = depth.get();
        here[0]++;
        try {
            foreign.run();
        } catch (RuntimeException | Error e) {
            log.run(() -> LOG.error("a callback failed", e));
        } finally {
            here[0]--;
        }
    }

    /** Refuses a thread that must not wait for the store.
     *
     *  @param what the thread is about to do
     *  @throws IllegalStateException if the store works on this thread, which would wait for itself */
    void refuseOwnThread(String what) {
        if (depth.get()[0] > 0) {
            throw new IllegalStateException(
                    what + " on another thread: this one is the store's own while it runs a callback");
        }
    }

    /** {@return whether the current thread runs a callback for the executor} */
    boolean onExecutor() {
        return current.get() != null;
    }

    /** Waits until the executor has run every task it was given, except the one that is calling. Tasks that it has not
     *  begun in time run here.
     *
     *  @param nanos how long to wait at most; an interrupt ends the wait and is kept */
    void finish(long nanos) {
        long end = System.nanoTime() + nanos;
        boolean interrupted = false;
        for (Handed task : handed) {
            if (task == current.get()) {
                continue;
            }
            try {
                task.get(interrupted ? 0 : Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (ExecutionException e) {
                // Logged when it ended.
            } catch (TimeoutException e) {
                task.run();
            } catch (InterruptedException e) {
                interrupted = true;
                task.run();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
