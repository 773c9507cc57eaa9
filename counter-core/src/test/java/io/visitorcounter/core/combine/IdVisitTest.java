package io.visitorcounter.core.combine;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.MaybeCountedException;
import io.visitorcounter.core.NotCountedException;
import io.visitorcounter.core.Visit;
import io.visitorcounter.core.VisitId;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class IdVisitTest extends StoreOverManualBackend {

    @Test
    void aVisitWithAnIdIsSentAgainUnderTheSameId() {
        CompletableFuture<Visit> visit =
                store.counter(HOME).visit(new VisitId("x")).toCompletableFuture();
        ManualBackend.Attempt first = backend.next();
        first.maybeWritten(true);
        ticker.pass(Duration.ofMillis(5));
        ManualBackend.Attempt second = backend.next();

        assertThat(second.batch()).isEqualTo(first.batch());
        assertThat(second.batch().record()).isEqualTo("id:x");
        second.written(9);
        assertThat(visit).isCompletedWithValue(new Visit(9, 0, false));
    }

    @Test
    void aVisitWithAnIdThatGotNoAnswerCarriesItsId() {
        CompletableFuture<Visit> visit =
                store.counter(HOME).visit(new VisitId("x")).toCompletableFuture();

        ticker.pass(Duration.ofMillis(2_010));

        Throwable failure = visit.handle((value, thrown) -> thrown).join();
        assertThat(failure)
                .isInstanceOfSatisfying(
                        MaybeCountedException.class,
                        maybe -> assertThat(maybe.visitId()).contains(new VisitId("x")));
    }

    @Test
    void aVisitWithAnIdThatNeverLeftIsNotCounted() {
        backend.refuseAtOnce();
        CompletableFuture<Visit> visit =
                store.counter(HOME).visit(new VisitId("x")).toCompletableFuture();
        while (!visit.isDone()) {
            ticker.pass(Duration.ofMillis(1));
        }

        Throwable failure = visit.handle((value, thrown) -> thrown).join();
        assertThat(failure).isInstanceOf(NotCountedException.class);
        assertThat(ticker.now()).isLessThan(Duration.ofMillis(2_100).toNanos());
        assertThat(backend.writes()).isGreaterThan(5);
    }

    @Test
    void aVisitWithAnIdIsNotSentAgainOnceItsDeadlineHasCome() {
        // Deadlines are looked at every 5 ms at most: this one's at 2,000 ms, the next one's at 2,005 ms.
        store.counter(HOME).visit(new VisitId("earlier"));
        ticker.pass(Duration.ofMillis(1));
        CompletableFuture<Visit> visit =
                store.counter(HOME).visit(new VisitId("x")).toCompletableFuture();
        ticker.pass(Duration.ofNanos(1_999_500_000));
        backend.next();

        // The shortest wait is 1 ms, the longest after one failure 2 ms.
        backend.next().notWritten(true);
        ticker.pass(Duration.ofMillis(20));

        Throwable failure = visit.handle((value, thrown) -> thrown).join();
        assertThat(failure).isInstanceOf(NotCountedException.class);
        assertThat(backend.writes()).isEqualTo(2);
    }

    @Test
    void visitsWithIdsAreBoundedToo() {
        for (int i = 0; i < 3; i++) {
            store.counter(HOME).visit(VisitId.random());
        }

        CompletableFuture<Visit> oneMore =
                store.counter(HOME).visit(VisitId.random()).toCompletableFuture();

        Throwable failure = oneMore.handle((value, thrown) -> thrown).join();
        assertThat(failure)
                .isInstanceOf(NotCountedException.class)
                .hasMessageContaining("3 visits with an id already wait");
        assertThat(backend.open()).isEqualTo(3);
    }

    @Test
    void visitsWithIdsThatHaveEndedMakeRoom() {
        CompletableFuture<Visit> slow =
                store.counter(HOME).visit(VisitId.random()).toCompletableFuture();
        ManualBackend.Attempt unanswered = backend.next();
        for (int i = 0; i < 100; i++) {
            CompletableFuture<Visit> quick =
                    store.counter(HOME).visit(VisitId.random()).toCompletableFuture();
            backend.next().written(i + 2);
            assertThat(quick).isCompleted();
        }

        unanswered.written(1);

        assertThat(slow).isCompletedWithValue(new Visit(1, 0, false));
    }
}
