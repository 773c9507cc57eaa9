package io.visitorcounter.core.jdbc;

import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.contract.BackendContract;
import io.visitorcounter.core.spi.Backend;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the transactions do with batches that come again. */
class PostgresBackendIT extends BackendContract {

    @RegisterExtension
    static final PostgresOfTheClass POSTGRES = new PostgresOfTheClass();

    @Override
    protected Backend openBackend(CounterOptions options) {
        return JdbcStoreProvider.backend(POSTGRES.server().uri(), options);
    }
}
