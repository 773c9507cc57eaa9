package io.visitorcounter.core.combine;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.StoreHealth;
import io.visitorcounter.core.Visit;
import io.visitorcounter.core.VisitId;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.core.spi.Batch;
import io.visitorcounter.core.spi.Outcome;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class CombiningStoreTest extends StoreOverManualBackend {

    @Test
    void readingsAreBoundedAndTakeNoRoomOfVisitsWithIds() {
        CombiningStore slow = new CombiningStore(
                new ForwardingBackend(backend) {
                    @Override
                    public CompletionStage<CounterValue> value(CounterName counter, CounterValue known) {
                        return new CompletableFuture<>();
                    }
                },
                ticker,
                CounterOptions.builder().queue(3).build(),
                8);
        for (int i = 0; i < 3; i++) {
            slow.counter(CounterName.of("page-" + i)).value();
        }

        assertThat(slow.counter(HOME).value().handle((value, thrown) -> thrown).toCompletableFuture())
                .isCompletedWithValueMatching(thrown -> thrown instanceof StoreException
                        && String.valueOf(thrown.getMessage()).contains("3 readings already wait; retry later"));
        CompletableFuture<Visit> visit =
                slow.counter(HOME).visit(VisitId.random()).toCompletableFuture();
        backend.next().written(1);
        assertThat(visit).isCompleted();
    }

    @Test
    void aWaitForEverIsAWait() throws Exception {
        CombiningStore memory = new CombiningStore(
                new ForwardingBackend(backend) {
                    @Override
                    public void write(Batch batch, Consumer<Outcome> answer) {
                        answer.accept(new Outcome.Written(batch.cumulative(), 0, false, null));
                    }
                },
                CounterOptions.defaults());

        for (Duration forEver : List.of(
                ChronoUnit.FOREVER.getDuration(), Duration.ofSeconds(Long.MAX_VALUE), Duration.ofDays(200_000))) {
            assertThat(memory.counter(HOME).visit(forEver).number()).isPositive();
        }
        memory.close();
    }

    @Test
    void manyProbesShareOneCheck() {
        AtomicInteger checks = new AtomicInteger();
        CompletableFuture<StoreHealth> result = new CompletableFuture<>();
        CombiningStore checked = new CombiningStore(
                new ForwardingBackend(backend) {
                    @Override
                    public CompletionStage<StoreHealth> check(CounterName counter) {
                        return checks.getAndIncrement() == 0
                                ? result
                                : CompletableFuture.failedFuture(new IllegalStateException("away"));
                    }
                },
                ticker,
                CounterOptions.defaults(),
                8);
        VisitorCounter home = checked.counter(HOME);
        List<CompletableFuture<StoreHealth>> asked = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            asked.add(home.health().toCompletableFuture());
        }
        result.complete(new StoreHealth(true, "well"));

        assertThat(asked).allSatisfy(one -> assertThat(one).isCompletedWithValue(new StoreHealth(true, "well")));
        assertThat(checks).hasValue(1);
        ticker.pass(Duration.ofMillis(600));
        assertThat(home.health().toCompletableFuture())
                .isCompletedWithValue(new StoreHealth(false, "counter \"home\": away"));
        assertThat(checks).hasValue(2);
    }

    @Test
    void theVisitsThatWaitAreToldOfAllCounters() {
        assertThat(store.waiting()).isZero();
        for (CounterName name : new CounterName[] {HOME, CounterName.of("other")}) {
            store.counter(name).visit();
            store.counter(name).visit(2);
        }

        assertThat(store.waiting()).as("of each the first is sent").isEqualTo(4);
    }

    @Test
    void aBackendWithoutSketchesNotesNobody() {
        VisitorCounter counter = store.counter(HOME);

        for (CompletionStage<?> call : List.of(counter.noteVisitor("alice"), counter.visitorsToday())) {
            assertThat(call.handle((done, failure) -> String.valueOf(failure)).toCompletableFuture())
                    .isCompletedWithValueMatching(failure -> failure.contains("this store keeps no visitors"));
        }
    }

    @Test
    void aCounterOfAClosedStoreIsGivenAndFails() {
        store.close();

        VisitorCounter counter = store.counter(HOME);

        assertThat(counter.visit()).isCompletedExceptionally();
        assertThat(counter.value()).isCompletedExceptionally();
        assertThat(counter).hasToString("counter \"home\" of manual, closed");
    }
}
