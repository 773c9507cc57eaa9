package io.visitorcounter.core.sqlite;

import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.CounterStoreProvider;
import io.visitorcounter.core.Durability;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.spi.StoreFactory;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;

/** Opens {@code sqlite:FILE}; the file and its folder are created if absent. A relative path starts at the working
 *  directory. */
public final class SqliteStoreProvider implements CounterStoreProvider {

    /** The version that this library is built and tested with. */
    static final String DRIVER = "3.54.1.0";

    /** For the service loader. */
    public SqliteStoreProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("sqlite");
    }

    @Override
    public CounterStore open(URI uri, CounterOptions options) {
        Path path = path(uri);
        if (options.durability() instanceof Durability.Replicated) {
            throw new StoreException(
                    path + ": durability: expected memory or fsync (SQLite always syncs), got " + options.durability()
                            + "; ask for fsync or choose Redis",
                    null);
        }
        try {
            return StoreFactory.open(
                    new SqliteBackend(new SqliteFile(path).open(), Clock.systemUTC(), options.idWindow()), options);
        } catch (LinkageError e) {
            throw new StoreException(
                    path + ": sqlite-jdbc is not on the class path, or too old (" + e + "); add org.xerial:sqlite-jdbc:"
                            + DRIVER,
                    e);
        }
    }

    private static Path path(URI uri) {
        String text = uri.isOpaque() ? uri.getSchemeSpecificPart() : uri.getPath();
        if (text == null || text.isEmpty() || text.equals("/") || uri.getAuthority() != null) {
            throw new IllegalArgumentException(
                    "store: " + uri + ": expected sqlite:FILE, as sqlite:data/visitors.db or sqlite:/data/visitors.db");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("store: " + uri + ": expected a path of this system", e);
        }
    }
}
