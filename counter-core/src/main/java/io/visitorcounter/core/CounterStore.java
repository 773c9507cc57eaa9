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
     *  @throws StoreException if the store can't be reached or opened, belongs to another program, or can't give the
     *          requested durability; the message says where and what to change, and shows no secret
     *  @throws IllegalArgumentException if no store has this scheme or the URI is malformed
     *  @throws IllegalStateException if the event loop's thread is the calling thread or is not running: see
     *          {@link CounterOptions.Builder#eventLoop} */
    static CounterStore open(URI uri, CounterOptions options) {
        return CounterStoreProvider.forScheme(uri).open(uri, options);
    }

    /** {@return the counter of this name; it need not exist yet. The same name gives the same object while it is in
     *  use. If the store is closed, each call on the counter fails}
     *
     *  @param name the counter's name */
    VisitorCounter counter(CounterName name);

    /** Lists the counters whose value is above 0. It scans the whole store, so it is meant for administration. A
     *  counter that another program created in Redis is listed once it was visited through this library.
     *
     *  @return their names, sorted; or failed with {@link StoreException} */
    default CompletionStage<List<CounterName>> counters() {
        return CompletableFuture.failedFuture(new StoreException("this store can't list its counters", null));
    }

    /** {@return how many visits of this process wait in the lanes, without those in batches that were sent. For a
     *  gauge: if it stays high, the store does not keep up} */
    default int waiting() {
        return 0;
    }

    /** {@return whether the store was last seen reachable and accepting writes; never blocks. To check a particular
     *  counter, use {@link VisitorCounter#health()}} */
    StoreHealth health();

    /** Stops accepting visits, lets accepted ones finish by their deadline, and releases every thread and connection.
     *  When it returns, every stage has ended, including those on the executor; a callback may still be running there.
     *  A second call waits for the first and does nothing else.
     *
     *  <p>If called in a callback on {@link CounterOptions#executor()}, it waits for every other stage.
     *
     *  @throws IllegalStateException if the calling thread is one that the store works on: in a callback or listener on
     *          the store's own thread, or on the thread of {@link CounterOptions#eventLoop()}. The store stays open */
    @Override
    void close();
}
