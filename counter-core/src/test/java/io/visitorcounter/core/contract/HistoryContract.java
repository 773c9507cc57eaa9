package io.visitorcounter.core.contract;

import static io.visitorcounter.core.contract.Asking.freshName;
import static io.visitorcounter.core.contract.Asking.now;
import static io.visitorcounter.core.contract.Asking.patient;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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
