package io.visitorcounter.core.combine;

import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.VisitId;
import io.visitorcounter.core.spi.Change;
import io.visitorcounter.core.spi.Outcome;
import java.util.function.Consumer;

/** One change of a value. */
final class ValueChange extends RetriedWrite<CounterValue> {

    private final Change change;

    ValueChange(Change change, VisitId request, StoreContext context) {
        super(
                change.counter(),
                request,
                FailureLog.Kind.CHANGES,
                context,
                "changed",
                "the same change with the same id settles it");
        this.change = change;
    }

    @Override
    void send(Consumer<Outcome> reply) {
        context.backend.change(change, reply);
    }

    @Override
    boolean written(Outcome.Written written, boolean before) {
        if (written.total() < 0) {
            return false;
        }
        succeed(new CounterValue(written.total(), written.generation()));
        return true;
    }
}
