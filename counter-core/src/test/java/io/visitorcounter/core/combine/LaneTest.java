package io.visitorcounter.core.combine;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.NotCountedException;
import io.visitorcounter.core.Visit;
import io.visitorcounter.core.VisitRange;
import io.visitorcounter.core.spi.Backend;
import io.visitorcounter.core.spi.Batch;
import io.visitorcounter.core.spi.Outcome;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** How visits become batches, and batches numbers. */
final class LaneTest extends LaneUnderTest {

    @Test
    void aVisitOfASleepingLaneIsSentAtOnce() {
        CompletableFuture<Visit> visit = of(lane.visit());

        ManualBackend.Attempt attempt = backend.next();
        assertThat(attempt.batch().visits()).isEqualTo(1);
        assertThat(visit).isNotDone();
        attempt.written(1);

        assertThat(visit).isCompletedWithValue(new Visit(1, 0, false));
        assertThat(lane.asleep()).isCompleted();
    }

    @Test
    void whatArrivesDuringAWriteIsTheNextBatchInItsOrder() {
        CompletableFuture<Visit> first = of(lane.visit());
        CompletableFuture<Visit> second = of(lane.visit());
        CompletableFuture<VisitRange> third = of(lane.visit(5));
        CompletableFuture<Visit> fourth = of(lane.visit());
        assertThat(backend.open()).isEqualTo(1);

        backend.next().written(1);
        ManualBackend.Attempt next = backend.next();
        assertThat(next.batch().previous()).isEqualTo(1);
        assertThat(next.batch().cumulative()).isEqualTo(8);
        next.written(100);

        assertThat(first).isCompletedWithValue(new Visit(1, 0, false));
        assertThat(second).isCompletedWithValue(new Visit(94, 0, false));
        assertThat(third).isCompletedWithValue(new VisitRange(95, 99, 0));
        assertThat(fourth).isCompletedWithValue(new Visit(100, 0, false));
        assertThat(told).containsExactly("batch of 1 in 0", "batch of 7 in 0");
    }

    @Test
    void aFullQueueRefusesAtOnce() {
        CompletableFuture<Visit> sent = of(lane.visit());
        CompletableFuture<VisitRange> waiting = of(lane.visit(9));

        CompletableFuture<VisitRange> tooMuch = of(lane.visit(2));
        CompletableFuture<Visit> fits = of(lane.visit());

        assertThat(tooMuch)
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(NotCountedException.class)
                .withMessageContaining("counter \"home\": not counted: 9 visits already wait");
        backend.next().written(1);
        backend.next().written(11);
        assertThat(sent).isCompleted();
        assertThat(waiting).isCompleted();
        assertThat(fits).isCompletedWithValue(new Visit(11, 0, false));
    }

    @Test
    void aCallerMayNotDelayTheNextBatch() {
        CompletableFuture<Visit> first = of(lane.visit());
        CompletableFuture<Visit> second = of(lane.visit());
        List<Integer> sentBefore = new ArrayList<>();
        CompletableFuture<Void> seen = first.thenAccept(visit -> sentBefore.add(backend.writes()));

        backend.next().written(1);

        assertThat(seen).isCompleted();
        assertThat(sentBefore)
                .as("the next batch went out before the callers' code ran")
                .containsExactly(2);
        backend.next().written(2);
        assertThat(second).isCompleted();
    }

    @Test
    void aRegressionIsToldOnce() {
        lane.visit();
        backend.next().written(10);
        lane.visit();

        backend.next().answer().accept(new Outcome.Written(4, 1, false, new Outcome.Regression(10, 3)));
        lane.visit();
        backend.next().written(5, 1);

        assertThat(told).filteredOn(event -> event.startsWith("regression")).containsExactly("regression 10 3 1");
    }

    @Test
    void aWriterThatAnswersAtOnceDoesNotNest() {
        Lane[] itself = new Lane[1];
        AtomicInteger depth = new AtomicInteger();
        AtomicInteger deepest = new AtomicInteger();
        AtomicInteger left = new AtomicInteger(20_000);
        long[] total = {0};
        Backend prompt = new ForwardingBackend(new ManualBackend()) {
            @Override
            public void write(Batch batch, Consumer<Outcome> answer) {
                deepest.accumulateAndGet(depth.incrementAndGet(), Math::max);
                // An arrival during each write keeps the lane at work.
                if (left.decrementAndGet() > 0) {
                    itself[0].visit();
                }
                total[0] += batch.visits();
                answer.accept(new Outcome.Written(total[0], 0, false, null));
                depth.decrementAndGet();
            }
        };
        itself[0] = new Lane(HOME, new StoreContext(prompt, ticker, () -> "x", CounterOptions.defaults()));

        itself[0].visit();

        assertThat(total[0]).isEqualTo(20_000);
        assertThat(deepest).hasValue(1);
        assertThat(itself[0].asleep()).isCompleted();
    }

    /** Who repairs may have seen the lane awake, and get its lock when it sleeps. */
    @Test
    void aLaneThatSleepsCanBeToldToSleep() {
        Arrivals arrivals = new Arrivals(10);

        assertThat(arrivals.asleep()).isTrue();
        assertThat(arrivals.sleep()).isTrue();
    }

    @Test
    void repairingAtAnyMomentStopsNoVisit() throws Exception {
        CounterStore store = CounterStore.open(URI.create("memory:/"), CounterOptions.defaults());
        CombiningCounter counter = (CombiningCounter) store.counter(HOME);
        AtomicBoolean over = new AtomicBoolean();
        counter.visit(Duration.ofSeconds(10));
        Lane busy = Objects.requireNonNull(counter.lane);
        Thread repairs = new Thread(() -> {
            while (!over.get()) {
                busy.repair();
            }
        });
        repairs.setDaemon(true);
        repairs.start();

        for (int visit = 2; visit <= 20_000; visit++) {
            assertThat(counter.visit(Duration.ofSeconds(10)).number()).isEqualTo(visit);
        }
        over.set(true);
        repairs.join();
        store.close();
    }
}
