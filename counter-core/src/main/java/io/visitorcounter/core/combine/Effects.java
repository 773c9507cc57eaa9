package io.visitorcounter.core.combine;

import io.visitorcounter.core.CounterException;
import io.visitorcounter.core.CounterName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a lane has decided under its lock and does after releasing it: stages to end, events to report. Used by one
 *  thread. */
final class Effects {

    private final StoreContext context;
    private final CounterName counter;

    // Usually there is one of each, and a list would be most of what a visit allocates.
    private @Nullable Runnable ending;
    private @Nullable List<Runnable> moreEndings;
    private @Nullable Runnable event;
    private @Nullable List<Runnable> moreEvents;

    Effects(StoreContext context, CounterName counter) {
        this.context = context;
        this.counter = counter;
    }

    /** Adds a task to run after the stages have ended. */
    void then(Runnable last) {
        if (event == null) {
            event = last;
        } else {
            moreEvents = with(moreEvents, last);
        }
    }

    /** Adds calls to end with their numbers. */
    void counted(CallQueue calls, long first, long generation) {
        if (!calls.isEmpty()) {
            end(() -> calls.counted(first, generation));
        }
    }

    /** Adds calls to end with a failure, which the listener gets and the log shows.
     *
     *  @param why as for {@link FailureLog#failed} */
    void failed(CallQueue calls, CounterException failure, String why) {
        if (!calls.isEmpty()) {
            int visits = calls.visits();
            then(() -> context.failed(counter, FailureLog.Kind.VISITS, visits, why));
            failedByClose(calls, failure);
        }
    }

    /** Adds calls to end with a failure, which the listener gets. It is not logged, since closing is no error. */
    void failedByClose(CallQueue calls, CounterException failure) {
        if (!calls.isEmpty()) {
            int visits = calls.visits();
            then(() -> context.callbacks.tell(listener -> listener.onFailure(counter, visits, failure)));
            end(() -> calls.failed(failure));
        }
    }

    private void end(Runnable last) {
        if (ending == null) {
            ending = last;
        } else {
            moreEndings = with(moreEndings, last);
        }
    }

    private static List<Runnable> with(@Nullable List<Runnable> some, Runnable last) {
        List<Runnable> all = some == null ? new ArrayList<>(2) : some;
        all.add(last);
        return all;
    }

    void run() {
        if (ending != null) {
            context.callbacks.end(ending);
        }
        if (moreEndings != null) {
            moreEndings.forEach(context.callbacks::end);
        }
        if (event != null) {
            context.callbacks.run(event);
        }
        if (moreEvents != null) {
            moreEvents.forEach(context.callbacks::run);
        }
    }
}
