package io.visitorcounter.core.spi;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.VisitId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A value that is set by hand. It begins a new generation, so that no number is given twice within one.
 *
 *  @param counter whose value
 *  @param record the name under which the store remembers that the change was made, so that a resend does nothing
 *  @param value the new value, 0 to {@link CounterValue#MAX}
 *  @param history the visits per hour that replace the stored ones; null to keep those
 *  @param known the highest value that this process saw acknowledged */
public record Change(
        CounterName counter,
        String record,
        long value,
        @Nullable List<HourlyVisits> history,
        CounterValue known) {

    private static final String CHANGE = "set:";

    /** Checks the value and the hours.
     *
     *  @param counter whose value
     *  @param record names the place
     *  @param value the new value
     *  @param history the visits per hour, or null
     *  @param known the highest value that was seen */
    public Change {
        if (value < 0 || value > CounterValue.MAX) {
            throw new IllegalArgumentException(
                    "counter \"" + counter + "\": value: expected 0.." + CounterValue.MAX + ", got " + value);
        }
        if (history != null) {
            history = List.copyOf(history);
            Set<Instant> seen = new HashSet<>();
            for (HourlyVisits hour : history) {
                if (!seen.add(hour.hour())) {
                    throw new IllegalArgumentException("counter \"" + counter
                            + "\": history: expected each hour once, got " + hour.hour() + " twice");
                }
                if (hour.visits() < 1 || hour.visits() > CounterValue.MAX || !isWhole(hour.hour())) {
                    throw new IllegalArgumentException("counter \"" + counter
                            + "\": history: expected whole hours of 1.." + CounterValue.MAX + " visits, got " + hour);
                }
            }
        }
    }

    private static boolean isWhole(Instant hour) {
        return !hour.isBefore(Instant.EPOCH) && hour.equals(hour.truncatedTo(ChronoUnit.HOURS));
    }

    /** {@return the record's name for a change with this id}
     *
     *  @param id the caller's */
    public static String record(VisitId id) {
        return CHANGE + id.text();
    }
}
