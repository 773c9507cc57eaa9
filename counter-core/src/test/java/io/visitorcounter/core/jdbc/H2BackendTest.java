package io.visitorcounter.core.jdbc;

import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.contract.BackendContract;
import io.visitorcounter.core.spi.Backend;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** So does the backend of one's own. */
class H2BackendTest extends BackendContract {

    @TempDir
    static Path folder;

    @Override
    protected Backend openBackend(CounterOptions options) {
        return JdbcStoreProvider.backend(URI.create("h2:" + folder.resolve("visits")), options);
    }
}
