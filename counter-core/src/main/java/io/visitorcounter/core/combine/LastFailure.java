package io.visitorcounter.core.combine;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.MaybeCountedException;
import io.visitorcounter.core.NotCountedException;
import org.jspecify.annotations.Nullable;

/** Why the attempts of a lane failed since the last that succeeded, and what its calls are told of it. Guarded by the
 *  lane's lock. */
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

    /** An attempt at this batch failed. */
    void note(InFlightBatch of, String reason, @Nullable Throwable thrown) {
        inRow++;
        of.why = reason;
        of.cause = thrown;
        why = reason;
        cause = thrown;
    }

    /** An attempt succeeded. */
    void clear() {
        inRow = 0;
        why = null;
        cause = null;
    }

    /** {@return the instant of the next attempt, on the ticker's clock} */
    long retryAt() {
        return context.ticker.now() + Backoff.nanos(inRow);
    }

    /** Will end calls of the batch whose deadline came. */
    void lateInFlight(InFlightBatch batch, CallQueue late, Effects effects) {
        if (!late.isEmpty()) {
            // A batch that is new after a pause has no reason of its own yet.
            String reason = batch.why == null ? why : batch.why;
            effects.failed(
                    late,
                    maybeCounted("no answer " + inTime(reason), batch.why == null ? cause : batch.cause),
                    logged(reason));
        }
    }

    /** Will end calls whose deadline came while they waited.
     *
     *  @param inFlight the batch that they waited for, if there is one */
    void lateInQueue(@Nullable InFlightBatch inFlight, CallQueue late, Effects effects) {
        if (!late.isEmpty()) {
            String reason = inFlight == null ? why : "an earlier batch has no answer";
            effects.failed(
                    late, notSent("not sent " + inTime(reason)), logged(inFlight == null ? reason : inFlight.why));
        }
    }

    /** {@return what calls are told that were never sent} */
    NotCountedException notSent(String reason) {
        return notCounted(counter, reason, cause);
    }

    /** {@return what calls of a batch are told that may have been written} */
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
