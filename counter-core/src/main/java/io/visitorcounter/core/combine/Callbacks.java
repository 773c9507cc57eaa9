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

/** Runs the code of others: dependents of the stages that end, on the executor where one is set, and the listener.
 *  Whatever that code throws ends here, so that it costs nobody else a number. Thread-safe. */
final class Callbacks {

    private static final Logger LOG = LoggerFactory.getLogger(Callbacks.class);

    private final CounterListener listener;
    private final @Nullable Executor executor;
    private final AtMostOnceAMinute log;

    /** What the executor has and has not finished. */
    private final Set<Handed> handed = ConcurrentHashMap.newKeySet();

    /** How deep the current thread is in code of others that one of the store's threads runs. The value is a type of the
     *  JDK, so that a thread that outlives the store keeps no class of the library. */
    @SuppressWarnings("ThreadLocalUsage") // of one store
    private final ThreadLocal<int[]> depth = ThreadLocal.withInitial(() -> new int[1]);

    /** What the current thread runs for the executor. */
    @SuppressWarnings("ThreadLocalUsage") // of one store
    private final ThreadLocal<@Nullable Handed> current = new ThreadLocal<>();

    Callbacks(CounterOptions options, Ticker ticker) {
        this.listener = options.listener();
        this.executor = options.executor().orElse(null);
        this.log = new AtMostOnceAMinute(ticker);
    }

    /** Endings that the executor was given. They run once, whoever comes first. */
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
                // It is done, and nobody cancels it.
            }
        }
    }

    /** Runs what ends callers' stages. Never throws. */
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

    /** Tells the listener. Never throws. */
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

    /** Runs what may call code of others, such as a logger's. Never throws. */
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

    /** Lets a thread pass that may wait for the store.
     *
     *  @param what it is about to do
     *  @throws IllegalStateException if the store works on it: it would wait for itself */
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

    /** Waits until the executor has ended every stage it was given, the callback that is just running aside. What it has
     *  not begun by then is done here.
     *
     *  @param nanos how long to wait at most; an interrupt ends the waiting, and is kept */
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
