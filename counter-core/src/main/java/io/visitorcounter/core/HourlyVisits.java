package io.visitorcounter.core;

import java.time.Duration;
import java.time.Instant;

/** The visits of one hour.
 *
 *  @param hour the hour's first instant, UTC
 *  @param visits how many were counted in it, by the store's clock */
public record HourlyVisits(Instant hour, long visits) {

    /** How long every store keeps the visits of an hour; also the longest range of a history. */
    public static final Duration KEPT = Duration.ofDays(400);
}
