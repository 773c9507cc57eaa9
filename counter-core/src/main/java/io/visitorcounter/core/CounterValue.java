package io.visitorcounter.core;

/** A counter's current state.
 *
 *  @param value visits counted in this generation; 0 for a counter that was never visited
 *  @param generation as in {@link Visit} */
public record CounterValue(long value, long generation) {

    /** The highest value in every store: 15 digits, which JSON readers and Lua keep exactly. Visits beyond it are not
     *  counted. */
    public static final long MAX = 999_999_999_999_999L;
}
