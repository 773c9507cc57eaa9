package io.visitorcounter.core.spi;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.VisitId;

/** What one write carries. It holds a cumulative count instead of an increment, so that a resend adds nothing.
 *
 *  @param counter whose visits
 *  @param record the name under which the store remembers what it counted for this sender: {@code lane:…} for a lane,
 *         {@code id:…} for a visit id
 *  @param previous acknowledged visits of the record before this batch
 *  @param cumulative visits of the record including this batch
 *  @param known the highest value that this process saw acknowledged; if the stored value is lower, visits were lost */
public record Batch(CounterName counter, String record, long previous, long cumulative, CounterValue known) {

    private static final String ID = "id:";

    /** Checks the order of the counts.
     *
     *  @param counter whose visits
     *  @param record names the place
     *  @param previous visits before this batch
     *  @param cumulative visits with this batch
     *  @param known the highest value that was seen */
    public Batch {
        if (previous < 0 || cumulative <= previous) {
            throw new IllegalArgumentException(
                    "batch: expected 0 <= previous < cumulative, got " + previous + " and " + cumulative);
        }
    }

    /** {@return how many visits it carries, at least 1} */
    public int visits() {
        return Math.toIntExact(cumulative - previous);
    }

    /** {@return whether it is one visit with an id from the caller} */
    public boolean hasId() {
        return record.startsWith(ID);
    }

    /** {@return the record's name for a visit with this id}
     *
     *  @param id the caller's */
    public static String idRecord(VisitId id) {
        return ID + id.text();
    }
}
