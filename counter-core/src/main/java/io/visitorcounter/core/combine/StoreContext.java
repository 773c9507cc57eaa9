package io.visitorcounter.core.combine;

import io.visitorcounter.core.CounterListener;
import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.spi.Backend;
import io.visitorcounter.core.spi.Outcome;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all counters of a store share. Thread-safe. */
final class StoreContext {

    private static final Logger LOG = LoggerFactory.getLogger(StoreContext.class);

    final Backend backend;
    final Ticker ticker;
    final CounterOptions options;

    /** From a call to its deadline, in ns. */
    final long deadline;

    private final Supplier<String> ids;
    private final @Nullable Executor executor;

    StoreContext(Backend backend, Ticker ticker, Supplier<String> ids, CounterOptions options) {
        this.ids = ids;
        this.backend = backend;
        this.ticker = ticker;
        this.options = options;
        this.deadline = options.deadline().toNanos();
        this.executor = options.executor().orElse(null);
    }

    /** {@return a name for a lane's record that nobody else has} */
    String freshRecord() {
        return "lane:" + ids.get();
    }

    /** Runs what ends callers' stages, where the options say. */
    void complete(Runnable task) {
        if (executor == null) {
            task.run();
            return;
        }
        try {
            executor.execute(task);
        } catch (RejectedExecutionException full) {
            task.run();
        }
    }

    /** Tells the listener. Never throws. */
    void tell(Consumer<CounterListener> event) {
        try {
            event.accept(options.listener());
        } catch (RuntimeException e) {
            LOG.warn("the listener threw", e);
        }
    }

    /** Logs that a value went backwards, and tells the listener. */
    void regressed(CounterName counter, Outcome.Regression regression, long generation) {
        LOG.warn(
                "counter \"{}\": the stored value went backwards: expected at least {}, found {}; generation {} begins",
                counter,
                regression.expected(),
                regression.found(),
                generation);
        tell(listener -> listener.onRegression(counter, regression.expected(), regression.found(), generation));
    }
}
