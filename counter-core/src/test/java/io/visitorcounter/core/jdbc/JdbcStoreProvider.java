package io.visitorcounter.core.jdbc;

import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.CounterStoreProvider;
import io.visitorcounter.core.Durability;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.spi.StoreFactory;
import java.net.URI;
import java.sql.SQLException;
import java.util.Properties;
import java.util.Set;

/** Opens {@code h2:FILE} and {@code postgresql://HOST:PORT/DATABASE}. */
public final class JdbcStoreProvider implements CounterStoreProvider {

    /** For the service loader. */
    public JdbcStoreProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("h2", "postgresql");
    }

    @Override
    public CounterStore open(URI uri, CounterOptions options) {
        if (!(options.durability() instanceof Durability.Memory)) {
            throw new StoreException(uri + ": durability: expected memory, got " + options.durability(), null);
        }
        return StoreFactory.open(backend(uri, options), options);
    }

    static JdbcBackend backend(URI uri, CounterOptions options) {
        Properties user = new Properties();
        options.credentials().ifPresent(credentials -> {
            user.setProperty("user", credentials.user());
            user.setProperty("password", credentials.password());
        });
        Database database = new Database("jdbc:" + uri + howToWait(uri), user);
        try {
            database.connect();
        } catch (SQLException e) {
            throw new StoreException(uri + ": can't be opened: " + e.getMessage(), e);
        }
        return new JdbcBackend(database, options);
    }

    /** {@return what keeps an attempt far shorter than a deadline; and H2 writes at the commit, not half a second later} */
    private static String howToWait(URI uri) {
        return uri.getScheme().equals("h2")
                ? ";LOCK_TIMEOUT=500;WRITE_DELAY=0"
                : (uri.getQuery() == null ? "?" : "&")
                        + "options=-c%20lock_timeout=500&connectTimeout=2&socketTimeout=2";
    }
}
