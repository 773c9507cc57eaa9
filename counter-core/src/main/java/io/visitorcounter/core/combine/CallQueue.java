package io.visitorcounter.core.combine;

import org.jspecify.annotations.Nullable;

/** Calls in the order of their arrival, as an intrusive linked list. Not thread-safe. */
final class CallQueue {

    private @Nullable PendingCall<?> first;
    private @Nullable PendingCall<?> last;
    private int visits;

    boolean isEmpty() {
        return first == null;
    }

    /** {@return the oldest call, or null} */
    @Nullable PendingCall<?> first() {
        return first;
    }

    /** {@return how many visits its calls asked for} */
    int visits() {
        return visits;
    }

    void add(PendingCall<?> call) {
        call.next = null;
        if (last == null) {
            first = call;
        } else {
            last.next = call;
        }
        last = call;
        visits += call.count;
    }

    /** Adds calls that are linked newest first, in the order of their arrival. */
    void addReversed(PendingCall<?> newest) {
        PendingCall<?> head = null;
        for (@Nullable PendingCall<?> call = newest; call != null; ) {
            PendingCall<?> older = call.next;
            call.next = head;
            head = call;
            visits += call.count;
            call = older;
        }
        if (last == null) {
            first = head;
        } else {
            last.next = head;
        }
        last = newest;
    }

    /** Appends all calls of another queue and leaves that one empty. */
    void addAll(CallQueue other) {
        if (other.first == null) {
            return;
        }
        if (last == null) {
            first = other.first;
        } else {
            last.next = other.first;
        }
        last = other.last;
        visits += other.visits;
        other.clear();
    }

    /** {@return all calls, in a new queue; this one is empty afterwards} */
    CallQueue takeAll() {
        CallQueue taken = new CallQueue();
        taken.addAll(this);
        return taken;
    }

    /** Moves the oldest calls whose deadline has passed to another queue.
     *
     *  @return how many visits were moved */
    int moveExpired(long now, CallQueue to) {
        int moved = 0;
        for (PendingCall<?> call = first; call != null && call.deadline - now <= 0; call = first) {
            first = call.next;
            if (first == null) {
                last = null;
            }
            visits -= call.count;
            moved += call.count;
            to.add(call);
        }
        return moved;
    }

    /** Ends every call with its numbers.
     *
     *  @param number the first visit's number
     *  @throws RuntimeException or an Error: the first that a call threw when it was ended, after every call has ended */
    void counted(long number, long generation) {
        long at = number;
        Throwable thrown = null;
        for (PendingCall<?> call = first; call != null; ) {
            PendingCall<?> following = call.next;
            // A caller may hold its stage for long, which must not keep the other callers' stages in memory.
            call.next = null;
            try {
                call.counted(at, generation);
            } catch (RuntimeException | Error e) {
                thrown = thrown == null ? e : thrown;
                call.lost(e);
            }
            at += call.count;
            call = following;
        }
        clear();
        rethrow(thrown);
    }

    /** Ends every call with the same failure. */
    void failed(Throwable failure) {
        Throwable thrown = null;
        for (PendingCall<?> call = first; call != null; ) {
            PendingCall<?> following = call.next;
            call.next = null;
            try {
                call.completeExceptionally(failure);
            } catch (RuntimeException | Error e) {
                thrown = thrown == null ? e : thrown;
            }
            call = following;
        }
        clear();
        rethrow(thrown);
    }

    private static void rethrow(@Nullable Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
    }

    private void clear() {
        first = null;
        last = null;
        visits = 0;
    }
}
