package io.visitorcounter.core.contract;

import static io.visitorcounter.core.contract.Asking.freshName;
import static io.visitorcounter.core.contract.Asking.now;
import static io.visitorcounter.core.contract.Asking.patient;
import static io.visitorcounter.core.contract.OneDay.today;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.DailyVisitors;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.VisitorCounter;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** Unique visitors, estimated. Where a test needs an exact number it notes one visitor: of several, two may fall
 *  together in a sketch. */
interface VisitorsContract extends StoreUnderTest {

    private static List<DailyVisitors> aroundToday(VisitorCounter counter) {
        return now(counter.visitors(today().minusDays(20), today().plusDays(3)));
    }

    @Test
    default void aVisitorIsToldOnceADayHoweverOftenItComes() throws Exception {
        if (!notingVisitors()) {
            return;
        }
        OneDay.run(() -> {
            VisitorCounter counter = opened(patient()).counter(freshName());
            assertThat(now(counter.visitorsToday())).isZero();

            for (int i = 0; i < 20; i++) {
                now(counter.noteVisitor("203.0.113.7 Firefox"));
            }

            assertThat(now(counter.visitorsToday())).isEqualTo(1);
            assertThat(aroundToday(counter)).containsExactly(new DailyVisitors(today(), 1));
        });
    }

    @Test
    default void thousandsOfVisitorsAreToldWithinTheError() throws Exception {
        if (!notingVisitors()) {
            return;
        }
        OneDay.run(() -> {
            VisitorCounter counter = opened(patient()).counter(freshName());
            int visitors = 5000;

            for (int round = 0; round < 2; round++) {
                List<CompletionStage<Void>> notes = new ArrayList<>();
                for (int i = 0; i < visitors; i++) {
                    notes.add(counter.noteVisitor("visitor " + i));
                }
                notes.forEach(Asking::now);
            }

            // Six standard errors: one run in 500 million is further off.
            assertThat(now(counter.visitorsToday()))
                    .isCloseTo((long) visitors, Percentage.withPercentage(600 * DailyVisitors.STANDARD_ERROR));
        });
    }

    @Test
    default void visitorsWhoDifferInOneCharacterAreTwo() throws Exception {
        if (!notingVisitors()) {
            return;
        }
        OneDay.run(() -> {
            VisitorCounter counter = opened(patient()).counter(freshName());
            String beginning = "2001:db8::1 Mozilla/5.0 ".repeat(20);
            List<String> visitors = List.of(
                    beginning + "a", beginning + "b", beginning + "A", "a" + beginning, "b' OR '1'='1", "%", "_", "ä");

            visitors.forEach(visitor -> now(counter.noteVisitor(visitor)));

            assertThat(now(counter.visitorsToday())).isBetween(visitors.size() - 2L, (long) visitors.size());
        });
    }

    @Test
    default void aVisitorIsToldForEachCounterByItself() throws Exception {
        if (!notingVisitors()) {
            return;
        }
        OneDay.run(() -> {
            CounterStore store = opened(patient());
            VisitorCounter counter = store.counter(freshName());
            VisitorCounter other = store.counter(freshName());

            now(counter.noteVisitor("alice"));

            assertThat(now(counter.visitorsToday())).isEqualTo(1);
            assertThat(now(other.visitorsToday())).isZero();
        });
    }

    @Test
    default void notingAVisitorCountsNoVisit() {
        if (!notingVisitors()) {
            return;
        }
        CounterStore store = opened(patient());
        CounterName name = freshName();
        VisitorCounter counter = store.counter(name);

        now(counter.noteVisitor("alice"));

        assertThat(now(counter.value())).isEqualTo(new CounterValue(0, 0));
        if (changing()) {
            assertThat(now(store.counters())).doesNotContain(name);
        }
        assertThat(now(counter.visit()).number()).isEqualTo(1);
    }

    @Test
    default void twoStoresTakeAVisitorForTheSameOne() throws Exception {
        if (!notingVisitors() || !sharing()) {
            return;
        }
        OneDay.run(() -> {
            CounterName name = freshName();
            VisitorCounter counter = opened(patient()).counter(name);
            VisitorCounter other = opened(patient()).counter(name);

            now(counter.noteVisitor("alice"));
            now(other.noteVisitor("alice"));

            assertThat(now(counter.visitorsToday())).isEqualTo(1);
            assertThat(now(other.visitorsToday())).isEqualTo(1);
        });
    }

    @Test
    default void aStoreThatWasClosedBetweenKnowsTheVisitorsOfTheDay() throws Exception {
        if (!notingVisitors() || !sharing()) {
            return;
        }
        OneDay.run(() -> {
            CounterName name = freshName();
            CounterStore first = opened(patient());
            now(first.counter(name).noteVisitor("alice"));
            first.close();

            VisitorCounter counter = opened(patient()).counter(name);

            assertThat(now(counter.visitorsToday())).isEqualTo(1);
            now(counter.noteVisitor("alice"));
            assertThat(now(counter.visitorsToday())).isEqualTo(1);
        });
    }

    @Test
    default void aRangeOfDaysEndsBeforeItsLast() throws Exception {
        if (!notingVisitors()) {
            return;
        }
        OneDay.run(() -> {
            VisitorCounter counter = opened(patient()).counter(freshName());
            now(counter.noteVisitor("alice"));
            LocalDate today = today();

            assertThat(now(counter.visitors(today.minusDays(3), today))).isEmpty();
            assertThat(now(counter.visitors(today.plusDays(1), today.plusDays(2))))
                    .isEmpty();
            assertThat(now(counter.visitors(today, today))).isEmpty();
            assertThat(now(counter.visitors(today, today.plusDays(1)))).hasSize(1);
        });
    }

    @Test
    default void aVisitorOrARangeOutOfBoundsIsRefused() {
        if (!notingVisitors()) {
            return;
        }
        VisitorCounter counter = opened(patient()).counter(freshName());
        LocalDate today = today();

        assertThatThrownBy(() -> counter.noteVisitor("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> counter.noteVisitor("x".repeat(1001))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> counter.visitors(today, today.minusDays(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> counter.visitors(today.minusDays(DailyVisitors.KEPT_DAYS), today.plusDays(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    default void aClosedStoreNotesNobody() {
        if (!notingVisitors()) {
            return;
        }
        CounterStore store = opened(patient());
        VisitorCounter counter = store.counter(freshName());

        store.close();

        assertThatThrownBy(() -> now(counter.noteVisitor("alice")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> now(counter.visitorsToday())).isInstanceOf(StoreException.class);
    }
}
