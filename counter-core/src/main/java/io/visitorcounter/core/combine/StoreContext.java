package io.visitorcounter.core.combine;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.StoreHealth;
import io.visitorcounter.core.spi.Backend;
import io.visitorcounter.core.spi.Outcome;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all counters of a store share. Thread-safe. */
final class StoreContext {

    private static final Logger LOG = LoggerFactory.getLogger(StoreContext.class);

    final Backend backend;
    final Ticker ticker;
    final Callbacks callbacks;

    /** From a call to its deadline, in ns. */
    final long deadline;

    /** How many visits may wait in a lane, and how many other calls of each kind. */
    final int queue;

    private final Supplier<String> ids;
    private final FailureLog failures;
    private final AtomicBoolean logs = new AtomicBoolean(true);

    StoreContext(Backend backend, Ticker ticker, Supplier<String> ids, CounterOptions options) {
        this.ids = ids;
        this.backend = backend;
        this.ticker = ticker;
        this.deadline = options.deadline().toNanos();
        this.queue = options.queue();
        this.callbacks = new Callbacks(options, ticker);
        String place = backend.place();
        this.failures = place.isEmpty() ? new FailureLog(ticker::now) : SharedLogs.take(place);
    }

    /** {@return a unique name for a lane's record} */
    String freshRecord() {
        return "lane:" + ids.get();
    }

    /** {@return how long a call may take, for messages} */
    String withinDeadline() {
        return "within " + TimeUnit.NANOSECONDS.toMillis(deadline) + " ms";
    }

    /** As {@link Callbacks#refuseOwnThread}, and also for the threads that the backend works on. */
    void refuseOwnThread(String what) {
        callbacks.refuseOwnThread(what);
        backend.refuseItsOwnThread();
    }

    /** Logs that calls of a counter failed, or that a check did.
     *
     *  @param calls how many; 0 for a check
     *  @param why as for {@link FailureLog#failed} */
    void failed(CounterName counter, FailureLog.Kind kind, int calls, String why) {
        callbacks.run(() -> {
            if (logs.get() && backend.health().up()) {
                failures.failed(counter, kind, calls, why);
            } else if (logs.get()) {
                failures.storeFailed(this, counter, kind, calls, why);
            }
        });
    }

    /** Logs that calls work again, if they failed before. */
    void worked(CounterName counter, FailureLog.Kind kind) {
        if (failures.troubled()) {
            callbacks.run(() -> failures.worked(this, counter, kind));
        }
    }

    /** Logs what the store noticed without a call. */
    void found(StoreHealth health) {
        callbacks.run(() -> {
            if (!health.up() && logs.get()) {
                failures.storeFailed(this, null, FailureLog.Kind.VISITS, 0, health.detail());
            } else if (health.up() && failures.troubled()) {
                failures.worked(this, null, FailureLog.Kind.VISITS);
            }
        });
    }

    /** Stops logging failures: calls that fail because the store is closed are no problem. */
    void logNoMore() {
        if (logs.getAndSet(false)) {
            failures.closed(this);
            SharedLogs.giveBack(backend.place());
        }
    }

    /** Logs that a generation begins, and tells the listener if the value went backwards. If the value is not behind
     *  what was acknowledged, it was set, or the process that found it behind has reported it. */
    void regressed(CounterName counter, Outcome.Regression regression, long generation) {
        boolean backwards = regression.found() < regression.expected();
        callbacks.run(() -> {
            if (!failures.isNews(counter, generation)) {
                return;
            }
            if (backwards) {
                LOG.warn(
                        "counter \"{}\": the stored value went backwards: expected at least {}, found {}; generation {}"
                                + " begins",
                        counter,
                        regression.expected(),
                        regression.found(),
                        generation);
            } else {
                LOG.info(
                        "counter \"{}\": the stored value was set: {} was acknowledged before, found {}; generation {}"
                                + " begins",
                        counter,
                        regression.expected(),
                        regression.found(),
                        generation);
            }
        });
        if (backwards) {
            callbacks.tell(
                    listener -> listener.onRegression(counter, regression.expected(), regression.found(), generation));
        }
    }
}
