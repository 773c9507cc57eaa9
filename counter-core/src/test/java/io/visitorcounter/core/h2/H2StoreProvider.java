package io.visitorcounter.core.h2;

import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.CounterStoreProvider;
import io.visitorcounter.core.Durability;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.spi.StoreFactory;
import java.net.URI;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Set;

/** Opens {@code h2:FILE}. */
public final class H2StoreProvider implements CounterStoreProvider {

    /** For the service loader. */
    public H2StoreProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("h2");
    }

    @Override
    public CounterStore open(URI uri, CounterOptions options) {
        if (!(options.durability() instanceof Durability.Memory)) {
            throw new StoreException(uri + ": durability: expected memory, got " + options.durability(), null);
        }
        try {
            H2Backend backend = new H2Backend(
                    DriverManager.getConnection("jdbc:h2:" + uri.getSchemeSpecificPart() + ";LOCK_TIMEOUT=500"),
                    options);
            return StoreFactory.open(backend, options);
        } catch (SQLException e) {
            throw new StoreException(uri + ": can't be opened: " + e.getMessage(), e);
        }
    }
}
