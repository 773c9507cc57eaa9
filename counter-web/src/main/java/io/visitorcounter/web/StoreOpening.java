package io.visitorcounter.web;

import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.StoreException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** A store that is being opened on a separate thread, so that other work can begin meanwhile. */
final class StoreOpening {

    private final CompletableFuture<CounterStore> store;

    private StoreOpening(CompletableFuture<CounterStore> store) {
        this.store = store;
    }

    /** {@return the started opening; the supplier may block} */
    static StoreOpening begin(Supplier<CounterStore> open) {
        return new StoreOpening(CompletableFuture.supplyAsync(open, task -> {
            Thread thread = new Thread(task, "store");
            thread.setDaemon(true);
            thread.start();
        }));
    }

    /** {@return the store, once it is open}
     *
     *  @throws StartException if it can't be opened */
    CounterStore await() throws StartException {
        try {
            return store.join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String message = String.valueOf(cause.getMessage());
            if (cause instanceof IllegalArgumentException
                    || (cause instanceof StoreException failure && failure.isWrongOptions())) {
                throw StartException.config(message, cause);
            }
            if (cause instanceof StoreException) {
                throw new StartException(message, cause);
            }
            throw e;
        }
    }

    /** Closes the store as soon as it is open; does not wait for it. */
    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for it
    void cancel() {
        store.thenAccept(CounterStore::close);
    }
}
