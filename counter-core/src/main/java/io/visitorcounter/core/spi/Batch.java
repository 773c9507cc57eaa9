package io.visitorcounter.core.spi;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.VisitId;

/** What one write carries. It names the cumulative count instead of the step, so that a resend adds nothing.
 *
 *  @param counter whose visits
 *  @param record names the place where the store remembers what it counted for this sender: {@code lane:…} for a lane,
 *         {@code id:…} for a visit id
 *  @param previous visits that the record counted before this batch, acknowledged
 *  @param cumulative visits that it has counted with this batch
 *  @param known the highest value that this process saw acknowledged; a stored value that is behind it was lost */
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

    /** {@return whether it is one visit that the caller gave an id} */
    public boolean hasId() {
        return record.startsWith(ID);
    }

    /** {@return the record of a visit that the caller gave an id}
     *
     *  @param id the caller's */
    public static String idRecord(VisitId id) {
        return ID + id.text();
    }
}
