package io.visitorcounter.core.combine;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.CounterException;
import io.visitorcounter.core.CounterListener;
import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.NotCountedException;
import io.visitorcounter.core.spi.Backend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** A store whose backend answers and whose clock goes when a test says so, and what its listener is told. */
abstract class ToldStore {

    static final CounterName HOME = CounterName.of("home");

    static final Duration DEADLINE = Duration.ofSeconds(2);

    final ManualTicker ticker = new ManualTicker();

    final ManualBackend backend = new ManualBackend();

    final List<String> told = new ArrayList<>();

    CombiningStore store(Consumer<CounterOptions.Builder> change) {
        return store(backend, change);
    }

    CombiningStore store(Backend over, Consumer<CounterOptions.Builder> change) {
        CounterOptions.Builder options =
                CounterOptions.builder().deadline(DEADLINE).queue(10).listener(new Told());
        change.accept(options);
        return new CombiningStore(over, ticker, options.build(), 10_000);
    }

    final class Told implements CounterListener {
        @Override
        public void onBatch(CounterName counter, int visits, Duration took) {
            told.add("batch of " + visits);
        }

        @Override
        public void onDuplicate(CounterName counter) {
            told.add("duplicate");
        }

        @Override
        public void onFailure(CounterName counter, int visits, CounterException failure) {
            told.add(visits + (failure instanceof NotCountedException ? " not" : " maybe"));
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
