package io.visitorcounter.core.combine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.visitorcounter.core.CounterException;
import io.visitorcounter.core.CounterListener;
import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.Visit;
import io.visitorcounter.core.VisitId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the code of others may do between the moment a visit is decided and the moment its caller is told. */
@SuppressWarnings("FutureReturnValueIgnored") // what the callbacks do is asserted on elsewhere
final class CallbacksTest extends ToldStore {

    @ParameterizedTest
    @ValueSource(classes = {IllegalStateException.class, OutOfMemoryError.class, NoClassDefFoundError.class})
    void anExecutorThatThrowsAnythingLosesNoStage(Class<? extends Throwable> kind) throws Exception {
        Throwable thrown = kind.getConstructor(String.class).newInstance("an executor of the test");
        CombiningStore store = store(options -> options.executor(task -> sneak(thrown)));
        CompletableFuture<Visit> visit = of(store.counter(HOME).visit());
        CompletableFuture<Visit> withId = of(store.counter(HOME).visit(VisitId.random()));

        backend.next().written(1);
        backend.next().written(2);

        assertThat(visit).isCompletedWithValue(new Visit(1, 0, false));
        assertThat(withId).isCompletedWithValue(new Visit(2, 0, false));
        assertThat(of(store.counter(HOME).value())).isCompleted();
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Test
    void anExecutorThatThrowsAfterItRanATaskDoesNotRunItTwice() {
        AtomicInteger runs = new AtomicInteger();
        CombiningStore store = store(options -> options.executor(task -> {
            task.run();
            throw new IllegalStateException("an executor of the test");
        }));
        of(store.counter(HOME).visit()).thenRun(runs::incrementAndGet);

        backend.next().written(1);

        assertThat(runs).hasValue(1);
    }

    @Test
    void anErrorOfTheListenerIsLoggedOnceAMinuteAndHarmsNobody() {
        CombiningStore store = store(options -> options.listener(new CounterListener() {
            @Override
            public void onBatch(CounterName counter, int visits, Duration took) {
                throw new NoClassDefFoundError("a listener of the test");
            }

            @Override
            public void onFailure(CounterName counter, int visits, CounterException failure) {
                throw new StackOverflowError("a listener of the test");
            }
        }));
        try (CapturedLog log = new CapturedLog(Callbacks.class)) {
            for (int i = 1; i <= 100; i++) {
                CompletableFuture<Visit> visit = of(store.counter(HOME).visit());
                backend.next().written(i);
                assertThat(visit).isCompletedWithValue(new Visit(i, 0, false));
            }
            CompletableFuture<Visit> late = of(store.counter(HOME).visit());
            ticker.pass(Duration.ofSeconds(3));

            assertThat(late).isCompletedExceptionally();
            assertThat(log.lines()).hasSize(1).first().asString().contains("the listener threw");
        }
    }

    @Test
    void closingInACallbackIsRefusedAndTheStoreStaysOpen() {
        CombiningStore store = store(options -> {});
        CompletableFuture<Void> closing = of(store.counter(HOME).visit()).thenAccept(visit -> store.close());

        backend.next().written(1);

        assertThat(failure(closing)).hasRootCauseInstanceOf(IllegalStateException.class);
        CompletableFuture<Visit> next = of(store.counter(HOME).visit());
        backend.next().written(2);
        assertThat(next).isCompleted();
    }

    @Test
    void closingInTheListenerIsRefused() {
        List<Throwable> thrown = new ArrayList<>();
        CombiningStore[] itself = new CombiningStore[1];
        itself[0] = store(options -> options.listener(new CounterListener() {
            @Override
            public void onBatch(CounterName counter, int visits, Duration took) {
                try {
                    itself[0].close();
                } catch (IllegalStateException refused) {
                    thrown.add(refused);
                }
            }
        }));
        of(itself[0].counter(HOME).visit());

        backend.next().written(1);

        assertThat(thrown).hasSize(1);
        assertThat(itself[0].health().up()).isTrue();
    }

    @Test
    void waitingForAVisitInACallbackIsRefused() {
        CombiningStore store = store(options -> {});
        CompletableFuture<Visit> nested = of(store.counter(HOME).visit()).thenApply(visit -> {
            try {
                return store.counter(HOME).visit(Duration.ofSeconds(1));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });

        backend.next().written(1);

        assertThat(failure(nested)).hasRootCauseInstanceOf(IllegalStateException.class);
        assertThat(backend.open()).as("nothing was sent").isZero();
    }

    @Test
    void closingEndsWhatTheExecutorDroppedWithoutAWord() {
        CombiningStore store = store(options -> options.executor(task -> {}).deadline(Duration.ofMillis(10)));
        CompletableFuture<Visit> visit = of(store.counter(HOME).visit());
        backend.next().written(1);
        assertThat(visit).isNotDone();

        store.close();

        assertThat(visit).isCompletedWithValue(new Visit(1, 0, false));
    }

    @Test
    void aSecondCloseWaitsForTheFirst() throws Exception {
        CountDownLatch closing = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CombiningStore store = store(
                new ForwardingBackend(backend) {
                    @Override
                    public void close() {
                        closing.countDown();
                        awaitUninterruptibly(go);
                    }
                },
                options -> {});
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            var first = threads.submit(store::close);
            assertThat(closing.await(10, TimeUnit.SECONDS)).isTrue();
            Thread[] waiting = new Thread[1];
            CountDownLatch started = new CountDownLatch(1);
            var second = threads.submit(() -> {
                waiting[0] = Thread.currentThread();
                started.countDown();
                store.close();
            });
            assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
            while (waiting[0].getState() != Thread.State.WAITING && !second.isDone()) {
                Thread.onSpinWait();
            }
            assertThat(second).isNotDone();

            go.countDown();

            first.get(10, TimeUnit.SECONDS);
            second.get(10, TimeUnit.SECONDS);
        } finally {
            go.countDown();
            threads.shutdownNow();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aCallbackOnTheExecutorMayCloseTheStore() {
        Deque<Runnable> tasks = new ArrayDeque<>();
        CombiningStore store = store(options -> options.executor(tasks::add));
        CompletableFuture<Visit> first = of(store.counter(HOME).visit());
        CompletableFuture<Void> closing = first.thenAccept(visit -> store.close());
        backend.next().written(1);

        tasks.remove().run();

        assertThat(closing).isCompleted();
        assertThat(store.health().up()).isFalse();
    }

    @Test
    void anExecutorOfTheStoresOwnThreadIsTheStoresOwnThread() {
        Executor direct = Runnable::run;
        CombiningStore store = store(options -> options.executor(direct));
        CompletableFuture<Void> closing = of(store.counter(HOME).visit()).thenAccept(visit -> store.close());

        backend.next().written(1);

        assertThat(failure(closing)).hasRootCauseInstanceOf(IllegalStateException.class);
        assertThatIllegalStateException()
                .isThrownBy(() -> {
                    throw (RuntimeException) failure(closing).getCause();
                })
                .withMessageContaining("close the store on another thread");
    }
}
