package io.visitorcounter.core.combine;

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

    private final CounterName counter;
    private final Supplier<CompletionStage<T>> read;
    private volatile @Nullable Throwable last;

    ValueRead(CounterName counter, StoreContext context, Supplier<CompletionStage<T>> read) {
        super(context);
        this.counter = counter;
        this.read = read;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the dependents end this stage
    void attempt() {
        read.get().whenComplete((value, thrown) -> {
            if (thrown == null) {
                end(stage -> stage.complete(value));
            } else {
                failed(thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown);
            }
        });
    }

    private void failed(Throwable cause) {
        last = cause;
        if (cause instanceof StoreException) {
            end(stage -> stage.completeExceptionally(cause));
        } else {
            again();
        }
    }

    @Override
    RuntimeException late() {
        Throwable cause = last;
        return new StoreException(
                "counter \"" + counter + "\": not read within "
                        + context.options.deadline().toMillis() + " ms: "
                        + (cause == null ? "no answer" : cause.getMessage()),
                cause);
    }
}
