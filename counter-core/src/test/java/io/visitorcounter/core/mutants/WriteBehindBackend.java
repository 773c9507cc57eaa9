package io.visitorcounter.core.mutants;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.StoreHealth;
import io.visitorcounter.core.spi.Backend;
import io.visitorcounter.core.spi.Batch;
import io.visitorcounter.core.spi.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Answers before anything is stored, which is done when it is closed: a process that is killed loses what it told. */
final class WriteBehindBackend implements Backend {

    private final CounterStore store;
    private final Map<CounterName, Long> behind = new ConcurrentHashMap<>();

    WriteBehindBackend(CounterStore store) {
        this.store = store;
    }

    private CounterValue stored(CounterName counter) {
        return store.counter(counter).value().toCompletableFuture().join();
    }

    @Override
    public void write(Batch batch, Consumer<Outcome> answer) {
        long waiting = behind.merge(batch.counter(), (long) batch.visits(), Long::sum);
        CounterValue stored = stored(batch.counter());
        answer.accept(new Outcome.Written(stored.value() + waiting, stored.generation(), false, null));
    }

    @Override
    public CompletionStage<CounterValue> value(CounterName counter, CounterValue known) {
        return store.counter(counter)
                .value()
                .thenApply(stored ->
                        new CounterValue(stored.value() + behind.getOrDefault(counter, 0L), stored.generation()));
    }

    @Override
    public CompletionStage<List<HourlyVisits>> history(CounterName counter, long fromHour, long toHour) {
        return store.counter(counter)
                .history(Instant.ofEpochSecond(fromHour * 3600), Instant.ofEpochSecond(toHour * 3600));
    }

    @Override
    public StoreHealth health() {
        return store.health();
    }

    @Override
    public void close() {
        behind.forEach((counter, visits) -> store.counter(counter)
                .visit(visits.intValue())
                .toCompletableFuture()
                .join());
        store.close();
    }
}
