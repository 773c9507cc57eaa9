package io.visitorcounter.core.contract;

import static io.visitorcounter.core.contract.Asking.freshName;
import static io.visitorcounter.core.contract.Asking.history;
import static io.visitorcounter.core.contract.Asking.now;
import static io.visitorcounter.core.contract.Asking.patient;
import static io.visitorcounter.core.contract.Asking.visitsOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.NotCountedException;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.Visit;
import io.visitorcounter.core.VisitId;
import io.visitorcounter.core.VisitorCounter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A value that is set or restored. */
interface ChangeContract extends StoreUnderTest {

    @Test
    default void aSetValueGoesOnFromThereInAGenerationOfItsOwn() {
        if (!changing()) {
            return;
        }
        VisitorCounter counter = opened(patient()).counter(freshName());
        now(counter.visit(3));

        assertThat(now(counter.set(40))).isEqualTo(new CounterValue(40, 1));
        assertThat(now(counter.value())).isEqualTo(new CounterValue(40, 1));
        assertThat(now(counter.visit())).isEqualTo(new Visit(41, 1, false));
        assertThat(now(counter.set(7))).isEqualTo(new CounterValue(7, 2));
        assertThat(now(counter.visit())).isEqualTo(new Visit(8, 2, false));
        assertThat(now(counter.set(0))).isEqualTo(new CounterValue(0, 3));
        assertThat(visitsOf(counter)).isEqualTo(5);
    }

    @Test
    default void aCounterThatWasNeverVisitedCanBeSet() {
        if (!changing()) {
            return;
        }
        VisitorCounter counter = opened(patient()).counter(freshName());

        now(counter.set(CounterValue.MAX - 1));

        assertThat(now(counter.visit())).isEqualTo(new Visit(CounterValue.MAX, 1, false));
        assertThat(now(counter.health()).up()).isFalse();
        assertThatThrownBy(() -> now(counter.visit())).isInstanceOf(NotCountedException.class);
        assertThat(now(counter.set(0))).isEqualTo(new CounterValue(0, 2));
        assertThat(now(counter.visit())).isEqualTo(new Visit(1, 2, false));
    }

    @Test
    default void aValueOutOfBoundsIsRefusedByWhoSetsIt() {
        VisitorCounter counter = opened(patient()).counter(freshName());

        assertThatThrownBy(() -> counter.set(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> counter.set(CounterValue.MAX + 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        counter.restore(1, List.of(new HourlyVisits(Instant.ofEpochSecond(3601), 1)), VisitId.random()))
                .isInstanceOf(IllegalArgumentException.class);
        HourlyVisits hour = new HourlyVisits(Instant.now().truncatedTo(ChronoUnit.HOURS), 1);
        assertThatThrownBy(() -> counter.restore(2, List.of(hour, hour), VisitId.random()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(now(counter.value())).isEqualTo(new CounterValue(0, 0));
    }

    @Test
    default void nullIsRefusedByWhoSaysIt() {
        CounterStore store = opened(patient());
        VisitorCounter counter = store.counter(freshName());
        now(counter.visit());

        assertThatThrownBy(() -> store.counter(Asking.missing())).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> counter.visit(Asking.<VisitId>missing())).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> counter.set(9, Asking.missing())).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> counter.restore(9, Asking.missing(), VisitId.random()))
                .isInstanceOf(NullPointerException.class);
        assertThat(now(counter.value())).isEqualTo(new CounterValue(1, 0));
    }

    @Test
    default void aRepeatedChangeChangesNothing() {
        if (!changing()) {
            return;
        }
        VisitorCounter counter = opened(patient()).counter(freshName());
        VisitId request = VisitId.random();
        now(counter.set(10, request));
        now(counter.visit(5));

        assertThat(now(counter.set(10, request))).isEqualTo(new CounterValue(10, 1));
        assertThat(now(counter.value())).isEqualTo(new CounterValue(15, 1));
    }

    @Test
    default void theSameRequestBelongsToEachCounterAnew() {
        if (!changing()) {
            return;
        }
        CounterStore store = opened(patient());
        VisitorCounter one = store.counter(freshName());
        VisitorCounter other = store.counter(freshName());
        VisitId request = VisitId.random();

        assertThat(now(one.set(10, request))).isEqualTo(new CounterValue(10, 1));
        assertThat(now(other.set(20, request))).isEqualTo(new CounterValue(20, 1));
        assertThat(now(other.value()).value()).isEqualTo(20);
    }

    @Test
    default void aChangeAndAVisitMayHaveTheSameId() {
        if (!changing()) {
            return;
        }
        VisitorCounter counter = opened(patient()).counter(freshName());
        VisitId id = VisitId.random();
        now(counter.visit(id));

        assertThat(now(counter.set(10, id))).isEqualTo(new CounterValue(10, 1));
        assertThat(now(counter.visit(id))).isEqualTo(new Visit(1, 0, true));
        assertThat(now(counter.value())).isEqualTo(new CounterValue(10, 1));
    }

    @Test
    default void aRestoredCounterHasTheHoursThatItIsGivenAndNoOthers() {
        if (!changing()) {
            return;
        }
        VisitorCounter counter = opened(patient()).counter(freshName());
        now(counter.visit(3));
        Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS);
        List<HourlyVisits> hours = List.of(
                new HourlyVisits(hour.minus(Duration.ofDays(299)), 5_000_000_000L),
                new HourlyVisits(hour.minus(Duration.ofHours(30)), 20),
                new HourlyVisits(hour.minus(Duration.ofHours(1)), 7));
        VisitId request = VisitId.random();

        assertThat(now(counter.restore(5_000_000_027L, hours, request))).isEqualTo(new CounterValue(5_000_000_027L, 1));
        assertThat(history(counter)).isEqualTo(hours);
        assertThat(now(counter.visit())).isEqualTo(new Visit(5_000_000_028L, 1, false));
        assertThat(visitsOf(counter)).isEqualTo(5_000_000_028L);
        now(counter.restore(5_000_000_027L, hours, request));
        assertThat(visitsOf(counter)).isEqualTo(5_000_000_028L);
        assertThat(now(counter.restore(27, hours.subList(1, 3), VisitId.random())))
                .isEqualTo(new CounterValue(27, 2));
        assertThat(history(counter)).isEqualTo(hours.subList(1, 3));
    }

    @Test
    default void hoursAreKeptForTheWholeTimeAndReadInTheirOrder() {
        if (!changing()) {
            return;
        }
        VisitorCounter counter = opened(patient()).counter(freshName());
        Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS);
        // Another hour may begin while it is stored.
        HourlyVisits oldest = new HourlyVisits(hour.minus(HourlyVisits.KEPT).plus(Duration.ofHours(2)), 1);
        HourlyVisits old = new HourlyVisits(hour.minus(Duration.ofDays(366)), 2);
        HourlyVisits late = new HourlyVisits(hour.minus(Duration.ofHours(1)), 4);

        now(counter.restore(7, List.of(late, oldest, old), VisitId.random()));

        assertThat(now(counter.history(oldest.hour(), hour))).containsExactly(oldest, old, late);
    }

    @Test
    default void changesOfTwoStoresFallBetweenVisitsAndBeginOneGenerationEach() throws Exception {
        if (!changing()) {
            return;
        }
        if (!sharing()) {
            return;
        }
        CounterName name = freshName();
        List<VisitorCounter> changing =
                List.of(opened(patient()).counter(name), opened(patient()).counter(name));
        int changes = 20;
        CountDownLatch left = new CountDownLatch(changing.size() * changes);
        List<Visit> visits = new ArrayList<>();
        List<CounterValue> begins = new CopyOnWriteArrayList<>(List.of(new CounterValue(0, 0)));

        Asking.inParallel(3, i -> {
            while (i == 2 && left.getCount() > 0) {
                visits.add(now(changing.get(0).visit()));
            }
            for (int n = 1; i < 2 && n <= changes; n++) {
                begins.add(now(changing.get(i).set(100_000L * i + 1000L * n)));
                left.countDown();
            }
            return List.of();
        });

        assertThat(begins.stream().map(CounterValue::generation)).doesNotHaveDuplicates();
        Map<Long, Long> last = new HashMap<>();
        begins.forEach(begin -> last.put(begin.generation(), begin.value()));
        for (Visit visit : visits) {
            assertThat(visit.number()).as("%s", visit).isEqualTo(last.merge(visit.generation(), 1L, Long::sum));
        }
        assertThat(visitsOf(changing.get(1))).isEqualTo(visits.size());
    }

    @Test
    default void visitsInFlightStayDenseWhileTheValueIsSet() {
        if (!changing()) {
            return;
        }
        VisitorCounter counter = opened(patient()).counter(freshName());
        List<CompletionStage<Visit>> visits = new ArrayList<>();
        List<CompletionStage<CounterValue>> changes = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            for (int j = 0; j < 50; j++) {
                visits.add(counter.visit());
            }
            changes.add(counter.set(1000L * i));
        }

        Map<Long, Long> begins = new HashMap<>(Map.of(0L, 0L));
        changes.forEach(
                change -> begins.put(now(change).generation(), now(change).value()));
        Map<Long, List<Long>> numbers = new HashMap<>();
        visits.forEach(visit -> numbers.computeIfAbsent(now(visit).generation(), one -> new ArrayList<>())
                .add(now(visit).number()));

        assertThat(begins).hasSize(21);
        numbers.forEach((generation, some) -> {
            long first = begins.getOrDefault(generation, -1L) + 1;
            assertThat(some.stream().sorted().toList())
                    .as("generation " + generation)
                    .isEqualTo(
                            LongStream.range(first, first + some.size()).boxed().toList());
        });
        assertThat(visitsOf(counter)).isEqualTo(1000);
    }

    @Test
    default void aStoreThatOnlyCountsRefusesToChangeAndLosesNothing() {
        if (changing()) {
            return;
        }
        CounterStore store = opened(patient());
        VisitorCounter counter = store.counter(freshName());
        now(counter.visit(3));

        assertThatThrownBy(() -> now(counter.set(1))).isInstanceOf(NotCountedException.class);
        assertThatThrownBy(() -> now(counter.delete())).isInstanceOf(NotCountedException.class);
        assertThatThrownBy(() -> now(store.counters())).isInstanceOf(StoreException.class);
        assertThat(now(counter.visit())).isEqualTo(new Visit(4, 0, false));
    }

    @Test
    default void aClosedStoreChangesAndListsNothing() {
        CounterStore store = opened(patient());
        VisitorCounter counter = store.counter(freshName());

        store.close();

        assertThatThrownBy(() -> now(counter.set(1)))
                .isInstanceOf(NotCountedException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> now(counter.delete())).isInstanceOf(NotCountedException.class);
        assertThatThrownBy(() -> now(store.counters())).isInstanceOf(StoreException.class);
    }
}
