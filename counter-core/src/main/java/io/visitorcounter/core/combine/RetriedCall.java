package io.visitorcounter.core.combine;

import io.visitorcounter.core.CounterException;
import io.visitorcounter.core.CounterName;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A call outside the lane that is tried again until it ends: a visit with an id, or a reading. Its attempts may overlap
 *  with those of any other call.
 *
 *  @param <T> what the caller gets */
abstract class RetriedCall<T> extends CompletableFuture<T> {

    final StoreContext context;
    final FailureLog.Kind kind;
    final long deadline;

    private final @Nullable CounterName counter;
    private final AtomicReference<@Nullable Runnable> ended = new AtomicReference<>();
    private volatile int failed;

    // Of the last attempt that failed:
    private volatile @Nullable String why;
    private volatile @Nullable Throwable cause;

    /** A call that was not tried yet.
     *
     *  @param counter that it is about, or null for the list of them */
    RetriedCall(@Nullable CounterName counter, FailureLog.Kind kind, StoreContext context) {
        this.context = context;
        this.kind = kind;
        this.counter = counter;
        this.deadline = context.ticker.now() + context.deadline;
    }

    /** Tries once. */
    abstract void attempt();

    /** {@return the failure to end with, if the deadline comes now} */
    abstract CounterException late();

    /** Notes that the call has failed, once. */
    void noteFailure(CounterException failure) {
        String reason = why;
        if (counter != null) {
            context.failed(counter, kind, 1, reason == null ? FailureLog.NO_ANSWER : reason);
        }
    }

    /** Notes that the call has succeeded. */
    final void noteSuccess() {
        if (counter != null) {
            context.worked(counter, kind);
        }
    }

    /** Notes that an attempt has failed. */
    final void noteAttempt(String reason, @Nullable Throwable thrown) {
        why = reason;
        cause = thrown;
    }

    /** {@return why the last attempt failed, or null} */
    final @Nullable String why() {
        return why;
    }

    /** {@return what the store said to the last attempt that failed, or null} */
    final @Nullable Throwable cause() {
        return cause;
    }

    /** {@return what it is about, for messages} */
    final String subject() {
        return counter == null ? "counters" : "counter \"" + counter + "\"";
    }

    /** Sets what is done once, when the call ends.
     *
     *  @param task before the first attempt */
    final void whenEnded(Runnable task) {
        ended.set(task);
    }

    /** Tries again after a while, unless the call has ended by then or its deadline has come: an attempt that leaves that
     *  late would make a write that never left one that may be written. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one attempt is under way at a time
    final void again() {
        failed++;
        context.ticker.at(context.ticker.now() + Backoff.nanos(failed), () -> {
            if (!endedBy(context.ticker.now())) {
                attempt();
            }
        });
    }

    /** {@return how many attempts failed} */
    final int failed() {
        return failed;
    }

    /** Ends the call where the options say.
     *
     *  @return whether it had not ended before */
    private boolean end(Consumer<CompletableFuture<T>> ending) {
        Runnable task = ended.getAndSet(null);
        if (task == null) {
            return false;
        }
        task.run();
        context.callbacks.end(() -> ending.accept(this));
        return true;
    }

    /** Ends the call with a value, unless it has ended. */
    final void succeed(T value) {
        end(stage -> stage.complete(value));
    }

    /** Ends the call with a failure, unless it has ended. */
    final void fail(CounterException failure) {
        if (end(stage -> stage.completeExceptionally(failure))) {
            noteFailure(failure);
        }
    }

    /** Ends the call if its deadline has come.
     *
     *  @return whether it is at an end */
    final boolean endedBy(long now) {
        if (!isDone() && deadline - now > 0) {
            return false;
        }
        giveUp();
        return true;
    }

    /** Ends the call now, as {@link #late()} says, unless it has ended. */
    final void giveUp() {
        if (isDone()) {
            // Perhaps by its caller, who ends only the stage.
            end(stage -> {});
        } else {
            fail(late());
        }
    }

    /** {@return why a stage of the store failed} */
    static Throwable cause(Throwable thrown) {
        return thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
    }
}
