package io.visitorcounter.core.combine;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A call outside the lane that is tried again until it ends: a visit with an id, or a reading. Its attempts may overlap
 *  with those of any other call.
 *
 *  @param <T> what the caller gets */
abstract class Repeated<T> extends CompletableFuture<T> {

    final Parts parts;
    final long deadline;
    private int failed;

    Repeated(Parts parts) {
        this.parts = parts;
        this.deadline = parts.ticker.now() + parts.deadline;
    }

    /** Tries once. */
    abstract void attempt();

    /** {@return the failure to end with, if the deadline comes now} */
    abstract RuntimeException late();

    /** Tries again after a while, unless the deadline comes first: it then ends the call. */
    final void again() {
        failed++;
        parts.ticker.at(parts.ticker.now() + Backoff.nanos(failed), () -> {
            if (!isDone()) {
                attempt();
            }
        });
    }

    /** {@return how many attempts failed} */
    final int failed() {
        return failed;
    }

    /** Ends the call where the options say. */
    final void end(Consumer<CompletableFuture<T>> ending) {
        parts.complete(() -> ending.accept(this));
    }

    /** Ends the call if its deadline has come.
     *
     *  @return whether it is at an end */
    final boolean endedBy(long now) {
        if (!isDone() && deadline - now <= 0) {
            RuntimeException late = late();
            end(call -> call.completeExceptionally(late));
            return true;
        }
        return isDone();
    }
}
