package io.visitorcounter.core.mutants;

import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.CounterStoreProvider;
import io.visitorcounter.core.spi.StoreFactory;
import java.net.URI;
import java.util.Set;

/** Opens {@code behind:FILE}: it counts in memory, and writes to an SQLite file when it is closed. */
public final class WriteBehindStoreProvider implements CounterStoreProvider {

    /** For the service loader. */
    public WriteBehindStoreProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("behind");
    }

    @Override
    public CounterStore open(URI uri, CounterOptions options) {
        URI file = URI.create("sqlite:" + uri.getSchemeSpecificPart());
        return StoreFactory.open(new WriteBehindBackend(CounterStore.open(file, options)), options);
    }
}
