package io.visitorcounter.core.memory;

import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.contract.CounterStoreContract;
import io.visitorcounter.core.spi.StoreFactory;

/** The contract of a store that can't change values or list counters. */
final class CountingOnlyStoreTest extends CounterStoreContract {

    @Override
    protected CounterStore openStore(CounterOptions options) {
        return StoreFactory.open(new CountingOnlyBackend(options), options);
    }

    @Override
    protected boolean shares() {
        return false;
    }

    @Override
    protected boolean changes() {
        return false;
    }
}
