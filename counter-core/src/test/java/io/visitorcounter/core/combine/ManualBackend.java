package io.visitorcounter.core.combine;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.StoreHealth;
import io.visitorcounter.core.spi.Backend;
import io.visitorcounter.core.spi.Batch;
import io.visitorcounter.core.spi.Outcome;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** A backend that answers when a test says so. */
final class ManualBackend implements Backend {

    /** One attempt that has no answer yet. */
    record Attempt(Batch batch, Consumer<Outcome> answer) {

        void written(long total) {
            written(total, 0);
        }

        void written(long total, long generation) {
            answer.accept(new Outcome.Written(total, generation, false, null));
        }

        void notWritten(boolean again) {
            answer.accept(new Outcome.NotWritten("the test says no", null, again));
        }

        void maybeWritten(boolean again) {
            answer.accept(new Outcome.MaybeWritten("the test cut the answer", null, again));
        }
    }

    private final Deque<Attempt> attempts = new ArrayDeque<>();
    private int writes;
    private boolean refuses;

    /** Answers each attempt from now on before {@code write} returns: not written, to be tried again. */
    synchronized void refuseAtOnce() {
        refuses = true;
    }

    @Override
    public void write(Batch batch, Consumer<Outcome> answer) {
        Attempt attempt = new Attempt(batch, answer);
        if (kept(attempt)) {
            return;
        }
        attempt.notWritten(true);
    }

    private synchronized boolean kept(Attempt attempt) {
        writes++;
        return !refuses && attempts.add(attempt);
    }

    /** {@return the oldest attempt without an answer} */
    synchronized Attempt next() {
        return attempts.remove();
    }

    /** {@return how many attempts wait for an answer} */
    synchronized int open() {
        return attempts.size();
    }

    /** {@return how many attempts there were} */
    synchronized int writes() {
        return writes;
    }

    @Override
    public CompletionStage<CounterValue> value(CounterName counter, CounterValue known) {
        return CompletableFuture.completedFuture(known);
    }

    @Override
    public CompletionStage<List<HourlyVisits>> history(CounterName counter, long fromHour, long toHour) {
        return CompletableFuture.completedFuture(List.of());
    }

    @Override
    public StoreHealth health() {
        return new StoreHealth(true, "manual");
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return "manual";
    }
}
