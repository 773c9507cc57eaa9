package io.visitorcounter.core.combine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** Where calls arrive: a bounded lock-free stack that also knows whether its lane sleeps, so that the one call that wakes
 *  it learns so. Any thread adds; the lane takes. */
final class Arrivals {

    /** What became of a call that arrived. */
    enum Arrived {
        /** It waits; the lane is at work and will take it. */
        WAITS,
        /** It waits, and the lane slept: whoever added it has to wake the lane. */
        WOKE,
        /** There was no room: it is not in the queue. */
        FULL
    }

    private static final VarHandle TOP;
    private static final VarHandle VISITS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            TOP = lookup.findVarHandle(Arrivals.class, "top", Object.class);
            VISITS = lookup.findVarHandle(Arrivals.class, "visits", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Stands where the top would: no call waits and the lane sleeps. A top of null means that it is at work. */
    private static final Object ASLEEP = new Object();

    private final int capacity;

    @SuppressWarnings("FieldMayBeFinal") // written through TOP
    private volatile @Nullable Object top = ASLEEP;

    @SuppressWarnings("FieldMayBeFinal") // written through VISITS
    private volatile int visits;

    Arrivals(int capacity) {
        this.capacity = capacity;
    }

    /** {@return how many visits wait} */
    int visits() {
        return visits;
    }

    /** Adds a call. */
    Arrived add(PendingCall<?> call) {
        for (int waiting = visits; ; waiting = visits) {
            if (call.count > capacity - waiting) {
                return Arrived.FULL;
            }
            if (VISITS.compareAndSet(this, waiting, waiting + call.count)) {
                break;
            }
        }
        for (; ; ) {
            Object seen = top;
            call.next = seen == ASLEEP ? null : (PendingCall<?>) seen;
            if (TOP.compareAndSet(this, seen, call)) {
                return seen == ASLEEP ? Arrived.WOKE : Arrived.WAITS;
            }
        }
    }

    /** Moves every call that is here to the end of a chain; they still count as waiting. Only the lane calls it, under
     *  its lock. */
    void moveTo(CallQueue queue) {
        Object seen = top;
        if (seen != null && seen != ASLEEP) {
            // Nobody else takes, so the top is a call still; the swap leaves the lane marked as at work.
            queue.addReversed((PendingCall<?>) TOP.getAndSet(this, null));
        }
    }

    /** Changes how many visits wait: less when they are sent or have failed, more when they come back. */
    void waitingChanged(int by) {
        VISITS.getAndAdd(this, by);
    }

    /** Marks the lane as asleep, unless a call has arrived.
     *
     *  @return whether it sleeps now */
    boolean sleep() {
        return TOP.compareAndSet(this, null, ASLEEP);
    }

    /** {@return whether the lane sleeps} */
    boolean asleep() {
        return top == ASLEEP;
    }
}
