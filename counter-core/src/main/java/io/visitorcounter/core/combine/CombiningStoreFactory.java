package io.visitorcounter.core.combine;

import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.spi.Backend;
import io.visitorcounter.core.spi.StoreFactory;

/** Creates combining stores. */
public final class CombiningStoreFactory implements StoreFactory {

    /** For the service loader. */
    public CombiningStoreFactory() {}

    @Override
    public CounterStore over(Backend backend, CounterOptions options) {
        return new CombiningStore(backend, options);
    }
}
