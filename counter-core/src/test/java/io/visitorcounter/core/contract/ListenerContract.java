package io.visitorcounter.core.contract;

import static io.visitorcounter.core.contract.Asking.SOON;
import static io.visitorcounter.core.contract.Asking.freshName;
import static io.visitorcounter.core.contract.Asking.now;
import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.CounterException;
import io.visitorcounter.core.CounterListener;
import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.NotCountedException;
import io.visitorcounter.core.Visit;
import io.visitorcounter.core.VisitId;
import io.visitorcounter.core.VisitorCounter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the listener is told. */
interface ListenerContract extends StoreUnderTest {

    @Test
    default void theListenerHearsOfEveryVisitInABatch() {
        AtomicInteger heard = new AtomicInteger();
        CounterName name = freshName();
        CounterListener listener = new CounterListener() {
            @Override
            public void onBatch(CounterName counter, int visits, Duration took) {
                if (counter.equals(name) && !took.isNegative()) {
                    heard.addAndGet(visits);
                }
            }
        };
        CounterStore store = opened(
                CounterOptions.builder().deadline(SOON).listener(listener).build());
        VisitorCounter counter = store.counter(name);

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
    default void everyVisitIsToldOfAsCountedRepeatedOrFailed() {
        AtomicInteger counted = new AtomicInteger();
        AtomicInteger repeated = new AtomicInteger();
        List<CounterException> failed = new CopyOnWriteArrayList<>();
        CounterListener listener = new CounterListener() {
            @Override
            public void onBatch(CounterName counter, int visits, Duration took) {
                counted.addAndGet(visits);
            }

            @Override
            public void onDuplicate(CounterName counter) {
                repeated.incrementAndGet();
            }

            @Override
            public void onFailure(CounterName counter, int visits, CounterException failure) {
                IntStream.range(0, visits).forEach(i -> failed.add(failure));
            }
        };
        CounterStore store = opened(CounterOptions.builder()
                .deadline(SOON)
                .queue(40)
                .listener(listener)
                .build());
        VisitorCounter counter = store.counter(freshName());
        VisitId id = VisitId.random();

        for (int i = 0; i < 10; i++) {
            now(counter.visit(id));
        }
        List<CompletionStage<Visit>> calls = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            calls.add(counter.visit());
            calls.add(counter.visit(VisitId.random()));
        }
        calls.forEach(call -> now(call.handle((visit, failure) -> true)));
        long value = now(counter.value()).value();
        store.close();
        now(counter.visit().handle((visit, failure) -> true));
        now(counter.visit(2).handle((visit, failure) -> true));
        now(counter.visit(VisitId.random()).handle((visit, failure) -> true));

        assertThat(repeated).hasValue(9);
        assertThat((long) counted.get()).isEqualTo(value);
        assertThat(counted.get() + failed.size()).isEqualTo(1 + 1_000 + 4);
        assertThat(failed).allMatch(failure -> failure instanceof NotCountedException);
    }
}
