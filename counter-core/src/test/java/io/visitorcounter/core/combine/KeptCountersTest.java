package io.visitorcounter.core.combine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.NotCountedException;
import io.visitorcounter.core.Visit;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.core.spi.Batch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class KeptCountersTest extends StoreOverManualBackend {

    private static CounterName page(int number) {
        return CounterName.of("page-" + number);
    }

    @Test
    void countersThatNobodyUsesAreLetGo() {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        for (int i = 0; i < 10_000; i++) {
            store.counter(CounterName.of("page-" + i)).visit();
            backend.next().written(1);
        }
        assertThat(store.counters.slots).hasSize(10_000);
        // Not one for each counter, and of the few that the JVM may have begun meanwhile none of the store.
        Map<Thread, StackTraceElement[]> begun = new HashMap<>(Thread.getAllStackTraces());
        begun.keySet().removeAll(before);
        assertThat(begun)
                .hasSizeLessThan(100)
                .allSatisfy(
                        (thread, stack) -> assertThat(Arrays.toString(stack)).doesNotContain("visitorcounter"));
        VisitorCounter held = store.counter(HOME);

        ticker.pass(Duration.ofMinutes(11));
        long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (store.counters.slots.size() > 1 && System.nanoTime() < until) {
            System.gc();
            ticker.pass(Duration.ofMinutes(1));
        }

        assertThat(store.counters.slots).hasSize(1);
        assertThat(store.counter(HOME)).isSameAs(held);
    }

    @Test
    void readingACounterLeavesNothing() {
        for (int i = 0; i < 10_000; i++) {
            assertThat(store.counter(page(i)).value()).isCompleted();
            assertThat(store.counter(page(i)).history(Instant.EPOCH, Instant.EPOCH))
                    .isCompleted();
            assertThat(store.counter(page(i)).health()).isCompleted();
        }

        assertThat(store.counters.lanes()).isEmpty();
        long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!store.counters.slots.isEmpty() && System.nanoTime() < until) {
            System.gc();
            ticker.pass(Duration.ofMinutes(1));
        }
        assertThat(store.counters.slots).isEmpty();
    }

    private CombiningStore smallStore() {
        return new CombiningStore(backend, ticker, CounterOptions.defaults(), 8);
    }

    @Test
    void ofManyCountersThoseAreKeptThatWereVisitedLast() {
        CombiningStore small = smallStore();
        for (int i = 0; i < 100; i++) {
            small.counter(HOME).visit();
            backend.next().written(i + 1);
            ticker.pass(Duration.ofMillis(1));
            assertThat(small.counter(page(i)).visit(2)).isNotNull();
            backend.next().written(2);
            ticker.pass(Duration.ofMillis(1));
        }

        assertThat(small.counters.slots.values().stream().filter(KeptCounters.Slot::isKept))
                .hasSizeLessThanOrEqualTo(8);
        small.counter(HOME).visit();
        Batch last = backend.next().batch();
        assertThat(last.cumulative()).as("the same lane all the time").isEqualTo(101);
    }

    @Test
    void aCounterWhoseVisitIsUnderWayIsNeverLetGo() {
        CombiningStore small = smallStore();
        List<CompletableFuture<Visit>> underWay = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            underWay.add(small.counter(page(i)).visit().toCompletableFuture());
        }

        CompletableFuture<Visit> oneMore = small.counter(page(8)).visit().toCompletableFuture();

        Throwable failure = oneMore.handle((value, thrown) -> thrown).join();
        assertThat(failure)
                .isInstanceOf(NotCountedException.class)
                .hasMessageContaining("too many counters are visited at once");
        System.gc();
        while (backend.open() > 0) {
            backend.next().written(1);
        }
        assertThat(underWay).allSatisfy(visit -> assertThat(visit).isCompletedWithValue(new Visit(1, 0, false)));

        ticker.pass(Duration.ofMillis(200));
        CompletableFuture<Visit> later = small.counter(page(8)).visit().toCompletableFuture();
        backend.next().written(1);
        assertThat(later).isCompletedWithValue(new Visit(1, 0, false));
    }

    @Test
    void aCounterThatWasLetGoAndIsHeldIsKeptAgainWhileItIsVisited() {
        CombiningStore small = smallStore();
        VisitorCounter held = small.counter(HOME);
        held.visit();
        backend.next().written(1);
        for (int i = 0; i < 20; i++) {
            ticker.pass(Duration.ofMillis(1));
            small.counter(page(i)).visit();
            backend.next().written(1);
        }
        assertThat(requireNonNull(((CombiningCounter) held).slot).isKept()).isFalse();

        CompletableFuture<Visit> visit = held.visit().toCompletableFuture();

        assertThat(((CombiningCounter) held).slot.isKept()).isTrue();
        assertThat(backend.next().batch().cumulative()).isEqualTo(2);
        small.close();
        assertThat(visit).isCompletedExceptionally();
    }
}
