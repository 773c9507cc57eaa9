package io.visitorcounter.core.combine;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.CounterException;
import io.visitorcounter.core.CounterListener;
import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.NotCountedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** A lane whose backend answers and whose clock goes when a test says so. */
abstract class LaneUnderTest {

    static final CounterName HOME = CounterName.of("home");
    static final Duration DEADLINE = Duration.ofSeconds(2);

    final ManualTicker ticker = new ManualTicker();
    final ManualBackend backend = new ManualBackend();
    final List<String> told = new ArrayList<>();
    final AtomicInteger records = new AtomicInteger();
    final Lane lane = new Lane(
            HOME,
            new StoreContext(
                    backend,
                    ticker,
                    () -> Integer.toString(records.incrementAndGet()),
                    CounterOptions.builder()
                            .deadline(DEADLINE)
                            .queue(10)
                            .listener(new Told())
                            .build()));

    /** Writes down what a listener is told. */
    private final class Told implements CounterListener {
        @Override
        public void onBatch(CounterName counter, int visits, Duration took) {
            told.add("batch of " + visits + " in " + took.toMillis());
        }

        @Override
        public void onResend(CounterName counter, int visits, int attempt) {
            told.add("resend " + attempt + " of " + visits);
        }

        @Override
        public void onFailure(CounterName counter, int visits, CounterException failure) {
            told.add(visits + (failure instanceof NotCountedException ? " not" : " maybe"));
        }

        @Override
        public void onRegression(CounterName counter, long expected, long found, long generation) {
            told.add("regression " + expected + " " + found + " " + generation);
        }
    }

    static <T> CompletableFuture<T> of(CompletionStage<T> stage) {
        return stage.toCompletableFuture();
    }

    static Throwable failure(CompletableFuture<?> call) {
        assertThat(call).isCompletedExceptionally();
        return call.handle((value, thrown) -> thrown).join();
    }
}
