package io.visitorcounter.core;

/** Whether a store, or one of its counters, can count right now.
 *
 *  @param up true if a visit would now be sent, not refused
 *  @param detail one line for an operator: where, and what is wrong or that all is well; never a secret */
public record StoreHealth(boolean up, String detail) {}
