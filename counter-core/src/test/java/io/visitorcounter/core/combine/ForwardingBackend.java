package io.visitorcounter.core.combine;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.StoreHealth;
import io.visitorcounter.core.spi.Backend;
import io.visitorcounter.core.spi.Batch;
import io.visitorcounter.core.spi.Change;
import io.visitorcounter.core.spi.Outcome;
import io.visitorcounter.core.spi.VisitorSketches;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** A backend that leaves everything to another; a test overrides what it wants otherwise. */
class ForwardingBackend implements Backend {

    private final Backend to;

    ForwardingBackend(Backend to) {
        this.to = to;
    }

    @Override
    public void write(Batch batch, Consumer<Outcome> answer) {
        to.write(batch, answer);
    }

    @Override
    public void change(Change change, Consumer<Outcome> answer) {
        to.change(change, answer);
    }

    @Override
    public CompletionStage<List<CounterName>> counters() {
        return to.counters();
    }

    @Override
    public CompletionStage<CounterValue> value(CounterName counter, CounterValue known) {
        return to.value(counter, known);
    }

    @Override
    public CompletionStage<List<HourlyVisits>> history(CounterName counter, long fromHour, long toHour) {
        return to.history(counter, fromHour, toHour);
    }

    @Override
    public Optional<VisitorSketches> sketches() {
        return to.sketches();
    }

    @Override
    public StoreHealth health() {
        return to.health();
    }

    @Override
    public void close() {
        to.close();
    }
}
