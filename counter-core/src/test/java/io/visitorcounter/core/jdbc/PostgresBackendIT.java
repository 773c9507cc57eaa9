package io.visitorcounter.core.jdbc;

import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.contract.BackendContract;
import io.visitorcounter.core.spi.Backend;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** What the transactions do with batches that come again. */
class PostgresBackendIT extends BackendContract {

    private static @Nullable PostgresServer server;

    @BeforeAll
    static void start() throws Exception {
        server = PostgresServer.start();
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.stop();
        }
    }

    @Override
    protected Backend openBackend(CounterOptions options) {
        if (server == null) {
            throw new IllegalStateException("not started");
        }
        return JdbcStoreProvider.backend(server.uri(), options);
    }
}
