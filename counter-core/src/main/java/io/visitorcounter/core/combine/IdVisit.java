package io.visitorcounter.core.combine;

import io.visitorcounter.core.CounterException;
import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.MaybeCountedException;
import io.visitorcounter.core.NotCountedException;
import io.visitorcounter.core.Visit;
import io.visitorcounter.core.VisitId;
import io.visitorcounter.core.spi.Batch;
import io.visitorcounter.core.spi.Outcome;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One visit that the caller named. Its id is what makes a resend add nothing, so it needs no lane. */
final class IdVisit extends RetriedCall<Visit> {

    private final VisitId id;
    private final Batch batch;
    private final long began;
    private volatile boolean maybe;
    private volatile @Nullable String why;
    private volatile @Nullable Throwable cause;

    IdVisit(CounterName counter, VisitId id, CounterValue known, StoreContext context) {
        super(context);
        this.id = id;
        this.batch = new Batch(counter, Batch.idRecord(id), 0, 1, known);
        this.began = context.ticker.now();
    }

    @Override
    void attempt() {
        if (failed() > 0) {
            context.callbacks.tell(listener -> listener.onResend(batch.counter(), 1, failed() + 1));
        }
        boolean before = maybe;
        // Until the answer comes, the deadline must find it sent.
        maybe = true;
        try {
            context.backend.write(batch, outcome -> answered(outcome, before));
        } catch (RuntimeException | Error e) {
            failed("the store's writer failed: " + e, e, true);
        }
    }

    private void answered(Outcome outcome, boolean before) {
        if (outcome instanceof Outcome.Written written && written.total() >= 1 && written.generation() >= 0) {
            written(written, before);
        } else if (outcome instanceof Outcome.NotWritten not) {
            maybe = before;
            failed(not.why(), not.cause(), not.again());
        } else if (outcome instanceof Outcome.MaybeWritten unknown) {
            failed(unknown.why(), unknown.cause(), unknown.again());
        } else {
            failed("the store answered wrongly: " + outcome, null, false);
        }
    }

    private void written(Outcome.Written written, boolean before) {
        // A duplicate of an own attempt without an answer may be this very visit: it is not called one.
        Visit visit = new Visit(written.total(), written.generation(), written.duplicate() && !before);
        succeed(visit);
        context.worked(batch.counter(), FailureLog.Kind.VISITS);
        Duration took = Duration.ofNanos(context.ticker.now() - began);
        context.callbacks.tell(
                visit.duplicate()
                        ? listener -> listener.onDuplicate(batch.counter())
                        : listener -> listener.onBatch(batch.counter(), 1, took));
        Outcome.Regression regression = written.regression();
        if (regression != null) {
            context.regressed(batch.counter(), regression, written.generation());
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
        String where = "counter \"" + batch.counter() + "\": ";
        return maybe
                ? new MaybeCountedException(
                        where + "maybe counted: " + reason + "; visit with the same id again to settle it", id, cause)
                : new NotCountedException(where + "not counted: " + reason, cause, passing);
    }

    @Override
    void noteFailure(CounterException failure) {
        String reason = why;
        context.failed(batch.counter(), FailureLog.Kind.VISITS, 1, reason == null ? FailureLog.NO_ANSWER : reason);
        context.callbacks.tell(listener -> listener.onFailure(batch.counter(), 1, failure));
    }
}
