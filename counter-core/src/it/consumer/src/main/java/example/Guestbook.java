package example;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.StoreHealth;
import io.visitorcounter.core.VisitorCounter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A store of a team's own, on SQLite. */
public final class Guestbook implements CounterStore {

    private final CounterStore store;

    /** Opens or makes the book. */
    public Guestbook(Path file, CounterOptions options) {
        this.store = CounterStore.open(URI.create("sqlite:" + file), options);
    }

    /** Signs for a guest, and returns the guest's number. */
    public long sign() throws Exception {
        return counter(CounterName.of("guests")).visit(Duration.ofSeconds(5)).number();
    }

    @Override
    public VisitorCounter counter(CounterName name) {
        return store.counter(name);
    }

    @Override
    public CompletionStage<List<CounterName>> counters() {
        return store.counters();
    }

    @Override
    public StoreHealth health() {
        return store.health();
    }

    @Override
    public void close() {
        store.close();
    }
}
