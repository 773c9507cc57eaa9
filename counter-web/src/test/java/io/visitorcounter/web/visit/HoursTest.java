package io.visitorcounter.web.visit;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.HourlyVisits;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class HoursTest {

    private static final Instant NOW = Instant.parse("2026-05-01T10:59:59Z");

    @Test
    void aSpanEndsWithTheRunningHour() {
        Hours hours = Hours.until(NOW, 24, List.of());

        assertThat(hours.to()).isEqualTo("2026-05-01T11:00:00Z");
        assertThat(hours.all(List.of())).hasSize(24);
    }

    @Test
    void whatAStoreCountsByAClockThatIsAheadIsInTheSpan() {
        List<HourlyVisits> counted = List.of(
                new HourlyVisits(Instant.parse("2026-05-01T10:00:00Z"), 3),
                new HourlyVisits(Instant.parse("2026-05-01T11:00:00Z"), 2));

        Hours hours = Hours.until(NOW, 2, counted);

        assertThat(hours.all(counted)).isEqualTo(counted);
        assertThat(Hours.latest(NOW)).isAfter("2026-05-01T11:00:00Z");
    }
}
