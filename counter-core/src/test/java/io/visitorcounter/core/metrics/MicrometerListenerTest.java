package io.visitorcounter.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.MaybeCountedException;
import io.visitorcounter.core.NotCountedException;
import io.visitorcounter.core.VisitId;
import java.net.URI;
import org.junit.jupiter.api.Test;

final class MicrometerListenerTest {

    private static final CounterName HOME = CounterName.of("home");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final MicrometerListener listener = new MicrometerListener(registry);

    @Test
    void visitsOfAStoreAreMetered() {
        CounterOptions options = CounterOptions.builder().listener(listener).build();
        try (CounterStore store = CounterStore.open(URI.create("memory:/"), options)) {
            store.counter(HOME).visit(5).toCompletableFuture().join();
            store.counter(HOME).visit().toCompletableFuture().join();
        }

        assertThat(visits("counted")).isEqualTo(6);
        assertThat(registry.get("visitorcounter.batch").timer().count()).isEqualTo(2);
        assertThat(registry.get("visitorcounter.batch.visits").summary().max()).isEqualTo(5);
    }

    @Test
    void failuresAreMeteredByTheirKind() {
        listener.onFailure(HOME, 3, new NotCountedException("a refusal of the test", null));
        listener.onFailure(HOME, 2, new MaybeCountedException("a cut of the test", null, null));
        listener.onResend(HOME, 4, 2);
        listener.onRegression(HOME, 9, 1, 1);

        assertThat(visits("not-counted")).isEqualTo(3);
        assertThat(visits("maybe-counted")).isEqualTo(2);
        assertThat(registry.get("visitorcounter.resends").counter().count()).isEqualTo(1);
        assertThat(registry.get("visitorcounter.regressions").counter().count()).isEqualTo(1);
    }

    @Test
    void aRepeatedVisitIdIsADuplicateAndCountedOnce() {
        CounterOptions options = CounterOptions.builder().listener(listener).build();
        try (CounterStore store = CounterStore.open(URI.create("memory:/"), options)) {
            VisitId id = VisitId.random();
            for (int i = 0; i < 100; i++) {
                store.counter(HOME).visit(id).toCompletableFuture().join();
            }
        }

        assertThat(visits("counted")).isEqualTo(1);
        assertThat(visits("duplicate")).isEqualTo(99);
        assertThat(registry.get("visitorcounter.batch").timer().count()).isEqualTo(1);
    }

    @Test
    void twoStoresInOneRegistryAreToldApartByTags() {
        MicrometerListener other = new MicrometerListener(new SimpleMeterRegistry());
        MicrometerListener shop = new MicrometerListener(registry, Tags.of("store", "shop"));

        shop.onDuplicate(HOME);
        other.onDuplicate(HOME);

        assertThat(registry.get("visitorcounter.visits")
                        .tag("store", "shop")
                        .tag("outcome", "duplicate")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void healthAndQueueOfAWatchedStoreAreGauges() {
        CounterOptions options = CounterOptions.builder().listener(listener).build();
        CounterStore store = CounterStore.open(URI.create("memory:/"), options);
        listener.watch(store);
        store.counter(HOME).visit(5).toCompletableFuture().join();

        assertThat(registry.get("visitorcounter.up").gauge().value()).isEqualTo(1);
        assertThat(registry.get("visitorcounter.waiting").gauge().value()).isZero();
        store.close();
        assertThat(registry.get("visitorcounter.up").gauge().value()).isZero();
    }

    private double visits(String outcome) {
        return registry.get("visitorcounter.visits")
                .tag("outcome", outcome)
                .counter()
                .count();
    }
}
