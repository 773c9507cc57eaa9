package io.visitorcounter.core;

/** What a counter stands at.
 *
 *  @param value visits counted in this generation; 0 for a counter that was never visited
 *  @param generation as in {@link Visit} */
public record CounterValue(long value, long generation) {}
