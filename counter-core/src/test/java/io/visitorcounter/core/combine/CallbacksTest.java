package io.visitorcounter.core.combine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.core.CounterException;
import io.visitorcounter.core.CounterListener;
import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.MaybeCountedException;
import io.visitorcounter.core.NotCountedException;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.Visit;
import io.visitorcounter.core.VisitId;
import io.visitorcounter.core.VisitRange;
import io.visitorcounter.core.spi.Backend;
import io.visitorcounter.core.spi.Batch;
import io.visitorcounter.core.spi.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the code of others may do between the moment a visit is decided and the moment its caller is told. */
@SuppressWarnings("FutureReturnValueIgnored") // what the callbacks do is asserted on elsewhere
final class CallbacksTest {

    private static final CounterName HOME = CounterName.of("home");
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    private final ManualTicker ticker = new ManualTicker();
    private final ManualBackend backend = new ManualBackend();
    private final List<String> told = new ArrayList<>();

    private CombiningStore store(Consumer<CounterOptions.Builder> change) {
        return store(backend, change);
    }

    private CombiningStore store(Backend over, Consumer<CounterOptions.Builder> change) {
        CounterOptions.Builder options =
                CounterOptions.builder().deadline(DEADLINE).queue(10).listener(new Told());
        change.accept(options);
        return new CombiningStore(over, ticker, options.build(), 10_000);
    }

    private final class Told implements CounterListener {
        @Override
        public void onBatch(CounterName counter, int visits, Duration took) {
            told.add("batch of " + visits);
        }

        @Override
        public void onDuplicate(CounterName counter) {
            told.add("duplicate");
        }

        @Override
        public void onFailure(CounterName counter, int visits, CounterException failure) {
            told.add(visits + (failure instanceof NotCountedException ? " not" : " maybe"));
        }
    }

    private static <T> CompletableFuture<T> of(CompletionStage<T> stage) {
        return stage.toCompletableFuture();
    }

    private static Throwable failure(CompletableFuture<?> call) {
        assertThat(call).isCompletedExceptionally();
        return call.handle((value, thrown) -> thrown).join();
    }

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
    void aNumberThatCanNotBeToldIsMaybeCountedAndTheNextIsTold() {
        CallQueue calls = new CallQueue();
        PendingCall.Several bad = new PendingCall.Several(1, 0);
        PendingCall.One good = new PendingCall.One(0);
        calls.add(bad);
        calls.add(good);
        AtomicBoolean threw = new AtomicBoolean();
        try {
            calls.counted(0, 0);
        } catch (IllegalArgumentException rangeFromZero) {
            threw.set(true);
        }

        assertThat(threw).isTrue();
        assertThat(failure(bad)).isInstanceOf(MaybeCountedException.class);
        assertThat(good).isCompletedWithValue(new Visit(1, 0, false));
    }

    @Test
    void aStoreThatAnswersWithAnImpossibleNumberIsNotBelieved() {
        CombiningStore store = store(options -> {});
        CompletableFuture<VisitRange> range = of(store.counter(HOME).visit(2));
        backend.next().written(-3);
        CompletableFuture<Visit> single = of(store.counter(HOME).visit());
        backend.next().written(-2);
        CompletableFuture<Visit> withId = of(store.counter(HOME).visit(VisitId.random()));
        backend.next().written(0);

        assertThat(List.of(failure(range), failure(single), failure(withId)))
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOf(MaybeCountedException.class)
                        .hasMessageContaining("answered wrongly"));
        CompletableFuture<Visit> next = of(store.counter(HOME).visit());
        backend.next().written(1);
        assertThat(next).isCompletedWithValue(new Visit(1, 0, false));
    }

    @Test
    void aWriterThatThrowsAnErrorStopsNothing() {
        AtomicInteger throwing = new AtomicInteger(1);
        CombiningStore store = store(
                new ForwardingBackend(backend) {
                    @Override
                    public void write(Batch batch, Consumer<Outcome> answer) {
                        super.write(batch, answer);
                        if (throwing.getAndDecrement() > 0) {
                            throw new StackOverflowError("a writer of the test");
                        }
                    }
                },
                options -> {});

        CompletableFuture<Visit> first = of(store.counter(HOME).visit());
        backend.next();
        CompletableFuture<Visit> second = of(store.counter(HOME).visit());

        assertThat(failure(first)).isInstanceOf(MaybeCountedException.class);
        Batch batch = backend.next().batch();
        assertThat(batch.visits())
                .as("the first is not sent again: the store may not know it")
                .isEqualTo(1);
        assertThat(batch.previous()).isZero();
        assertThat(second).isNotDone();
    }

    @Test
    void aWriterThatThrowsAtAVisitWithAnIdIsAskedAgain() {
        AtomicInteger throwing = new AtomicInteger(1);
        CombiningStore store = store(
                new ForwardingBackend(backend) {
                    @Override
                    public void write(Batch batch, Consumer<Outcome> answer) {
                        if (throwing.getAndDecrement() > 0) {
                            throw new NoClassDefFoundError("a writer of the test");
                        }
                        super.write(batch, answer);
                    }
                },
                options -> {});

        CompletableFuture<Visit> visit = of(store.counter(HOME).visit(VisitId.random()));
        ticker.pass(Duration.ofMillis(10));
        backend.next().written(1);

        assertThat(visit).isCompletedWithValue(new Visit(1, 0, false));
    }

    @Test
    void aReaderThatThrowsEndsByTheDeadline() {
        CombiningStore store = store(
                new ForwardingBackend(backend) {
                    @Override
                    public CompletionStage<List<HourlyVisits>> history(CounterName counter, long from, long to) {
                        throw new NoClassDefFoundError("a reader of the test");
                    }
                },
                options -> {});

        CompletableFuture<?> read = of(store.counter(HOME).history(Instant.EPOCH, Instant.EPOCH.plusSeconds(1)));
        ticker.pass(Duration.ofMillis(2_010));

        assertThat(failure(read)).isInstanceOf(StoreException.class).hasMessageContaining("a reader of the test");
    }

    @Test
    void everyVisitIsToldOfOnceAndNoDuplicateIsCalledCounted() {
        CombiningStore store = store(options -> options.queue(1));
        of(store.counter(HOME).visit(new VisitId("x")));
        CompletableFuture<Visit> refused = of(store.counter(HOME).visit(VisitId.random()));
        backend.next().written(1);
        of(store.counter(HOME).visit(new VisitId("x")));
        backend.next().answer().accept(new Outcome.Written(1, 0, true, null));
        store.close();
        of(store.counter(HOME).visit());
        of(store.counter(HOME).visit(1));
        of(store.counter(HOME).visit(VisitId.random()));

        assertThat(refused).isCompletedExceptionally();
        assertThat(told).containsExactly("1 not", "batch of 1", "duplicate", "1 not", "1 not", "1 not");
    }

    @Test
    void aVisitWithAnIdThatWasAnsweredAfterItsDeadlineIsToldOfAsAFailureOnce() {
        CombiningStore store = store(options -> {});
        of(store.counter(HOME).visit(VisitId.random()));
        ticker.pass(Duration.ofMillis(2_010));

        backend.next().notWritten(false);

        assertThat(told).containsExactly("1 maybe");
    }

    @Test
    void callersAreLoggedToFailOnceAndToBeCountedAgainOnce() {
        CombiningStore store = store(options -> {});
        try (CapturedLog log = new CapturedLog(FailureLog.class)) {
            for (int i = 0; i < 20; i++) {
                of(store.counter(HOME).visit());
                backend.next().notWritten(false);
            }
            of(store.counter(HOME).visit());
            backend.next().written(1);

            assertThat(log.lines())
                    .containsExactly(
                            "WARNING counter \"home\": visits fail: the test says no",
                            "INFO counter \"home\": visits are counted again; 20 failed in 0 s");
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

    @Test
    void aLaneIsRepairedAfterAnErrorBetweenArrivalAndSending() {
        // As where the stack of the calling thread ends in the middle of a step.
        ThrowingTicker throwing = new ThrowingTicker();
        Lane lane = lane(throwing);
        throwing.inNow = 2;
        assertThatThrownBy(lane::visit).isInstanceOf(StackOverflowError.class);
        CompletableFuture<Visit> waiting = of(lane.visit());
        assertThat(backend.open()).isZero();

        lane.repair();

        assertThat(backend.next().batch().visits()).isEqualTo(2);
        assertThat(waiting).isNotDone();
    }

    @Test
    void aLaneIsRepairedAfterAnErrorBetweenDecidingAndSending() {
        ThrowingTicker throwing = new ThrowingTicker();
        Lane lane = lane(throwing);
        throwing.inAt = 1;
        assertThatThrownBy(lane::visit).isInstanceOf(StackOverflowError.class);
        CompletableFuture<Visit> waiting = of(lane.visit());
        lane.repair();
        ticker.pass(Duration.ofMillis(2_010));
        assertThat(failure(waiting)).as("ends by its deadline").isInstanceOf(NotCountedException.class);

        ticker.pass(Duration.ofSeconds(10));
        lane.repair();

        CompletableFuture<Visit> next = of(lane.visit());
        backend.next().written(1);
        assertThat(next).isCompletedWithValue(new Visit(1, 0, false));
    }

    private Lane lane(Ticker on) {
        CounterOptions options = CounterOptions.builder().deadline(DEADLINE).build();
        return new Lane(HOME, new StoreContext(backend, on, () -> "x", options));
    }

    /** Throws once, when it was asked so many times. */
    private final class ThrowingTicker implements Ticker {

        private int inNow;
        private int inAt;

        @Override
        public long now() {
            if (inNow > 0 && --inNow == 0) {
                throw new StackOverflowError("a stack of the test");
            }
            return ticker.now();
        }

        @Override
        public long wallMillis() {
            return ticker.wallMillis();
        }

        @Override
        public void at(long nanos, Runnable task) {
            if (inAt > 0 && --inAt == 0) {
                throw new StackOverflowError("a stack of the test");
            }
            ticker.at(nanos, task);
        }

        @Override
        public void close() {
            ticker.close();
        }
    }
}
