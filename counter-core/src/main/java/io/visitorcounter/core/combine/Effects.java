package io.visitorcounter.core.combine;

import io.visitorcounter.core.CounterException;
import io.visitorcounter.core.CounterName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a lane decided under its lock and does after it: stages to end, events to tell. Used by one thread. */
final class Effects {

    private final StoreContext context;
    private final CounterName counter;
    private @Nullable List<Runnable> endings;
    private @Nullable List<Runnable> events;

    Effects(StoreContext context, CounterName counter) {
        this.context = context;
        this.counter = counter;
    }

    /** Will do this after the stages have ended. */
    void then(Runnable event) {
        if (events == null) {
            events = new ArrayList<>(2);
        }
        events.add(event);
    }

    /** Will end calls with their numbers. */
    void counted(CallQueue calls, long first, long generation) {
        if (!calls.isEmpty()) {
            end(() -> calls.counted(first, generation));
        }
    }

    /** Will end calls with a failure, tell the listener and log it.
     *
     *  @param why as {@link FailureLog#failed} wants it */
    void failed(CallQueue calls, CounterException failure, String why) {
        if (!calls.isEmpty()) {
            int visits = calls.visits();
            then(() -> context.failed(counter, FailureLog.Kind.VISITS, visits, why));
            failedByClose(calls, failure);
        }
    }

    /** Will end calls with a failure, and tell the listener; a store that is closed is no trouble to log. */
    void failedByClose(CallQueue calls, CounterException failure) {
        if (!calls.isEmpty()) {
            int visits = calls.visits();
            then(() -> context.callbacks.tell(listener -> listener.onFailure(counter, visits, failure)));
            end(() -> calls.failed(failure));
        }
    }

    private void end(Runnable ending) {
        if (endings == null) {
            endings = new ArrayList<>(2);
        }
        endings.add(ending);
    }

    /** Does it all. */
    void run() {
        if (endings != null) {
            endings.forEach(context.callbacks::end);
        }
        if (events != null) {
            events.forEach(context.callbacks::run);
        }
    }
}
