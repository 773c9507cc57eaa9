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

    /** Notes that an attempt at this batch failed. */
    void note(InFlightBatch of, String reason, @Nullable Throwable thrown) {
        inRow++;
        of.why = reason;
        of.cause = thrown;
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

    /** Adds to the effects the batch's calls whose deadline has passed. */
    void lateInFlight(InFlightBatch batch, CallQueue late, Effects effects) {
        if (!late.isEmpty()) {
            // A new batch after a pause has no failure of its own yet.
            String reason = batch.why == null ? why : batch.why;
            effects.failed(
                    late,
                    maybeCounted("no answer " + inTime(reason), batch.why == null ? cause : batch.cause),
                    logged(reason));
        }
    }

    /** Adds to the effects the waiting calls whose deadline has passed.
     *
     *  @param inFlight the batch that they waited for, or null */
    void lateInQueue(@Nullable InFlightBatch inFlight, CallQueue late, Effects effects) {
        if (!late.isEmpty()) {
            String reason = inFlight == null ? why : "an earlier batch has no answer";
            effects.failed(
                    late, notSent("not sent " + inTime(reason)), logged(inFlight == null ? reason : inFlight.why));
        }
    }

    /** {@return the failure for calls that were never sent} */
    NotCountedException notSent(String reason) {
        return notCounted(counter, reason, cause);
    }

    /** {@return the failure for calls of a batch that may have been written} */
    MaybeCountedException maybeCounted(String reason, @Nullable Throwable thrown) {
        return new MaybeCountedException("counter \"" + counter + "\": maybe counted: " + reason, null, thrown);
    }

    static NotCountedException notCounted(CounterName counter, String reason, @Nullable Throwable thrown) {
        return new NotCountedException("counter \"" + counter + "\": not counted: " + reason, thrown);
    }

    private String inTime(@Nullable String reason) {
        return reason == null ? context.withinDeadline() : context.withinDeadline() + ": " + reason;
    }

    private static String logged(@Nullable String reason) {
        return reason == null ? FailureLog.NO_ANSWER : reason;
    }
}
