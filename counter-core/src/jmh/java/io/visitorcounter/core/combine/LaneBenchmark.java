package io.visitorcounter.core.combine;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.StoreHealth;
import io.visitorcounter.core.Visit;
import io.visitorcounter.core.VisitRange;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.core.spi.Backend;
import io.visitorcounter.core.spi.Batch;
import io.visitorcounter.core.spi.Outcome;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What only the lane costs: a writer that only adds answers at once, and every caller waits for its number. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LaneBenchmark {

    private CounterStore store;
    private VisitorCounter counter;

    @Setup
    public void open() {
        store = new CombiningStore(
                new Adding(), CounterOptions.builder().queue(1_000_000).build());
        counter = store.counter(CounterName.of("home"));
    }

    @TearDown
    public void close() {
        store.close();
    }

    /** One call is one visit. */
    @Benchmark
    public Visit visit() {
        return counter.visit().toCompletableFuture().join();
    }

    /** One call is 30 visits, as for one selector pass of an I/O thread. */
    @Benchmark
    public VisitRange thirtyVisits() {
        return counter.visit(30).toCompletableFuture().join();
    }

    /** Adds in memory. */
    private static final class Adding implements Backend {

        private long total;

        @Override
        public void write(Batch batch, Consumer<Outcome> answer) {
            // One batch of a lane is under way at a time.
            total += batch.visits();
            answer.accept(new Outcome.Written(total, 0, false, null));
        }

        @Override
        public CompletionStage<CounterValue> value(CounterName name, CounterValue known) {
            return CompletableFuture.completedFuture(known);
        }

        @Override
        public CompletionStage<List<HourlyVisits>> history(CounterName name, long fromHour, long toHour) {
            return CompletableFuture.completedFuture(List.of());
        }

        @Override
        public StoreHealth health() {
            return new StoreHealth(true, "adding");
        }

        @Override
        public void close() {}
    }
}
