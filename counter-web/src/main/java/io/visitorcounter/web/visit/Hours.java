package io.visitorcounter.web.visit;

import io.visitorcounter.core.HourlyVisits;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A span of whole hours, UTC.
 *
 *  @param from the first hour's first instant
 *  @param to the first instant after the last hour */
public record Hours(Instant from, Instant to) {

    /** {@return every hour of the span, those without a visit too, oldest first} */
    public List<HourlyVisits> all(List<HourlyVisits> counted) {
        Map<Instant, Long> byHour =
                counted.stream().collect(Collectors.toMap(HourlyVisits::hour, HourlyVisits::visits, Long::sum));
        return Stream.iterate(from, hour -> hour.isBefore(to), hour -> hour.plus(1, ChronoUnit.HOURS))
                .map(hour -> new HourlyVisits(hour, byHour.getOrDefault(hour, 0L)))
                .toList();
    }
}
