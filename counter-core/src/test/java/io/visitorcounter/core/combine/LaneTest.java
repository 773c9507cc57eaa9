package io.visitorcounter.core.combine;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.CounterException;
import io.visitorcounter.core.CounterListener;
import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.MaybeCountedException;
import io.visitorcounter.core.NotCountedException;
import io.visitorcounter.core.Visit;
import io.visitorcounter.core.VisitRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class LaneTest {

    private static final CounterName HOME = CounterName.of("home");
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    private final ManualTicker ticker = new ManualTicker();
    private final ManualBackend backend = new ManualBackend();
    private final List<String> told = new ArrayList<>();
    private final AtomicInteger records = new AtomicInteger();
    private final Lane lane = new Lane(
            HOME,
            new Parts(
                    backend,
                    ticker,
                    () -> Integer.toString(records.incrementAndGet()),
                    CounterOptions.builder()
                            .deadline(DEADLINE)
                            .queue(10)
                            .listener(new Told())
                            .build()));

    /** Writes down what a listener is told. */
    private final class Told implements CounterListener {
        @Override
        public void onBatch(CounterName counter, int visits, Duration took) {
            told.add("batch of " + visits + " in " + took.toMillis());
        }

        @Override
        public void onResend(CounterName counter, int visits, int attempt) {
            told.add("resend " + attempt + " of " + visits);
        }

        @Override
        public void onFailure(CounterName counter, int visits, CounterException failure) {
            told.add(visits + (failure instanceof NotCountedException ? " not" : " maybe"));
        }

        @Override
        public void onRegression(CounterName counter, long expected, long found, long generation) {
            told.add("regression " + expected + " " + found + " " + generation);
        }
    }

    private static <T> CompletableFuture<T> of(CompletionStage<T> stage) {
        return stage.toCompletableFuture();
    }

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
    void atTheDeadlineWhatWasSentIsMaybeCountedAndWhatWaitsIsNot() {
        CompletableFuture<Visit> sent = of(lane.visit());
        CompletableFuture<Visit> waiting = of(lane.visit());

        ticker.pass(DEADLINE);

        assertThat(failure(sent)).isInstanceOf(MaybeCountedException.class).hasMessageContaining("within 2000 ms");
        assertThat(failure(waiting)).isInstanceOf(NotCountedException.class).hasMessageContaining("not sent");
        assertThat(told).containsExactlyInAnyOrder("1 maybe", "1 not");
    }

    @Test
    void anAnswerAfterTheDeadlineStillSettlesTheBatch() {
        CompletableFuture<Visit> late = of(lane.visit());
        ManualBackend.Attempt attempt = backend.next();
        ticker.pass(Duration.ofSeconds(1));
        CompletableFuture<Visit> waiting = of(lane.visit());
        ticker.pass(Duration.ofSeconds(1));
        assertThat(late).isCompletedExceptionally();

        attempt.written(1);
        ManualBackend.Attempt next = backend.next();

        assertThat(next.batch().previous()).isEqualTo(1);
        next.written(2);
        assertThat(waiting).isCompletedWithValue(new Visit(2, 0, false));
    }

    @Test
    void callsOfABatchThatExpiredKeepTheirNumbersFromTheOthers() {
        CompletableFuture<Visit> first = of(lane.visit());
        CompletableFuture<VisitRange> second = of(lane.visit(3));
        ticker.pass(Duration.ofMillis(500));
        CompletableFuture<Visit> third = of(lane.visit());
        backend.next().written(1);
        assertThat(first).isCompleted();

        ticker.pass(Duration.ofMillis(1600));
        assertThat(failure(second)).isInstanceOf(MaybeCountedException.class);
        backend.next().written(5);

        assertThat(third).isCompletedWithValue(new Visit(5, 0, false));
    }

    @Test
    void aCutAnswerIsAskedForAgainWithTheSameCumulativeCount() {
        CompletableFuture<Visit> visit = of(lane.visit());
        ManualBackend.Attempt first = backend.next();
        first.maybeWritten(true);
        CompletableFuture<Visit> waiting = of(lane.visit());

        ticker.pass(Duration.ofMillis(5));
        ManualBackend.Attempt second = backend.next();

        assertThat(second.batch()).isEqualTo(first.batch());
        second.written(1);
        assertThat(visit).isCompletedWithValue(new Visit(1, 0, false));
        backend.next().written(2);
        assertThat(waiting).isCompleted();
        assertThat(told).first().isEqualTo("resend 2 of 1");
    }

    @Test
    void resendsGoOnAfterTheDeadlineUntilTheBatchIsSettled() {
        CompletableFuture<Visit> visit = of(lane.visit());
        for (int i = 0; i < 20; i++) {
            backend.next().maybeWritten(true);
            ticker.pass(Duration.ofMillis(300));
        }
        assertThat(failure(visit)).isInstanceOf(MaybeCountedException.class);
        CompletableFuture<Visit> later = of(lane.visit());

        ManualBackend.Attempt last = backend.next();
        assertThat(last.batch().cumulative()).isEqualTo(1);
        last.written(1);

        backend.next().written(2);
        assertThat(later).isCompletedWithValue(new Visit(2, 0, false));
    }

    @Test
    void aBatchThatCanNotBeSettledIsGivenUpUnderAFreshRecord() {
        lane.visit();
        String record = "";
        long until = ticker.now() + Lane.RESEND_WINDOW.toNanos();
        while (ticker.now() <= until) {
            ManualBackend.Attempt attempt = backend.next();
            record = attempt.batch().record();
            attempt.maybeWritten(true);
            ticker.pass(Duration.ofMillis(300));
        }

        CompletableFuture<Visit> later = of(lane.visit());
        ManualBackend.Attempt attempt = backend.next();

        assertThat(attempt.batch().record()).isNotEqualTo(record);
        assertThat(attempt.batch().previous()).isZero();
        attempt.written(7);
        assertThat(later).isCompletedWithValue(new Visit(7, 0, false));
    }

    @Test
    void aMachineThatSleptForLongDoesNotResendIntoAnExpiredRecord() {
        CompletableFuture<Visit> visit = of(lane.visit());
        backend.next().maybeWritten(true);

        ticker.suspend(Duration.ofHours(7));
        ticker.pass(Duration.ofMillis(5));

        assertThat(backend.open()).isZero();
        assertThat(failure(visit)).isInstanceOf(MaybeCountedException.class);
    }

    @Test
    void whatWasSurelyNotWrittenIsTriedAgainTogetherWithWhatArrived() {
        CompletableFuture<Visit> first = of(lane.visit());
        backend.next().notWritten(true);
        CompletableFuture<Visit> second = of(lane.visit());
        assertThat(backend.open()).isZero();

        ticker.pass(Duration.ofMillis(5));
        ManualBackend.Attempt both = backend.next();

        assertThat(both.batch().visits()).isEqualTo(2);
        both.written(2);
        assertThat(first).isCompletedWithValue(new Visit(1, 0, false));
        assertThat(second).isCompletedWithValue(new Visit(2, 0, false));
    }

    @Test
    void whatIsNeverWrittenIsNotCountedAtTheDeadline() {
        Lane unreachable = new Lane(
                HOME,
                new Parts(
                        new ForwardingBackend(backend) {
                            @Override
                            public void write(Batch batch, Consumer<Outcome> answer) {
                                answer.accept(new Outcome.NotWritten("the test says no", null, true));
                            }
                        },
                        ticker,
                        () -> "x",
                        CounterOptions.builder().deadline(DEADLINE).build()));

        CompletableFuture<Visit> visit = of(unreachable.visit());
        ticker.pass(DEADLINE);

        assertThat(failure(visit))
                .isInstanceOf(NotCountedException.class)
                .hasMessageContaining("within 2000 ms: the test says no");
    }

    @Test
    void aRefusalThatDoesNotPassFailsAtOnce() {
        CompletableFuture<Visit> visit = of(lane.visit());

        backend.next().notWritten(false);

        assertThat(failure(visit)).isInstanceOf(NotCountedException.class).hasMessageContaining("the test says no");
        assertThat(lane.asleep()).isCompleted();
    }

    @Test
    void aRefusalAfterACutAnswerSettlesNothing() {
        CompletableFuture<Visit> visit = of(lane.visit());
        backend.next().maybeWritten(true);
        ticker.pass(Duration.ofMillis(5));

        backend.next().notWritten(true);
        assertThat(visit).isNotDone();
        ticker.pass(Duration.ofMillis(10));
        backend.next().written(1);

        assertThat(visit).isCompletedWithValue(new Visit(1, 0, false));
    }

    @Test
    void aLateAnswerOfAnEarlierAttemptSettlesTheBatchOnce() {
        CompletableFuture<Visit> visit = of(lane.visit());
        ManualBackend.Attempt first = backend.next();
        first.maybeWritten(true);
        ticker.pass(Duration.ofMillis(5));
        ManualBackend.Attempt second = backend.next();

        first.written(1);
        second.written(1);

        assertThat(visit).isCompletedWithValue(new Visit(1, 0, false));
        assertThat(told).filteredOn(event -> event.startsWith("batch")).hasSize(1);
    }

    @Test
    void aForgottenRecordBeginsAnewWhereNothingCanBeCountedTwice() {
        lane.visit();
        backend.next().written(1);
        CompletableFuture<Visit> visit = of(lane.visit());

        backend.next().answer().accept(new Outcome.Forgotten());
        ManualBackend.Attempt fresh = backend.next();

        assertThat(fresh.batch().record()).isEqualTo("lane:2");
        assertThat(fresh.batch().previous()).isZero();
        assertThat(fresh.batch().known().value()).isEqualTo(1);
        fresh.written(1, 1);
        assertThat(visit).isCompletedWithValue(new Visit(1, 1, false));
        assertThat(told).contains("regression 1 0 1");
    }

    @Test
    void aForgottenRecordAfterACutAnswerIsMaybeCounted() {
        lane.visit();
        backend.next().written(1);
        CompletableFuture<Visit> visit = of(lane.visit());
        backend.next().maybeWritten(true);
        ticker.pass(Duration.ofMillis(5));

        backend.next().answer().accept(new Outcome.Forgotten());

        assertThat(failure(visit)).isInstanceOf(MaybeCountedException.class);
        assertThat(lane.asleep()).isCompleted();
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
    void aWriterThatThrowsIsAnAttemptWithoutAnAnswer() {
        AtomicInteger attempts = new AtomicInteger();
        ManualBackend healthy = new ManualBackend();
        Backend throwing = new ForwardingBackend(healthy) {
            @Override
            public void write(Batch batch, Consumer<Outcome> answer) {
                if (attempts.incrementAndGet() == 1) {
                    throw new IllegalStateException("a writer of the test");
                }
                super.write(batch, answer);
            }
        };
        Lane broken = new Lane(HOME, new Parts(throwing, ticker, () -> "x", CounterOptions.defaults()));

        CompletableFuture<Visit> visit = of(broken.visit());
        ticker.pass(Duration.ofMillis(5));
        healthy.next().written(1);

        assertThat(visit).isCompletedWithValue(new Visit(1, 0, false));
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
        itself[0] = new Lane(HOME, new Parts(prompt, ticker, () -> "x", CounterOptions.defaults()));

        itself[0].visit();

        assertThat(total[0]).isEqualTo(20_000);
        assertThat(deepest).hasValue(1);
        assertThat(itself[0].asleep()).isCompleted();
    }

    @Test
    void abortingFailsEveryCallInItsKind() {
        CompletableFuture<Visit> sent = of(lane.visit());
        CompletableFuture<Visit> waiting = of(lane.visit());

        lane.abort();

        assertThat(failure(sent)).isInstanceOf(MaybeCountedException.class);
        assertThat(failure(waiting)).isInstanceOf(NotCountedException.class);
        backend.next().written(1);
        assertThat(lane.asleep()).isCompleted();
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

    private static Throwable failure(CompletableFuture<?> call) {
        assertThat(call).isCompletedExceptionally();
        return call.handle((value, thrown) -> thrown).join();
    }
}
