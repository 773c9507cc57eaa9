package io.visitorcounter.web.fast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.EventLoop;
import io.visitorcounter.core.NotCountedException;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.VisitorCounter;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class ThreadStoresTest {

    private final CounterStore store = memory();
    private final VisitorCounter first = store.counter(CounterName.of("c"));

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void theFirstThreadHasTheFirstStoreAndAnotherOneItsOwn() throws Exception {
        try (IoThreads threads = IoThreads.start(0)) {
            EventLoop loop = threads.loops().get(0);
            CompletableFuture<EventLoop> openedFor = new CompletableFuture<>();
            ThreadStores stores = new ThreadStores(first, List.of(loop, loop), thread -> {
                openedFor.complete(thread);
                return memory();
            });

            stores.begin(0);
            assertThat(stores.of(0)).isSameAs(first);
            assertThat(stores.of(1)).as("before it has begun").isSameAs(first);
            assertThat(stores.counters()).containsExactly(first);

            stores.begin(1);
            VisitorCounter own = awaitOwn(stores);
            assertThat(openedFor).isCompletedWithValue(loop);
            assertThat(stores.of(0)).isSameAs(first);
            assertThat(stores.counters()).containsExactly(first, own);

            stores.close();
            assertThatThrownBy(() -> own.visit().toCompletableFuture().get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(NotCountedException.class);
            first.visit().toCompletableFuture().get();
        }
    }

    @Test
    void aThreadWhoseStoreCantBeOpenedCountsInTheFirstOneUntilItCan() throws Exception {
        try (IoThreads threads = IoThreads.start(0)) {
            EventLoop loop = threads.loops().get(0);
            CountDownLatch failed = new CountDownLatch(1);
            AtomicInteger tries = new AtomicInteger();
            try (ThreadStores stores = new ThreadStores(
                    first,
                    List.of(loop, loop),
                    thread -> {
                        if (tries.incrementAndGet() == 1) {
                            failed.countDown();
                            throw new StoreException("can't connect", null);
                        }
                        return memory();
                    },
                    10)) {
                stores.begin(1);
                failed.await();
                assertThat(stores.of(1).visit().toCompletableFuture().get().number())
                        .isEqualTo(1);

                awaitOwn(stores);
                assertThat(tries).hasValue(2);
            }
        }
    }

    @Test
    void aStoreThatIsOpenedTooLateIsClosed() throws Exception {
        try (IoThreads threads = IoThreads.start(0)) {
            EventLoop loop = threads.loops().get(0);
            CompletableFuture<CounterStore> opened = new CompletableFuture<>();
            CountDownLatch asked = new CountDownLatch(1);
            CompletableFuture<CounterStore> given = new CompletableFuture<>();
            ThreadStores stores = new ThreadStores(first, List.of(loop, loop), thread -> {
                asked.countDown();
                given.complete(opened.join());
                return opened.join();
            });
            stores.begin(1);
            asked.await();

            stores.close();
            CounterStore late = memory();
            opened.complete(late);
            given.get();

            VisitorCounter counter = late.counter(CounterName.of("c"));
            while (counts(counter)) {
                Thread.onSpinWait();
            }
            assertThat(stores.of(1)).isSameAs(first);
        }
    }

    @Test
    void noStoreIsOpenedAfterTheClose() throws Exception {
        try (IoThreads threads = IoThreads.start(0)) {
            EventLoop loop = threads.loops().get(0);
            AtomicInteger opened = new AtomicInteger();
            ThreadStores stores = new ThreadStores(first, List.of(loop, loop), thread -> {
                opened.incrementAndGet();
                return memory();
            });
            stores.close();

            stores.begin(1);
            for (Thread thread : Thread.getAllStackTraces().keySet()) {
                if (thread.getName().equals("store-1")) {
                    thread.join();
                }
            }

            assertThat(opened).hasValue(0);
        }
    }

    @Test
    void aSingleStoreIsThatOfEveryThread() {
        try (ThreadStores stores = ThreadStores.single(first)) {
            stores.begin(3);

            assertThat(stores.of(3)).isSameAs(first);
        }
    }

    private VisitorCounter awaitOwn(ThreadStores stores) {
        while (stores.of(1) == first) {
            Thread.onSpinWait();
        }
        return stores.of(1);
    }

    private static boolean counts(VisitorCounter counter) throws InterruptedException {
        try {
            counter.visit().toCompletableFuture().get();
            return true;
        } catch (ExecutionException closed) {
            return false;
        }
    }

    private static CounterStore memory() {
        return CounterStore.open(URI.create("memory:/"), CounterOptions.defaults());
    }
}
