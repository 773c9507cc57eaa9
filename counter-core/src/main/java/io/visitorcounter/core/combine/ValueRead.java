package io.visitorcounter.core.combine;

import io.visitorcounter.core.CounterException;
import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.StoreException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One reading, tried again until it is there.
 *
 *  @param <T> what is read */
final class ValueRead<T> extends RetriedCall<T> {

    private final @Nullable CounterName counter;
    private final Supplier<CompletionStage<T>> read;
    private volatile @Nullable Throwable last;

    /** Makes a reading.
     *
     *  @param counter that is read, or null for the list of them */
    ValueRead(@Nullable CounterName counter, StoreContext context, Supplier<CompletionStage<T>> read) {
        super(context);
        this.counter = counter;
        this.read = read;
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
                        context.worked(counter, FailureLog.Kind.READS);
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
                subject() + ": not read within "
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
            context.failed(counter, FailureLog.Kind.READS, 1, why);
        }
    }
}
