package io.visitorcounter.core.combine;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.MaybeCountedException;
import io.visitorcounter.core.NotCountedException;
import org.jspecify.annotations.Nullable;

/** Why a lane's attempts have failed since the last success, and the failures for its calls. Guarded by the lane's
 *  lock. */
final class LastFailure {

    private final CounterName counter;
    private final StoreContext context;
    private int inRow;
    private @Nullable String why;
    private @Nullable Throwable cause;

    LastFailure(CounterName counter, StoreContext context) {
        this.counter = counter;
        this.context = context;
    }

    void note(String reason, @Nullable Throwable thrown) {
        inRow++;
        why = reason;
        cause = thrown;
    }

    /** Notes that an attempt succeeded. */
    void clear() {
        inRow = 0;
        why = null;
        cause = null;
    }

    /** {@return the instant of the next attempt, on the ticker's clock} */
    long retryAt() {
        return context.ticker.now() + Backoff.nanos(inRow);
    }

    String why() {
        return String.valueOf(why);
    }

    /** Adds to the effects the in-flight calls whose deadline has passed. */
    void lateInFlight(CallQueue late, Effects effects) {
        if (!late.isEmpty()) {
            effects.failed(late, maybeCounted("no answer " + inTime(why)), logged());
        }
    }

    /** Adds to the effects the waiting calls whose deadline has passed.
     *
     *  @param inFlight whether they waited for a batch in flight */
    void lateInQueue(boolean inFlight, CallQueue late, Effects effects) {
        if (!late.isEmpty()) {
            String reason = inFlight ? "an earlier batch has no answer" : why;
            effects.failed(late, notSent("not sent " + inTime(reason)), logged());
        }
    }

    /** {@return the failure for calls that were never sent} */
    NotCountedException notSent(String reason) {
        return notCounted(counter, reason, cause);
    }

    /** {@return the failure for calls of a batch that may have been written} */
    MaybeCountedException maybeCounted(String reason) {
        return new MaybeCountedException("counter \"" + counter + "\": maybe counted: " + reason, null, cause);
    }

    static NotCountedException notCounted(CounterName counter, String reason, @Nullable Throwable thrown) {
        return new NotCountedException("counter \"" + counter + "\": not counted: " + reason, thrown);
    }

    private String inTime(@Nullable String reason) {
        return reason == null ? context.withinDeadline() : context.withinDeadline() + ": " + reason;
    }

    private String logged() {
        return why == null ? FailureLog.NO_ANSWER : why;
    }
}
