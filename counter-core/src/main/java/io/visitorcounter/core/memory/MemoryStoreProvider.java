package io.visitorcounter.core.memory;

import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.CounterStoreProvider;
import io.visitorcounter.core.Durability;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.spi.StoreFactory;
import java.net.URI;
import java.time.Clock;
import java.util.Set;

/** Opens {@code memory:/}, a new store every time. */
public final class MemoryStoreProvider implements CounterStoreProvider {

    /** For the service loader. */
    public MemoryStoreProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("memory");
    }

    @Override
    public CounterStore open(URI uri, CounterOptions options) {
        if (!(options.durability() instanceof Durability.Memory)) {
            throw new StoreException(
                    "memory: durability: expected memory, got " + options.durability()
                            + "; ask for memory or choose another store",
                    null);
        }
        return StoreFactory.open(new MemoryBackend(Clock.systemUTC(), options.idWindow()), options);
    }
}
