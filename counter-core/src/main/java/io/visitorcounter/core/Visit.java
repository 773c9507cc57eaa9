package io.visitorcounter.core;

/** One counted visit.
 *
 *  @param number 1-based; dense and unique within {@code generation}
 *  @param generation starts at 0; grows by 1 each time the stored value was reset or lost
 *  @param duplicate true if this visit id was counted before; {@code number} is the one it got then */
public record Visit(long number, long generation, boolean duplicate) {}
