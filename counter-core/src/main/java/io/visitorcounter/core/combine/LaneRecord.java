package io.visitorcounter.core.combine;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.spi.Batch;
import io.visitorcounter.core.spi.Outcome;
import org.jspecify.annotations.Nullable;

/** What a lane knows of its record in the store: the record's name, the cumulative count that the store has confirmed,
 *  and the highest value that the store has returned. Guarded by the lane's lock. */
final class LaneRecord {

    private final CounterName counter;
    private final StoreContext context;
    private String name;
    private long cumulative;
    private CounterValue known = new CounterValue(0, 0);
    private boolean knows;

    LaneRecord(CounterName counter, StoreContext context) {
        this.counter = counter;
        this.context = context;
        this.name = context.freshRecord();
    }

    /** Begins a new record, in which nothing is counted yet. */
    void begin() {
        name = context.freshRecord();
        cumulative = 0;
    }

    /** {@return the batch that adds this many visits to the confirmed count} */
    Batch next(int visits) {
        return new Batch(counter, name, cumulative, cumulative + visits, known);
    }

    /** Notes that the store has confirmed a batch.
     *
     *  @return the loss that began a new generation, if this lane has just learned of one; null if not */
    Outcome.@Nullable Regression confirmed(Batch batch, Outcome.Written written) {
        Outcome.Regression seen = written.regression();
        // The reply that reported the loss may have been lost, or another process may have found the loss first. So a
        // lane also reports a loss if it only sees a new generation.
        if (seen == null && knows && written.generation() > known.generation()) {
            seen = new Outcome.Regression(known.value(), written.total() - batch.visits());
        }
        cumulative = batch.cumulative();
        known = new CounterValue(written.total(), written.generation());
        knows = true;
        return seen;
    }

    /** {@return the highest value that was confirmed} */
    CounterValue known() {
        return known;
    }
}
