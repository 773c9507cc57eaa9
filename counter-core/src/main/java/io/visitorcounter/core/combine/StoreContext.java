package io.visitorcounter.core.combine;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.spi.Backend;
import io.visitorcounter.core.spi.Outcome;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all counters of a store share. Thread-safe. */
final class StoreContext {

    private static final Logger LOG = LoggerFactory.getLogger(StoreContext.class);

    final Backend backend;
    final Ticker ticker;
    final CounterOptions options;
    final Callbacks callbacks;
    final FailureLog failures;

    /** From a call to its deadline, in ns. */
    final long deadline;

    private final Supplier<String> ids;

    StoreContext(Backend backend, Ticker ticker, Supplier<String> ids, CounterOptions options) {
        this.ids = ids;
        this.backend = backend;
        this.ticker = ticker;
        this.options = options;
        this.deadline = options.deadline().toNanos();
        this.callbacks = new Callbacks(options, ticker);
        this.failures = new FailureLog(ticker);
    }

    /** {@return a name for a lane's record that nobody else has} */
    String freshRecord() {
        return "lane:" + ids.get();
    }

    /** Lets a thread pass that may wait for an answer.
     *
     *  @param what it is about to do
     *  @throws IllegalStateException if the store works on it: it would wait for itself */
    void refuseOwnThread(String what) {
        callbacks.refuseOwnThread(what);
        backend.refuseItsOwnThread();
    }

    /** Logs that calls failed, as {@link FailureLog#failed} says. */
    void failed(CounterName counter, FailureLog.Kind kind, int calls, String why) {
        callbacks.run(() -> failures.failed(counter, kind, calls, why));
    }

    /** Logs that calls work again, where they failed before. */
    void worked(CounterName counter, FailureLog.Kind kind) {
        if (failures.troubled()) {
            callbacks.run(() -> failures.worked(counter, kind));
        }
    }

    /** Logs that a value went backwards, and tells the listener. */
    void regressed(CounterName counter, Outcome.Regression regression, long generation) {
        callbacks.run(() -> LOG.warn(
                "counter \"{}\": the stored value went backwards: expected at least {}, found {}; generation {} begins",
                counter,
                regression.expected(),
                regression.found(),
                generation));
        callbacks.tell(
                listener -> listener.onRegression(counter, regression.expected(), regression.found(), generation));
    }
}
