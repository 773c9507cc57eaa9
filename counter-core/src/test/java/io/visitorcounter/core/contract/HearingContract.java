package io.visitorcounter.core.contract;

import static io.visitorcounter.core.contract.Asking.SOON;
import static io.visitorcounter.core.contract.Asking.freshName;
import static io.visitorcounter.core.contract.Asking.now;
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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who is told, and on which thread. */
interface HearingContract extends StoreUnderTest {

    @Test
    default void theListenerHearsOfEveryVisitInABatch() {
        AtomicInteger heard = new AtomicInteger();
        CounterListener listener = new CounterListener() {
            @Override
            public void onBatch(CounterName counter, int visits, Duration took) {
                heard.addAndGet(visits);
            }
        };
        CounterStore store = opened(
                CounterOptions.builder().deadline(SOON).listener(listener).build());
        VisitorCounter counter = store.counter(freshName());

        List<CompletionStage<Visit>> calls =
                IntStream.range(0, 100).mapToObj(i -> counter.visit()).toList();
        calls.forEach(Asking::now);
        store.close();

        assertThat(heard).hasValue(100);
    }

    @Test
    default void aListenerThatThrowsHarmsNobody() {
        CounterListener listener = new CounterListener() {
            @Override
            public void onBatch(CounterName counter, int visits, Duration took) {
                throw new IllegalStateException("a listener of the test");
            }
        };
        VisitorCounter counter = opened(CounterOptions.builder()
                        .deadline(SOON)
                        .listener(listener)
                        .build())
                .counter(freshName());

        assertThat(now(counter.visit()).number()).isEqualTo(1);
        assertThat(now(counter.visit()).number()).isEqualTo(2);
    }

    @Test
    default void stagesEndOnTheExecutorThatWasAskedFor() throws Exception {
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
}
