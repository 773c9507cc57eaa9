package io.visitorcounter.core.combine;

import io.visitorcounter.core.CounterException;
import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.StoreException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One read, retried until it succeeds; or a note of a visitor, which can be repeated too.
 *
 *  @param <T> what is read */
final class ValueRead<T> extends RetriedCall<T> {

    private final Supplier<CompletionStage<T>> read;

    ValueRead(
            @Nullable CounterName counter,
            FailureLog.Kind kind,
            StoreContext context,
            Supplier<CompletionStage<T>> read) {
        super(counter, kind, context);
        this.read = read;
    }

    private boolean isNote() {
        return kind == FailureLog.Kind.VISITORS;
    }

    private StoreException failure(String reason, @Nullable Throwable thrown) {
        return new StoreException(subject() + (isNote() ? ": visitor not noted" : ": not read") + reason, thrown, true);
    }

    /** {@return the failure if the limit of waiting calls is reached} */
    StoreException refused() {
        return failure(": " + context.queue + (isNote() ? " notes" : " readings") + " already wait; retry later", null);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the dependents end this stage
    void attempt() {
        try {
            read.get().whenComplete((value, thrown) -> {
                if (thrown == null) {
                    succeed(value);
                    noteSuccess();
                } else {
                    failed(cause(thrown));
                }
            });
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    private void failed(Throwable thrown) {
        noteAttempt(String.valueOf(thrown.getMessage()), thrown);
        if (thrown instanceof StoreException permanent) {
            fail(permanent);
        } else {
            again();
        }
    }

    @Override
    CounterException late() {
        return failure(" " + context.withinDeadline() + ": " + (why() == null ? "no answer" : why()), cause());
    }
}
