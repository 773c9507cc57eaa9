package io.visitorcounter.core.spi;

import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import java.util.ServiceLoader;

/** Makes a complete store from a backend: it adds queues, batches, deadlines, resends, visit ids and the listener. The
 *  library has the only implementation. */
public interface StoreFactory {

    /** {@return a store over a backend}
     *
     *  @param backend does the reading and writing; is closed with the store
     *  @param options limits, executor, listener */
    static CounterStore open(Backend backend, CounterOptions options) {
        ServiceLoader<StoreFactory> found = ServiceLoader.load(StoreFactory.class, StoreFactory.class.getClassLoader());
        return found.findFirst()
                .orElseThrow(() -> new IllegalStateException("counter-core: no " + StoreFactory.class.getName()
                        + " in META-INF/services; a repackaged jar must keep its service files"))
                .over(backend, options);
    }

    /** {@return a store, as {@link #open} says}
     *
     *  @param backend does the reading and writing
     *  @param options limits, executor, listener */
    CounterStore over(Backend backend, CounterOptions options);
}
