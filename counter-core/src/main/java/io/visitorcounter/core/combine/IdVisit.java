package io.visitorcounter.core.combine;

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
            context.tell(listener -> listener.onResend(batch.counter(), 1, failed() + 1));
        }
        boolean before = maybe;
        // Until the answer comes, the deadline must find it sent.
        maybe = true;
        context.backend.write(batch, outcome -> answered(outcome, before));
    }

    private void answered(Outcome outcome, boolean before) {
        // A duplicate of an own attempt without an answer may be this very visit: it is not called one.
        if (outcome instanceof Outcome.Written written) {
            Visit visit = new Visit(written.total(), written.generation(), written.duplicate() && !before);
            end(stage -> stage.complete(visit));
            context.tell(
                    listener -> listener.onBatch(batch.counter(), 1, Duration.ofNanos(context.ticker.now() - began)));
            Outcome.Regression regression = written.regression();
            if (regression != null) {
                context.regressed(batch.counter(), regression, written.generation());
            }
        } else if (outcome instanceof Outcome.NotWritten not) {
            maybe = before;
            failed(not.why(), not.cause(), not.again());
        } else if (outcome instanceof Outcome.MaybeWritten unknown) {
            failed(unknown.why(), unknown.cause(), unknown.again());
        } else {
            throw new IllegalStateException("a visit id has no earlier batch that could be forgotten");
        }
    }

    private void failed(String reason, @Nullable Throwable thrown, boolean again) {
        why = reason;
        cause = thrown;
        if (again) {
            again();
            return;
        }
        RuntimeException failure = failure(reason);
        end(stage -> stage.completeExceptionally(failure));
    }

    @Override
    RuntimeException late() {
        String within = "no answer within " + context.options.deadline().toMillis() + " ms";
        return failure(why == null ? within : within + ": " + why);
    }

    private RuntimeException failure(String reason) {
        String where = "counter \"" + batch.counter() + "\": ";
        if (maybe) {
            MaybeCountedException failure = new MaybeCountedException(
                    where + "maybe counted: " + reason + "; visit with the same id again to settle it", id, cause);
            context.tell(listener -> listener.onFailure(batch.counter(), 1, failure));
            return failure;
        }
        NotCountedException failure = new NotCountedException(where + "not counted: " + reason, cause);
        context.tell(listener -> listener.onFailure(batch.counter(), 1, failure));
        return failure;
    }
}
