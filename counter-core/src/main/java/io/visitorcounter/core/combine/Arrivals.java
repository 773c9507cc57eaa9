package io.visitorcounter.core.combine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** The calls that have arrived and that the lane has not taken yet: a bounded lock-free stack. It also holds whether
 *  the lane is asleep, so that exactly one call has to wake it. Any thread adds; only the lane takes. */
final class Arrivals {

    /** What became of a call that arrived. */
    enum Arrived {
        /** It waits; the lane is awake and will take it. */
        WAITS,
        /** It waits, and the lane was asleep: the thread that added it must wake the lane. */
        WOKE,
        /** There was no room, so it was not added. */
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

    /** The top of the stack while the lane is asleep and no call waits. A top of null means that the lane is awake and
     *  the stack is empty. */
    private static final Object ASLEEP = new Object();

    private final int capacity;

    @SuppressWarnings("FieldMayBeFinal") // written through TOP
    private volatile @Nullable Object top = ASLEEP;

    @SuppressWarnings("FieldMayBeFinal") // written through VISITS
    private volatile int visits;

    Arrivals(int capacity) {
        this.capacity = capacity;
    }

    int visits() {
        return visits;
    }

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

    /** Moves all calls to the end of a queue; they still count as waiting. Called only by the lane, under its lock. */
    void moveTo(CallQueue queue) {
        Object seen = top;
        if (seen != null && seen != ASLEEP) {
            // Only the lane takes calls, so the top is still a call; the swap leaves the lane marked as awake.
            queue.addReversed((PendingCall<?>) TOP.getAndSet(this, null));
        }
    }

    /** Changes the number of waiting visits: negative when visits are sent or have failed, positive when they come back. */
    void waitingChanged(int by) {
        VISITS.getAndAdd(this, by);
    }

    /** Marks the lane as asleep, unless a call has arrived. It may be asleep already: a task may have seen it awake
     *  before it got the lane's lock.
     *
     *  @return whether it is asleep now */
    boolean sleep() {
        return TOP.compareAndSet(this, null, ASLEEP) || asleep();
    }

    boolean asleep() {
        return top == ASLEEP;
    }
}
