package io.visitorcounter.core.combine;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.DailyVisitors;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.core.spi.VisitorSketches;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What leaves the process about a visitor, and how long it could be told from others. */
final class NotedVisitorsTest {

    private static final CounterName HOME = CounterName.of("home");
    private static final LocalDate FIRST = LocalDate.ofEpochDay(0);

    private final ManualTicker ticker = new ManualTicker();
    private final Sketches sketches = new Sketches();
    private final CombiningStore store = new CombiningStore(
            new ForwardingBackend(new ManualBackend()) {
                @Override
                public Optional<VisitorSketches> sketches() {
                    return Optional.of(sketches);
                }
            },
            ticker,
            CounterOptions.builder().deadline(Duration.ofSeconds(2)).queue(3).build(),
            10_000);
    private final VisitorCounter counter = store.counter(HOME);

    /** Remembers what it is asked. */
    private static final class Sketches implements VisitorSketches {

        private final List<LocalDate> salts = new ArrayList<>();
        private final List<LocalDate> forgotten = new ArrayList<>();
        private final List<LocalDate> days = new ArrayList<>();
        private final List<Long> hashes = new ArrayList<>();
        private int failures;
        private boolean silent;

        @Override
        public CompletionStage<byte[]> salt(CounterName name, LocalDate day, byte[] proposed) {
            if (failures-- > 0) {
                return CompletableFuture.failedFuture(new IllegalStateException("a cut of the test"));
            }
            salts.add(day);
            return CompletableFuture.completedFuture(proposed);
        }

        @Override
        public CompletionStage<?> note(CounterName name, LocalDate day, long hash) {
            days.add(day);
            hashes.add(hash);
            return silent ? new CompletableFuture<>() : CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<List<DailyVisitors>> days(CounterName name, LocalDate from, LocalDate to) {
            return CompletableFuture.completedFuture(List.of());
        }

        @Override
        public void forgetSaltsBefore(LocalDate day) {
            forgotten.add(day);
        }
    }

    private static @Nullable Throwable failure(CompletionStage<?> stage) {
        return stage.toCompletableFuture().handle((done, failure) -> failure).getNow(null);
    }

    @Test
    void aDayHasOneSalt() {
        counter.noteVisitor("alice");
        counter.noteVisitor("bob");
        counter.noteVisitor("alice");

        assertThat(sketches.salts).containsExactly(FIRST);
        assertThat(sketches.days).containsOnly(FIRST);
        assertThat(sketches.hashes.get(0)).isEqualTo(sketches.hashes.get(2)).isNotEqualTo(sketches.hashes.get(1));
    }

    @Test
    void nobodyIsTheSameOnTwoDaysOrForTwoCounters() {
        counter.noteVisitor("alice");
        store.counter(CounterName.of("other")).noteVisitor("alice");
        ticker.suspend(Duration.ofDays(1));
        counter.noteVisitor("alice");

        assertThat(sketches.salts).containsExactly(FIRST, FIRST, FIRST.plusDays(1));
        assertThat(new HashSet<>(sketches.hashes)).hasSize(3);
    }

    @Test
    void theSaltIsForgottenWithinAMinuteOfItsDay() {
        counter.noteVisitor("alice");
        ticker.suspend(Duration.ofHours(23));
        ticker.pass(Duration.ofMinutes(2));
        assertThat(sketches.forgotten).isEmpty();

        ticker.suspend(Duration.ofHours(1));
        ticker.pass(Duration.ofMinutes(1));

        assertThat(sketches.forgotten).containsExactly(FIRST.plusDays(1));
        ticker.pass(Duration.ofMinutes(5));
        assertThat(sketches.forgotten).as("once").hasSize(1);
    }

    @Test
    void aNoteIsMadeAgainUntilItIsThere() {
        sketches.failures = 2;

        CompletionStage<Void> note = counter.noteVisitor("alice");
        ticker.pass(Duration.ofSeconds(1));

        assertThat(note).isCompleted();
        assertThat(sketches.hashes).hasSize(1);
    }

    @Test
    void notesEndByTheirDeadlineAndNoMoreWaitThanMay() {
        sketches.silent = true;

        CompletionStage<Void> first = counter.noteVisitor("a");
        counter.noteVisitor("b");
        counter.noteVisitor("c");
        CompletionStage<Void> oneTooMany = counter.noteVisitor("d");

        assertThat(failure(oneTooMany))
                .isInstanceOf(StoreException.class)
                .hasMessage("counter \"home\": visitor not noted: 3 notes already wait; retry later");
        assertThat(counter.visitorsToday())
                .as("readings have room of their own")
                .isCompletedWithValue(0L);
        ticker.pass(Duration.ofSeconds(3));
        assertThat(failure(first)).hasMessage("counter \"home\": visitor not noted within 2000 ms: no answer");
    }

    @Test
    void aCounterWithoutVisitorsAsksNothing() {
        counter.visit();
        ticker.suspend(Duration.ofDays(2));
        ticker.pass(Duration.ofMinutes(3));

        assertThat(sketches.salts).isEmpty();
        assertThat(sketches.forgotten).isEmpty();
    }
}
