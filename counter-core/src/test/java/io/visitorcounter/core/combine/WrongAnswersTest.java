package io.visitorcounter.core.combine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.MaybeCountedException;
import io.visitorcounter.core.NotCountedException;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.Visit;
import io.visitorcounter.core.VisitId;
import io.visitorcounter.core.VisitRange;
import io.visitorcounter.core.spi.Batch;
import io.visitorcounter.core.spi.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What callers are told where the store throws, answers wrongly, or an error falls into the middle of a step. */
@SuppressWarnings("FutureReturnValueIgnored") // what the callbacks do is asserted on elsewhere
final class WrongAnswersTest extends ToldStore {

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
