package io.visitorcounter.core.contract;

import static io.visitorcounter.core.contract.Asking.SOON;
import static io.visitorcounter.core.contract.Asking.freshName;
import static io.visitorcounter.core.contract.Asking.now;
import static io.visitorcounter.core.contract.Asking.patient;
import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.CounterListener;
import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.Visit;
import io.visitorcounter.core.VisitorCounter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What callers' own code may do when it is told: throw, visit again, interrupt, close, cancel. */
interface CallbackContract extends StoreUnderTest {

    @Test
    default void stagesEndOnTheExecutorThatWasAskedFor() {
        ExecutorService executor = Executors.newSingleThreadExecutor(task -> new Thread(task, "the caller's own"));
        try {
            VisitorCounter counter = opened(CounterOptions.builder()
                            .deadline(SOON)
                            .executor(executor)
                            .build())
                    .counter(freshName());
            var names = ConcurrentHashMap.<String>newKeySet();
            CompletableFuture<?>[] calls = IntStream.range(0, 50)
                    .mapToObj(i -> counter.visit()
                            .thenAccept(
                                    visit -> names.add(Thread.currentThread().getName()))
                            .toCompletableFuture())
                    .toArray(CompletableFuture<?>[]::new);

            now(CompletableFuture.allOf(calls));

            assertThat(names)
                    .isSubsetOf("the caller's own", Thread.currentThread().getName());
        } finally {
            executor.shutdown();
        }
    }

    @Test
    default void callbacksMayVisitAgainForLong() {
        VisitorCounter counter = opened(patient()).counter(freshName());
        int visits = 2_500;
        AtomicInteger left = new AtomicInteger(visits);
        CompletableFuture<Long> last = new CompletableFuture<>();

        visitAgain(counter, left, last);

        assertThat(Asking.within(Duration.ofMinutes(1), last)).isEqualTo(visits);
        assertThat(now(counter.visit()).number()).isEqualTo(visits + 1);
    }

    private static void visitAgain(VisitorCounter counter, AtomicInteger left, CompletableFuture<Long> last) {
        counter.visit().whenComplete((visit, failure) -> {
            if (failure != null) {
                last.completeExceptionally(failure);
            } else if (left.decrementAndGet() == 0) {
                last.complete(visit.number());
            } else {
                visitAgain(counter, left, last);
            }
        });
    }

    @Test
    default void anExecutorThatThrowsLosesNoStage() {
        for (Throwable thrown :
                List.of(new IllegalStateException("an executor of the test"), new OutOfMemoryError("of the test"))) {
            Executor executor = task -> Asking.<RuntimeException>sneak(thrown);
            VisitorCounter counter = opened(CounterOptions.builder()
                            .deadline(SOON)
                            .executor(executor)
                            .build())
                    .counter(freshName());

            assertThat(now(counter.visit()).number()).isEqualTo(1);
            assertThat(now(counter.visit(2)).last()).isEqualTo(3);
            assertThat(now(counter.value()).value()).isEqualTo(3);
        }
    }

    @Test
    default void anErrorOfTheListenerHarmsNoOtherCounter() {
        CounterListener listener = new CounterListener() {
            @Override
            public void onBatch(CounterName counter, int visits, Duration took) {
                throw new NoClassDefFoundError("a listener of the test");
            }
        };
        CounterStore store = opened(
                CounterOptions.builder().deadline(SOON).listener(listener).build());
        List<VisitorCounter> counters =
                Stream.generate(() -> store.counter(freshName())).limit(5).toList();

        for (int round = 1; round <= 10; round++) {
            List<CompletionStage<Visit>> calls =
                    counters.stream().map(VisitorCounter::visit).toList();
            int expected = round;
            assertThat(calls).allSatisfy(call -> assertThat(now(call).number()).isEqualTo(expected));
        }
    }

    @Test
    default void anInterruptInACallbackHarmsNobody() {
        CounterStore store = opened(patient());
        VisitorCounter counter = store.counter(freshName());

        for (int i = 1; i <= 20; i++) {
            Thread here = Thread.currentThread();
            CompletionStage<Visit> visit = counter.visit().thenApply(told -> {
                if (Thread.currentThread() != here) {
                    Thread.currentThread().interrupt();
                }
                return told;
            });
            assertThat(now(visit).number()).isEqualTo(i);
        }
    }

    @Test
    default void anInterruptedCallerIsCountedAndKeepsItsInterrupt() {
        VisitorCounter counter = opened(patient()).counter(freshName());

        Thread.currentThread().interrupt();
        CompletionStage<Visit> visit = counter.visit();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(now(visit).number()).isEqualTo(1);
        Thread.currentThread().interrupt();
        try {
            counter.visit(SOON);
            // The answer came before there was anything to wait for.
            assertThat(Thread.interrupted()).isTrue();
        } catch (InterruptedException e) {
            assertThat(Thread.interrupted()).isFalse();
        }
        assertThat(now(counter.visit()).number()).isEqualTo(3);
    }

    @Test
    default void aCancelledVisitIsCountedAllTheSame() {
        VisitorCounter counter = opened(patient()).counter(freshName());

        for (int i = 0; i < 20; i++) {
            counter.visit().toCompletableFuture().cancel(true);
        }

        assertThat(now(counter.visit()).number()).isEqualTo(21);
    }

    @Test
    default void closingInACallbackIsRefusedOrDoneButNeverHangs() {
        for (int i = 0; i < 5; i++) {
            CounterStore store = opened(patient());
            VisitorCounter counter = store.counter(freshName());
            CompletionStage<Void> closing = counter.visit().thenAccept(visit -> store.close());

            try {
                now(closing);
                assertThat(store.health().up()).isFalse();
            } catch (IllegalStateException refused) {
                assertThat(now(counter.visit()).number()).as("it stays open").isEqualTo(2);
            }
        }
    }

    @Test
    default void waitingForAVisitInACallbackIsRefusedOrDoneButNeverHangs() {
        VisitorCounter counter = opened(patient()).counter(freshName());
        CompletionStage<Visit> nested = counter.visit().thenApply(visit -> {
            try {
                return counter.visit(Duration.ofSeconds(5));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });

        try {
            assertThat(now(nested).number()).isEqualTo(2);
        } catch (IllegalStateException refused) {
            assertThat(now(counter.visit()).number()).as("nothing was counted").isEqualTo(2);
        }
    }

    @Test
    default void closingReturnsAfterTheExecutorHasEndedTheStages() {
        ScheduledExecutorService late = Executors.newSingleThreadScheduledExecutor();
        try {
            CounterStore store = opened(CounterOptions.builder()
                    .deadline(SOON)
                    .executor(task -> {
                        var scheduled = late.schedule(task, 50, TimeUnit.MILLISECONDS);
                        assertThat(scheduled.isCancelled()).isFalse();
                    })
                    .build());
            VisitorCounter counter = store.counter(freshName());
            List<CompletionStage<Visit>> calls =
                    IntStream.range(0, 20).mapToObj(i -> counter.visit()).toList();

            store.close();

            assertThat(calls)
                    .allSatisfy(call -> assertThat(call.toCompletableFuture()).isCompleted());
        } finally {
            late.shutdown();
        }
    }

    @Test
    default void closesAtTheSameTimeAllReturnOnceItIsClosed() throws Exception {
        CounterStore store = opened(patient());
        VisitorCounter counter = store.counter(freshName());
        List<CompletionStage<Visit>> calls =
                IntStream.range(0, 50).mapToObj(i -> counter.visit()).toList();
        CountDownLatch start = new CountDownLatch(1);

        List<Long> ended = Asking.inParallel(4, i -> {
            if (i == 0) {
                start.countDown();
            } else {
                Asking.await(start);
            }
            store.close();
            return List.of(calls.stream()
                    .filter(call -> call.toCompletableFuture().isDone())
                    .count());
        });

        assertThat(ended).containsOnly(50L);
    }
}
