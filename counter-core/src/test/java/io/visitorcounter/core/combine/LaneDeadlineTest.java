package io.visitorcounter.core.combine;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.MaybeCountedException;
import io.visitorcounter.core.NotCountedException;
import io.visitorcounter.core.Visit;
import io.visitorcounter.core.VisitRange;
import io.visitorcounter.core.spi.Batch;
import io.visitorcounter.core.spi.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What a lane says of visits that get no answer in time. */
final class LaneDeadlineTest extends LaneUnderTest {

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
    void whoArrivesAfterAllOthersGaveUpHasADeadlineToo() {
        CompletableFuture<Visit> sent = of(lane.visit());
        ticker.pass(DEADLINE);
        assertThat(failure(sent)).isInstanceOf(MaybeCountedException.class);

        for (int i = 0; i < 3; i++) {
            ticker.pass(Duration.ofMillis(700));
            CompletableFuture<Visit> later = of(lane.visit());
            ticker.pass(DEADLINE);

            assertThat(failure(later))
                    .isInstanceOf(NotCountedException.class)
                    .hasMessageContaining("not sent within 2000 ms: an earlier batch has no answer");
        }
        backend.next().written(1);
        assertThat(lane.asleep()).isCompleted();
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
    void whatIsNeverWrittenIsNotCountedAtTheDeadline() {
        Lane unreachable = new Lane(
                HOME,
                new StoreContext(
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
    void whatIsTriedOnceMoreAtTheDeadlineTellsWhyItWasRefusedBefore() {
        CompletableFuture<Visit> visit = of(lane.visit());
        backend.next().notWritten(true);
        ticker.pass(Duration.ofSeconds(1));
        assertThat(backend.next().batch().visits()).isEqualTo(1);

        ticker.pass(Duration.ofSeconds(1));

        assertThat(failure(visit))
                .isInstanceOf(MaybeCountedException.class)
                .hasMessageContaining("within 2000 ms: the test says no");
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
    void abortingFailsEveryCallInItsKind() {
        CompletableFuture<Visit> sent = of(lane.visit());
        CompletableFuture<Visit> waiting = of(lane.visit());

        lane.abort();

        assertThat(failure(sent)).isInstanceOf(MaybeCountedException.class);
        assertThat(failure(waiting)).isInstanceOf(NotCountedException.class);
        backend.next().written(1);
        assertThat(lane.asleep()).isCompleted();
    }
}
