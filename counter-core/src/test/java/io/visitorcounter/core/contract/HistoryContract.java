package io.visitorcounter.core.contract;

import static io.visitorcounter.core.contract.Asking.freshName;
import static io.visitorcounter.core.contract.Asking.now;
import static io.visitorcounter.core.contract.Asking.patient;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.VisitId;
import io.visitorcounter.core.VisitorCounter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The visits per hour. */
interface HistoryContract extends StoreUnderTest {

    @Test
    default void visitsAreCountedInTheirHour() {
        VisitorCounter counter = opened(patient()).counter(freshName());
        Instant before = Instant.now().truncatedTo(ChronoUnit.HOURS);

        now(counter.visit(3));
        now(counter.visit(VisitId.random()));
        List<HourlyVisits> hours =
                now(counter.history(before.minus(Duration.ofDays(1)), before.plus(Duration.ofHours(2))));

        assertThat(hours.stream().mapToLong(HourlyVisits::visits).sum()).isEqualTo(4);
        assertThat(hours)
                .allSatisfy(hour -> assertThat(hour.hour())
                        .isEqualTo(hour.hour().truncatedTo(ChronoUnit.HOURS))
                        .isAfterOrEqualTo(before));
    }

    @Test
    default void aVisitIsInTheHourInWhichItWasCounted() {
        VisitorCounter counter = opened(patient()).counter(freshName());
        Instant before = Instant.now().truncatedTo(ChronoUnit.HOURS);

        now(counter.visit());
        List<HourlyVisits> hours =
                now(counter.history(before.minus(Duration.ofDays(1)), before.plus(Duration.ofDays(1))));

        assertThat(hours).hasSize(1);
        assertThat(hours.get(0).hour()).isBetween(before, Instant.now().truncatedTo(ChronoUnit.HOURS));
    }

    @Test
    default void fromIsInTheRangeAndToIsNot() {
        VisitorCounter counter = opened(patient()).counter(freshName());
        now(counter.visit(3));
        Instant hour = onlyHour(counter);

        assertThat(now(counter.history(hour, hour.plus(Duration.ofHours(1))))).hasSize(1);
        assertThat(now(counter.history(hour.minus(Duration.ofHours(1)), hour))).isEmpty();
        assertThat(now(counter.history(hour.plus(Duration.ofHours(1)), hour.plus(Duration.ofHours(2)))))
                .isEmpty();
    }

    @Test
    default void aRangeIsRoundedToWholeHours() {
        VisitorCounter counter = opened(patient()).counter(freshName());
        now(counter.visit(3));
        Instant hour = onlyHour(counter);

        assertThat(now(counter.history(hour.plusSeconds(10), hour.plusSeconds(11))))
                .containsExactly(new HourlyVisits(hour, 3));
        assertThat(now(counter.history(hour.minusSeconds(1), hour.plusNanos(1))))
                .containsExactly(new HourlyVisits(hour, 3));
        assertThat(now(counter.history(hour.plusSeconds(3599), hour.plus(Duration.ofHours(1)))))
                .containsExactly(new HourlyVisits(hour, 3));
    }

    private static Instant onlyHour(VisitorCounter counter) {
        Instant now = Instant.now();
        List<HourlyVisits> hours = now(counter.history(now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(1))));
        assertThat(hours).hasSize(1);
        return hours.get(0).hour();
    }

    @Test
    default void aRepeatedVisitIsInTheHistoryOnce() {
        VisitorCounter counter = opened(patient()).counter(freshName());
        VisitId id = VisitId.random();
        for (int i = 0; i < 3; i++) {
            now(counter.visit(id));
        }

        assertThat(visitsOfTheDay(counter)).isEqualTo(1);
    }

    @Test
    default void eachCounterHasItsOwnHistory() {
        CounterStore store = opened(patient());
        VisitorCounter one = store.counter(freshName());
        VisitorCounter two = store.counter(freshName());
        now(one.visit(4));
        now(two.visit(2));

        assertThat(visitsOfTheDay(one)).isEqualTo(4);
        assertThat(visitsOfTheDay(two)).isEqualTo(2);
    }

    private static long visitsOfTheDay(VisitorCounter counter) {
        Instant now = Instant.now();
        return now(counter.history(now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(1)))).stream()
                .mapToLong(HourlyVisits::visits)
                .sum();
    }

    @Test
    default void hoursWithoutVisitsAreLeftOut() {
        VisitorCounter counter = opened(patient()).counter(freshName());
        now(counter.visit());

        assertThat(now(counter.history(Instant.EPOCH, Instant.EPOCH.plus(Duration.ofDays(400)))))
                .isEmpty();
    }

    @Test
    default void aHistoryOfMoreThan400DaysIsRefused() {
        VisitorCounter counter = opened(patient()).counter(freshName());
        Instant now = Instant.now();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> counter.history(now.minus(Duration.ofDays(402)), now))
                .withMessageContaining("400 days");
        assertThatIllegalArgumentException().isThrownBy(() -> counter.history(now, now.minusSeconds(1)));
    }
}
