package io.visitorcounter.core.combine;

import io.visitorcounter.core.CounterException;
import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.MaybeCountedException;
import io.visitorcounter.core.NotCountedException;
import io.visitorcounter.core.VisitId;
import io.visitorcounter.core.spi.Change;
import io.visitorcounter.core.spi.Outcome;
import org.jspecify.annotations.Nullable;

/** One change of a value, sent again until it is answered: its record makes that harmless. */
final class ValueChange extends RetriedCall<CounterValue> {

    private final Change change;
    private final VisitId request;
    private volatile boolean maybe;
    private volatile @Nullable String why;
    private volatile @Nullable Throwable cause;

    ValueChange(Change change, VisitId request, StoreContext context) {
        super(context);
        this.change = change;
        this.request = request;
    }

    private CounterName counter() {
        return change.counter();
    }

    @Override
    void attempt() {
        boolean before = maybe;
        // Until the answer comes, the deadline must find it sent.
        maybe = true;
        try {
            context.backend.change(change, outcome -> answered(outcome, before));
        } catch (RuntimeException | Error e) {
            failed("the store's writer failed: " + e, e, true);
        }
    }

    private void answered(Outcome outcome, boolean before) {
        if (outcome instanceof Outcome.Written written && written.total() >= 0 && written.generation() >= 0) {
            succeed(new CounterValue(written.total(), written.generation()));
            context.worked(counter(), FailureLog.Kind.CHANGES);
        } else if (outcome instanceof Outcome.NotWritten not) {
            maybe = before;
            failed(not.why(), not.cause(), not.again());
        } else if (outcome instanceof Outcome.MaybeWritten unknown) {
            failed(unknown.why(), unknown.cause(), unknown.again());
        } else {
            failed("the store answered wrongly: " + outcome, null, false);
        }
    }

    private void failed(String reason, @Nullable Throwable thrown, boolean again) {
        why = reason;
        cause = thrown;
        if (again) {
            again();
        } else {
            fail(failure(reason, false));
        }
    }

    @Override
    CounterException late() {
        String within = "no answer within " + context.options.deadline().toMillis() + " ms";
        return failure(why == null ? within : within + ": " + why, true);
    }

    private CounterException failure(String reason, boolean passing) {
        String where = "counter \"" + counter() + "\": ";
        return maybe
                ? new MaybeCountedException(
                        where + "maybe changed: " + reason + "; the same change with the same id settles it",
                        request,
                        cause)
                : new NotCountedException(where + "not changed: " + reason, cause, passing);
    }

    @Override
    void noteFailure(CounterException failure) {
        String reason = why;
        context.failed(counter(), FailureLog.Kind.CHANGES, 1, reason == null ? FailureLog.NO_ANSWER : reason);
    }
}
