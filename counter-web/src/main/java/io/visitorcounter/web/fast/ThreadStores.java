package io.visitorcounter.web.fast;

import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.EventLoop;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.VisitorCounter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** One counter, for which each I/O thread has its own store that works on that thread, so no visit is handed to another
 *  thread. The stores share the value, but each has its own lane and record, as separate processes have.
 *
 *  <p>The first thread has the app's own store. Another thread's store is opened in the background when that thread
 *  reads its first visit, and retried until it succeeds; until then the thread counts in the first store. Thread-safe. */
public final class ThreadStores implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ThreadStores.class);

    private static final long FIRST_PAUSE_MILLIS = 1000;
    private static final long MAX_PAUSE_MILLIS = TimeUnit.MINUTES.toMillis(1);

    private final VisitorCounter first;
    private final List<EventLoop> threads; // that may have their own store
    private final Function<EventLoop, CounterStore> opener;
    private final AtomicReferenceArray<VisitorCounter> counters;
    private final long firstPauseMillis;
    private final AtomicBoolean told = new AtomicBoolean();

    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<CounterStore> opened = new ArrayList<>(); // guarded by the object's lock

    /** Opens no store yet.
     *
     *  @param first the counter, in a store that works on the first thread
     *  @param threads all, in the order of their numbers
     *  @param opener opens a store that works on a thread, and may block and throw as {@link CounterStore#open} does */
    public ThreadStores(VisitorCounter first, List<EventLoop> threads, Function<EventLoop, CounterStore> opener) {
        this(first, threads, opener, FIRST_PAUSE_MILLIS);
    }

    ThreadStores(
            VisitorCounter first,
            List<EventLoop> threads,
            Function<EventLoop, CounterStore> opener,
            long firstPauseMillis) {
        this.firstPauseMillis = firstPauseMillis;
        this.first = first;
        this.threads = threads;
        this.opener = opener;
        this.counters = new AtomicReferenceArray<>(threads.size());
        for (int i = 0; i < threads.size(); i++) {
            counters.set(i, first);
        }
    }

    /** {@return the same store for each thread} */
    public static ThreadStores single(VisitorCounter counter) {
        return new ThreadStores(counter, List.of(), thread -> {
            throw new IllegalStateException("there is one store");
        });
    }

    /** {@return the counter that the thread with this number, from 0, uses now} */
    VisitorCounter of(int thread) {
        return thread < counters.length() ? counters.get(thread) : first;
    }

    /** {@return the counter in each open store} */
    public List<VisitorCounter> counters() {
        return Stream.concat(
                        Stream.of(first), IntStream.range(0, counters.length()).mapToObj(counters::get))
                .distinct()
                .toList();
    }

    /** Begins to open a thread's own store; called once for each thread. */
    void begin(int thread) {
        if (thread > 0 && thread < counters.length()) {
            Thread opening = new Thread(() -> open(thread), "store-" + thread);
            opening.setDaemon(true);
            opening.start();
        }
    }

    private void open(int thread) {
        try {
            long pause = 0;
            while (!closed.await(pause, TimeUnit.MILLISECONDS) && !isOpened(thread)) {
                pause = pause == 0 ? firstPauseMillis : Math.min(2 * pause, MAX_PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // an interrupt means that this thread should end
        }
    }

    private boolean isOpened(int thread) {
        try {
            keep(thread, opener.apply(threads.get(thread)));
            return true;
        } catch (StoreException | IllegalStateException e) {
            tell(thread, e);
            return false;
        }
    }

    /** Logs once that a thread has no own store; in an outage of the first store, that one logs the reason. */
    private void tell(int thread, RuntimeException why) {
        boolean outage = !first.health().toCompletableFuture().join().up();
        LOG.atLevel(outage || told.getAndSet(true) ? Level.DEBUG : Level.WARN)
                .log(
                        "I/O thread {} counts by the first one's connection, until its own can be opened: {}",
                        thread,
                        why.getMessage());
    }

    private void keep(int thread, CounterStore store) {
        synchronized (this) {
            if (closed.getCount() > 0) {
                opened.add(store);
                counters.set(thread, store.counter(first.name()));
                return;
            }
        }
        store.close();
    }

    /** Closes the stores that were opened here. */
    @Override
    public void close() {
        List<CounterStore> toClose;
        synchronized (this) {
            closed.countDown();
            toClose = List.copyOf(opened);
            opened.clear();
        }
        toClose.forEach(CounterStore::close);
    }
}
