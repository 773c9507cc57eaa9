package io.visitorcounter.core.memory;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.StoreHealth;
import io.visitorcounter.core.spi.Backend;
import io.visitorcounter.core.spi.Batch;
import io.visitorcounter.core.spi.Outcome;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Memory by the methods alone that a backend has to have. */
final class CountingOnlyBackend implements Backend {

    private final MemoryBackend memory;

    CountingOnlyBackend(CounterOptions options) {
        memory = new MemoryBackend(Clock.systemUTC(), options.idWindow());
    }

    @Override
    public void write(Batch batch, Consumer<Outcome> answer) {
        memory.write(batch, answer);
    }

    @Override
    public CompletionStage<CounterValue> value(CounterName counter, CounterValue known) {
        return memory.value(counter, known);
    }

    @Override
    public CompletionStage<List<HourlyVisits>> history(CounterName counter, long fromHour, long toHour) {
        return memory.history(counter, fromHour, toHour);
    }

    @Override
    public StoreHealth health() {
        return memory.health();
    }

    @Override
    public void refuseItsOwnThread() {
        memory.refuseItsOwnThread();
    }

    @Override
    public void close() {
        memory.close();
    }
}
