package io.visitorcounter.core.redis;

import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.contract.BackendContract;
import io.visitorcounter.core.contract.RedisServer;
import io.visitorcounter.core.spi.Backend;

/** What the script does with batches that come again. */
final class RedisBackendIT extends BackendContract {

    private final RedisServer redis = RedisServer.shared();

    @Override
    protected Backend openBackend(CounterOptions options) {
        return RedisStoreProvider.openBackend(redis.uri(), options);
    }

    @Override
    protected boolean notesVisitors() {
        return true;
    }
}
