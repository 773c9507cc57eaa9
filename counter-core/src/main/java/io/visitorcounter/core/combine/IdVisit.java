package io.visitorcounter.core.combine;

import io.visitorcounter.core.CounterException;
import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.Visit;
import io.visitorcounter.core.VisitId;
import io.visitorcounter.core.spi.Batch;
import io.visitorcounter.core.spi.Outcome;
import java.time.Duration;
import java.util.function.Consumer;

/** One visit with an id from the caller. The id makes resends harmless, so it needs no lane. */
final class IdVisit extends RetriedWrite<Visit> {

    private final Batch batch;
    private final long began;

    IdVisit(CounterName counter, VisitId id, CounterValue known, StoreContext context) {
        super(counter, id, FailureLog.Kind.VISITS, context, "counted", "visit with the same id again to settle it");
        this.batch = new Batch(counter, Batch.idRecord(id), 0, 1, known);
        this.began = context.ticker.now();
    }

    @Override
    void send(Consumer<Outcome> reply) {
        if (failed() > 0) {
            context.callbacks.tell(listener -> listener.onResend(batch.counter(), 1, failed() + 1));
        }
        context.backend.write(batch, reply);
    }

    @Override
    boolean written(Outcome.Written written, boolean before) {
        if (written.total() < 1) {
            return false;
        }
        // If an earlier attempt had no reply, a duplicate may be this very visit, so it is not reported as one.
        Visit visit = new Visit(written.total(), written.generation(), written.duplicate() && !before);
        succeed(visit);
        Duration took = Duration.ofNanos(context.ticker.now() - began);
        context.callbacks.tell(
                visit.duplicate()
                        ? listener -> listener.onDuplicate(batch.counter())
                        : listener -> listener.onBatch(batch.counter(), 1, took));
        Outcome.Regression regression = written.regression();
        if (regression != null) {
            context.regressed(batch.counter(), regression, written.generation());
        }
        return true;
    }

    @Override
    void noteFailure(CounterException failure) {
        super.noteFailure(failure);
        context.callbacks.tell(listener -> listener.onFailure(batch.counter(), 1, failure));
    }
}
