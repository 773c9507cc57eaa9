package io.visitorcounter.core.combine;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.StoreHealth;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Checks whether a visit of a counter would be counted. Requests during a check, or soon after it began, share its
 *  result, so that many probes cost the store no more than two checks a second. Thread-safe. */
final class HealthCheck {

    private static final long FRESH = TimeUnit.MILLISECONDS.toNanos(500);

    private final CounterName counter;
    private final StoreContext context;
    private @Nullable CompletableFuture<StoreHealth> last;
    private long began;

    HealthCheck(CounterName counter, StoreContext context) {
        this.counter = counter;
        this.context = context;
    }

    /** {@return the result, within the deadline} */
    CompletableFuture<StoreHealth> result() {
        CompletableFuture<StoreHealth> fresh;
        synchronized (this) {
            long now = context.ticker.now();
            if (last != null && (!last.isDone() || now - began < FRESH)) {
                return last.copy();
            }
            began = now;
            fresh = new CompletableFuture<>();
            last = fresh;
        }
        check(fresh);
        return fresh.copy();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the dependents end the result
    private void check(CompletableFuture<StoreHealth> result) {
        context.ticker.at(began + context.deadline, () -> end(result, down("no answer " + context.withinDeadline())));
        try {
            context.backend
                    .check(counter)
                    .whenComplete((health, failure) -> end(result, failure == null ? health : down(why(failure))));
        } catch (RuntimeException | Error e) {
            end(result, down(why(e)));
        }
    }

    private void end(CompletableFuture<StoreHealth> result, StoreHealth health) {
        if (!result.isDone()) {
            // If there are no visits, a check is the first to notice.
            if (health.up()) {
                context.worked(counter, FailureLog.Kind.VISITS);
            } else {
                context.failed(counter, FailureLog.Kind.VISITS, 0, health.detail());
            }
            StoreHealth named = health.up() ? health : down("counter \"" + counter + "\": " + health.detail());
            context.callbacks.end(() -> result.complete(named));
        }
    }

    private static StoreHealth down(String why) {
        return new StoreHealth(false, why);
    }

    private static String why(Throwable failure) {
        Throwable cause = RetriedCall.cause(failure);
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
