package io.visitorcounter.core;

import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Where counters live: a Redis, an SQLite file, or memory. Thread-safe.
 *
 *  <pre>{@code
 *  try (CounterStore store = CounterStore.open(URI.create("redis://localhost:6379"), CounterOptions.defaults())) {
 *      VisitorCounter home = store.counter(CounterName.of("visitorCount"));
 *      home.visit().thenAccept(visit -> System.out.println(visit.number()));
 *  }
 *  }</pre> */
public interface CounterStore extends AutoCloseable {

    /** Opens the store that the URI names.
     *
     *  @param uri {@code redis://host:port/db}, {@code rediss:} (TLS), {@code redis-sentinel://host:port,…/db#master},
     *         {@code redis-cluster://host:port,…}, {@code sqlite:FILE} or {@code memory:/}
     *  @param options limits, durability, credentials
     *  @return the open store; the caller closes it
     *  @throws StoreException if it can't be reached or opened, is foreign, or contradicts the durability asked for;
     *          the message names where and what to change, never a secret
     *  @throws IllegalArgumentException if no store has this scheme or the URI is malformed
     *  @throws IllegalStateException if the store would work on the calling thread, or on one that does not run: see
     *          {@link CounterOptions.Builder#eventLoop} */
    static CounterStore open(URI uri, CounterOptions options) {
        return CounterStoreProvider.forScheme(uri).open(uri, options);
    }

    /** {@return the counter of this name, the same object for the same name while it is in use; it need not exist yet. Of a
     *  store that is closed it is given as well, and each of its calls fails}
     *
     *  @param name of the counter */
    VisitorCounter counter(CounterName name);

    /** Lists the counters whose value is above 0, for administration: it reads through the whole store. One that another
     *  program has set in Redis is listed from its first visit through this library on.
     *
     *  @return their names, sorted; or failed with {@link StoreException} */
    default CompletionStage<List<CounterName>> counters() {
        return CompletableFuture.failedFuture(new StoreException("this store can't list its counters", null));
    }

    /** {@return how many visits of this process wait in the lanes, not those in a batch that was sent: for a gauge; where it
     *  stays high, the store does not keep up} */
    default int waiting() {
        return 0;
    }

    /** {@return whether the store can be reached and accepts writes, as far as it knows at this moment; never blocks. Whether
     *  a certain counter can be counted says {@link VisitorCounter#health()}} */
    StoreHealth health();

    /** Stops taking visits, lets those that were taken finish by their deadline, and releases every thread and
     *  connection. When it returns, every stage has ended, on the executor too; a callback may still run there. A second
     *  call waits for the first, and then does nothing.
     *
     *  <p>In a callback that runs on {@link CounterOptions#executor()} it waits for every other stage.
     *
     *  @throws IllegalStateException if the store works on the calling thread: in a callback or a listener on a thread of
     *          its own, or on that of {@link CounterOptions#eventLoop()}. It stays open */
    @Override
    void close();
}
