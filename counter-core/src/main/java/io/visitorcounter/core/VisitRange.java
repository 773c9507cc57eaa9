package io.visitorcounter.core;

/** Visits that were counted in one step, with consecutive numbers.
 *
 *  @param first 1-based number of the first visit
 *  @param last number of the last visit; {@code last >= first}
 *  @param generation as in {@link Visit} */
public record VisitRange(long first, long last, long generation) {

    /** Checks the order of the bounds.
     *
     *  @param first the lowest number
     *  @param last the highest number
     *  @param generation of both */
    public VisitRange {
        if (first < 1 || last < first) {
            throw new IllegalArgumentException("visit range: expected 1 <= first <= last, got " + first + ".." + last);
        }
    }

    /** {@return how many visits the range holds, at least 1} */
    public long count() {
        return last - first + 1;
    }
}
