package io.visitorcounter.core.combine;

import io.visitorcounter.core.CounterException;
import io.visitorcounter.core.CounterName;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A call outside the lane that is retried until it ends, such as a visit with an id or a read. Its attempts may
 *  overlap with those of other calls.
 *
 *  @param <T> what the caller gets */
abstract class RetriedCall<T> extends CompletableFuture<T> {

    final StoreContext context;
    final FailureLog.Kind kind;
    final long deadline;

    private final @Nullable CounterName counter;
    private final AtomicReference<@Nullable Runnable> ended = new AtomicReference<>();
    private volatile int failed;

    // Of the last failed attempt:
    private volatile @Nullable String why;
    private volatile @Nullable Throwable cause;

    /** Creates a call; it is not tried yet.
     *
     *  @param counter the counter, or null for the list of counters */
    RetriedCall(@Nullable CounterName counter, FailureLog.Kind kind, StoreContext context) {
        this.context = context;
        this.kind = kind;
        this.counter = counter;
        this.deadline = context.ticker.now() + context.deadline;
    }

    /** Tries once. */
    abstract void attempt();

    /** {@return the failure if the deadline passes now} */
    abstract CounterException late();

    /** Notes that the call has failed, once. */
    void noteFailure(CounterException failure) {
        String reason = why;
        if (counter != null) {
            context.failed(counter, kind, 1, reason == null ? FailureLog.NO_ANSWER : reason);
        }
    }

    final void noteSuccess() {
        if (counter != null) {
            context.worked(counter, kind);
        }
    }

    final void noteAttempt(String reason, @Nullable Throwable thrown) {
        why = reason;
        cause = thrown;
    }

    final @Nullable String why() {
        return why;
    }

    final @Nullable Throwable cause() {
        return cause;
    }

    /** {@return what the call is about, for messages} */
    final String subject() {
        return counter == null ? "counters" : "counter \"" + counter + "\"";
    }

    /** Sets a task that runs once, when the call ends.
     *
     *  @param task must be set before the first attempt */
    final void whenEnded(Runnable task) {
        ended.set(task);
    }

    /** Tries again after a pause, unless the call has ended by then or its deadline has passed. Such a late attempt
     *  would turn a write that was never sent into one that may have been written. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one attempt runs at a time
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

    /** Ends the call on the executor of the options.
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

    /** Ends the call if its deadline has passed.
     *
     *  @return whether it has ended */
    final boolean endedBy(long now) {
        if (!isDone() && deadline - now > 0) {
            return false;
        }
        giveUp();
        return true;
    }

    /** Ends the call now with {@link #late()}, unless it has ended. */
    final void giveUp() {
        if (isDone()) {
            // Perhaps the caller completed the stage; the call's own end is still due.
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
