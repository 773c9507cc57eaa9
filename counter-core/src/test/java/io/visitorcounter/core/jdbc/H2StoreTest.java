package io.visitorcounter.core.jdbc;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.contract.CounterStoreContract;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

/** The store of one's own passes what ours pass. */
class H2StoreTest extends CounterStoreContract {

    @TempDir
    static Path folder;

    @Override
    protected CounterStore openStore(CounterOptions options) {
        return CounterStore.open(URI.create("h2:" + folder.resolve("visits")), options);
    }

    @Override
    protected Optional<URI> uri() {
        return Optional.of(URI.create("h2:" + folder.resolve("visits")));
    }

    @Override
    protected boolean overwrite(CounterName name, long value) {
        try (Connection connection = DriverManager.getConnection("jdbc:h2:" + folder.resolve("visits"));
                PreparedStatement update =
                        connection.prepareStatement("UPDATE counter SET amount = ? WHERE name = ?")) {
            update.setLong(1, value);
            update.setString(2, name.text());
            return update.executeUpdate() == 1;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
