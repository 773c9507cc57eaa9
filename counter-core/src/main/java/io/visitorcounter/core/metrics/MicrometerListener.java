package io.visitorcounter.core.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.visitorcounter.core.CounterException;
import io.visitorcounter.core.CounterListener;
import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.MaybeCountedException;
import java.time.Duration;

/** Shows a store in a meter registry. No meter has the counter's name as a tag, because callers may choose names and
 *  meters are never removed.
 *
 *  <table>
 *  <caption>Meters</caption>
 *  <tr><th>name</th><th>kind</th><th>what</th></tr>
 *  <tr><td>{@code visitorcounter.visits}</td><td>counter, by {@code outcome}: counted, duplicate (an id that was
 *      counted before), not-counted, maybe-counted</td>
 *      <td>visits</td></tr>
 *  <tr><td>{@code visitorcounter.batch}</td><td>timer</td><td>from a batch's first write to its reply; with buckets</td></tr>
 *  <tr><td>{@code visitorcounter.batch.visits}</td><td>summary</td><td>visits of a batch; with buckets</td></tr>
 *  <tr><td>{@code visitorcounter.resends}</td><td>counter</td><td>batches that were sent again</td></tr>
 *  <tr><td>{@code visitorcounter.regressions}</td><td>counter</td><td>values that went backwards</td></tr>
 *  <tr><td>{@code visitorcounter.up}</td><td>gauge, after {@link #watch}</td><td>1 if the store can be reached and accepts
 *      writes, else 0</td></tr>
 *  <tr><td>{@code visitorcounter.waiting}</td><td>gauge, after {@link #watch}</td><td>visits that wait in this
 *      process</td></tr>
 *  </table> */
public final class MicrometerListener implements CounterListener {

    private static final double[] SIZES = {1, 4, 16, 64, 256, 1024};
    private static final Duration[] LATENCIES = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(2)
    };

    private final MeterRegistry registry;
    private final Iterable<Tag> tags;
    private final Counter counted;
    private final Counter duplicate;
    private final Counter notCounted;
    private final Counter maybeCounted;
    private final Counter resends;
    private final Counter regressions;
    private final Timer batches;
    private final DistributionSummary sizes;

    /** Registers the meters.
     *
     *  @param registry where */
    public MicrometerListener(MeterRegistry registry) {
        this(registry, Tags.empty());
    }

    /** Registers the meters with additional tags, for a registry that shows several stores.
     *
     *  @param registry where
     *  @param tags on every meter */
    public MicrometerListener(MeterRegistry registry, Iterable<Tag> tags) {
        this.registry = registry;
        this.tags = tags;
        counted = visits(registry, tags, "counted");
        duplicate = visits(registry, tags, "duplicate");
        notCounted = visits(registry, tags, "not-counted");
        maybeCounted = visits(registry, tags, "maybe-counted");
        resends = Counter.builder("visitorcounter.resends")
                .description("batches that were sent again, because their answer did not come")
                .tags(tags)
                .register(registry);
        regressions = Counter.builder("visitorcounter.regressions")
                .description("stored values that went backwards")
                .tags(tags)
                .register(registry);
        batches = Timer.builder("visitorcounter.batch")
                .description("from a batch's first write to its answer")
                .tags(tags)
                .serviceLevelObjectives(LATENCIES)
                .register(registry);
        sizes = DistributionSummary.builder("visitorcounter.batch.visits")
                .description("visits of a batch")
                .tags(tags)
                .baseUnit("visits")
                .serviceLevelObjectives(SIZES)
                .register(registry);
    }

    /** Shows a store's health and queue too.
     *
     *  @param store the store that uses this listener; its meters don't keep it in memory */
    public void watch(CounterStore store) {
        Gauge.builder("visitorcounter.up", store, watched -> watched.health().up() ? 1 : 0)
                .description("1 if the store can be reached and accepts writes, else 0")
                .tags(tags)
                .register(registry);
        Gauge.builder("visitorcounter.waiting", store, CounterStore::waiting)
                .description("visits that wait in this process")
                .tags(tags)
                .baseUnit("visits")
                .register(registry);
    }

    /** {@return the bucket bounds of its timer, so that an application's other timers can use the same} */
    public static Duration[] latencies() {
        return LATENCIES.clone();
    }

    private static Counter visits(MeterRegistry registry, Iterable<Tag> tags, String outcome) {
        return Counter.builder("visitorcounter.visits")
                .description("visits, by what became of them")
                .tags(tags)
                .tag("outcome", outcome)
                .register(registry);
    }

    @Override
    public void onBatch(CounterName counter, int visits, Duration took) {
        counted.increment(visits);
        batches.record(took);
        sizes.record(visits);
    }

    @Override
    public void onDuplicate(CounterName counter) {
        duplicate.increment();
    }

    @Override
    public void onResend(CounterName counter, int visits, int attempt) {
        resends.increment();
    }

    @Override
    public void onFailure(CounterName counter, int visits, CounterException failure) {
        (failure instanceof MaybeCountedException ? maybeCounted : notCounted).increment(visits);
    }

    @Override
    public void onRegression(CounterName counter, long expected, long found, long generation) {
        regressions.increment();
    }
}
