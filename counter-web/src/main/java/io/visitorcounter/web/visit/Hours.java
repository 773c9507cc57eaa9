package io.visitorcounter.web.visit;

import io.visitorcounter.core.HourlyVisits;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A span of whole hours, UTC. It ends by the store's clock, which assigns visits to hours. If that clock is ahead of
 *  this process' clock, the newest hour may not have begun here.
 *
 *  @param from the first hour's first instant
 *  @param to the first instant after the last hour */
public record Hours(Instant from, Instant to) {

    // A clock that is further ahead is wrong, and its hours are not shown.
    private static final Duration MAX_AHEAD = Duration.ofDays(1);

    /** {@return the beginning of the range to read, for a span that ends now} */
    public static Instant earliest(Instant now, int hours) {
        return next(now).minus(hours, ChronoUnit.HOURS);
    }

    /** {@return the end of the range to read} */
    public static Instant latest(Instant now) {
        return next(now).plus(MAX_AHEAD);
    }

    /** {@return the span that ends with this hour, or with a later one that has visits}
     *
     *  @param now by this process' clock
     *  @param hours the span's length
     *  @param counted what was read from {@link #earliest} to {@link #latest} */
    public static Hours until(Instant now, int hours, List<HourlyVisits> counted) {
        Instant end = counted.stream()
                .map(visits -> next(visits.hour()))
                .reduce(next(now), (one, other) -> one.isAfter(other) ? one : other);
        return new Hours(end.minus(hours, ChronoUnit.HOURS), end);
    }

    private static Instant next(Instant instant) {
        return instant.truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
    }

    /** {@return every hour of the span, including those without a visit, oldest first} */
    public List<HourlyVisits> all(List<HourlyVisits> counted) {
        Map<Instant, Long> byHour =
                counted.stream().collect(Collectors.toMap(HourlyVisits::hour, HourlyVisits::visits, Long::sum));
        return Stream.iterate(from, hour -> hour.isBefore(to), hour -> hour.plus(1, ChronoUnit.HOURS))
                .map(hour -> new HourlyVisits(hour, byHour.getOrDefault(hour, 0L)))
                .toList();
    }
}
