package io.visitorcounter.core.combine;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.MaybeCountedException;
import io.visitorcounter.core.NotCountedException;
import io.visitorcounter.core.Visit;
import io.visitorcounter.core.spi.Backend;
import io.visitorcounter.core.spi.Batch;
import io.visitorcounter.core.spi.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What a lane does where a write has no answer, a refusal, or lost its record. */
final class LaneResendTest extends LaneUnderTest {

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
    void aWriterThatThrowsIsMaybeCountedAndTheNextBatchHasANewRecord() {
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
        Lane broken = new Lane(
                HOME,
                new StoreContext(
                        throwing,
                        ticker,
                        () -> Integer.toString(records.incrementAndGet()),
                        CounterOptions.defaults()));

        CompletableFuture<Visit> thrown = of(broken.visit());
        CompletableFuture<Visit> visit = of(broken.visit());
        ManualBackend.Attempt next = healthy.next();

        assertThat(failure(thrown))
                .isInstanceOf(MaybeCountedException.class)
                .hasMessageContaining("a writer of the test");
        assertThat(next.batch().record()).isEqualTo("lane:3");
        assertThat(next.batch().previous()).isZero();
        next.written(1);
        assertThat(visit).isCompletedWithValue(new Visit(1, 0, false));
    }
}
