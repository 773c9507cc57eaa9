package io.visitorcounter.core.combine;

import io.visitorcounter.core.CounterException;
import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.StoreException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One reading, tried again until it is there; or a note, which can be made again as well.
 *
 *  @param <T> what is read */
final class ValueRead<T> extends RetriedCall<T> {

    private final @Nullable CounterName counter;
    private final Supplier<CompletionStage<T>> read;
    private final FailureLog.Kind kind;
    private volatile @Nullable Throwable last;

    /** Makes a reading.
     *
     *  @param counter that is read, or null for the list of them */
    ValueRead(@Nullable CounterName counter, StoreContext context, Supplier<CompletionStage<T>> read) {
        this(counter, context, read, FailureLog.Kind.READS);
    }

    /** Makes a reading or a note.
     *
     *  @param kind what it is for */
    ValueRead(
            @Nullable CounterName counter,
            StoreContext context,
            Supplier<CompletionStage<T>> read,
            FailureLog.Kind kind) {
        super(context);
        this.counter = counter;
        this.read = read;
        this.kind = kind;
    }

    /** {@return that it was not done, for messages} */
    String notDone() {
        return subject() + (kind == FailureLog.Kind.VISITORS ? ": visitor not noted" : ": not read");
    }

    /** {@return what is read, for messages} */
    String subject() {
        return counter == null ? "counters" : "counter \"" + counter + "\"";
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the dependents end this stage
    void attempt() {
        try {
            read.get().whenComplete((value, thrown) -> {
                if (thrown == null) {
                    succeed(value);
                    if (counter != null) {
                        context.worked(counter, kind);
                    }
                } else {
                    failed(
                            thrown instanceof CompletionException && thrown.getCause() != null
                                    ? thrown.getCause()
                                    : thrown);
                }
            });
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    private void failed(Throwable cause) {
        last = cause;
        if (cause instanceof StoreException permanent) {
            fail(permanent);
        } else {
            again();
        }
    }

    @Override
    CounterException late() {
        Throwable cause = last;
        return new StoreException(
                notDone() + " within "
                        + context.options.deadline().toMillis() + " ms: "
                        + (cause == null ? "no answer" : cause.getMessage()),
                cause,
                true);
    }

    @Override
    void noteFailure(CounterException failure) {
        Throwable cause = last;
        String why = cause == null ? FailureLog.NO_ANSWER : String.valueOf(cause.getMessage());
        if (counter != null) {
            context.failed(counter, kind, 1, why);
        }
    }
}
