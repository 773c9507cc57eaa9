package io.visitorcounter.core.combine;

import io.visitorcounter.core.MaybeCountedException;
import io.visitorcounter.core.Visit;
import io.visitorcounter.core.VisitRange;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One call that waits for its numbers. It is both the stage that the caller holds and a link in the lane's queue.
 *
 *  @param <T> what the caller gets */
abstract sealed class PendingCall<T> extends CompletableFuture<T> {

    /** How many visits the call asked for. */
    final int count;

    /** When the call must end, on the ticker's clock. */
    final long deadline;

    /** The next call in the list that holds this one; written by the list's owner. */
    @Nullable PendingCall<?> next;

    private PendingCall(int count, long deadline) {
        this.count = count;
        this.deadline = deadline;
    }

    /** Ends the call with its numbers, which begin at {@code first}. */
    abstract void counted(long first, long generation);

    /** Ends the call, if it has not ended, because its number could not be delivered. */
    final void lost(Throwable why) {
        if (!isDone()) {
            completeExceptionally(
                    new MaybeCountedException("counted, but its number could not be told: " + why, null, why));
        }
    }

    static final class One extends PendingCall<Visit> {
        One(long deadline) {
            super(1, deadline);
        }

        @Override
        void counted(long first, long generation) {
            complete(new Visit(first, generation, false));
        }
    }

    static final class Several extends PendingCall<VisitRange> {
        Several(int count, long deadline) {
            super(count, deadline);
        }

        @Override
        void counted(long first, long generation) {
            complete(new VisitRange(first, first + count - 1, generation));
        }
    }
}
