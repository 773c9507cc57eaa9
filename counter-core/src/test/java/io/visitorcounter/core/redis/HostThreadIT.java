package io.visitorcounter.core.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.MaybeCountedException;
import io.visitorcounter.core.NotCountedException;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.Visit;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.core.contract.CuttingProxy;
import io.visitorcounter.core.contract.CuttingProxy.Cut;
import io.visitorcounter.core.contract.RedisServer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the application's thread that a store works on may do and may not, and what happens once it has ended. */
final class HostThreadIT {

    private static final Duration DEADLINE = Duration.ofSeconds(2);

    private final ThreadLoop loop = new ThreadLoop();
    private final RedisServer redis = RedisServer.shared();
    private final CounterName name = CounterName.of("host-" + UUID.randomUUID());
    private final CounterOptions options =
            CounterOptions.builder().deadline(DEADLINE).eventLoop(loop).build();

    @AfterEach
    void endLoop() {
        loop.close();
    }

    private CounterStore open() {
        return CounterStore.open(redis.uri(), options);
    }

    private CounterStore open(CuttingProxy proxy) {
        return CounterStore.open(URI.create("redis://127.0.0.1:" + proxy.port()), options);
    }

    private <T> T now(CompletableFuture<T> answer) {
        return answer.orTimeout(2 * DEADLINE.toMillis(), TimeUnit.MILLISECONDS).join();
    }

    @Test
    void itMayNotOpenTheStore() {
        assertThatThrownBy(() -> loop.call(this::open))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(redis.uri() + ": can't be opened on the event loop that it is to work on; open it on"
                        + " another thread");
    }

    @Test
    void itMayNotCloseTheStoreWhichStaysOpen() throws Exception {
        try (CounterStore store = open()) {
            Runnable closing = store::close;

            assertThatThrownBy(() -> loop.call(() -> {
                        closing.run();
                        return true;
                    }))
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("would wait for itself");

            assertThat(store.health().up()).isTrue();
            assertThat(store.counter(name).visit(DEADLINE).number()).isEqualTo(1);
        }
    }

    @Test
    void itMayNotWaitForANumber() {
        try (CounterStore store = open()) {
            assertThatThrownBy(() -> loop.call(() -> {
                        try {
                            return store.counter(name).visit(DEADLINE);
                        } catch (InterruptedException e) {
                            throw new CompletionException(e);
                        }
                    }))
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("would wait for itself");
            assertThat(redis.command("GET", name.text())).isEmpty();
        }
    }

    @Test
    void anotherThreadMayCloseTheStoreWhileItVisits() {
        CounterStore store = open();
        VisitorCounter counter = store.counter(name);
        List<CompletableFuture<Visit>> visits = loop.call(() -> IntStream.range(0, 200)
                .mapToObj(i -> counter.visit().toCompletableFuture())
                .toList());

        store.close();

        assertThat(visits).allSatisfy(visit -> assertThat(visit).isCompleted());
        assertThat(redis.command("GET", name.text())).isEqualTo("200");
        assertThat(loop.call(() -> "it runs on")).isEqualTo("it runs on");
    }

    @Test
    void aSlowServerKeepsItForAMomentOnce() throws Exception {
        try (CuttingProxy proxy = new CuttingProxy(redis.host(), redis.port());
                CounterStore store = open(proxy)) {
            VisitorCounter counter = store.counter(name);
            now(loop.counter(counter).visit().toCompletableFuture());
            proxy.cut("EVALSHA", () -> Cut.STALL);

            CompletableFuture<Visit> visit = loop.call(() -> counter.visit().toCompletableFuture());
            Duration before = loop.worked();
            TimeUnit.MILLISECONDS.sleep(100);
            Duration kept = loop.worked().minus(before);
            proxy.heal();

            assertThat(kept).as("of 100 ms in which no answer came").isLessThan(Duration.ofMillis(20));
            assertThat(now(visit).number()).isEqualTo(2);
        }
    }

    @Test
    void aServerThatIsAlwaysSlowKeepsItForNoneOfMostVisits() throws Exception {
        try (CuttingProxy proxy = new CuttingProxy(redis.host(), redis.port());
                CounterStore store = open(proxy)) {
            VisitorCounter counter = store.counter(name);
            now(loop.counter(counter).visit().toCompletableFuture());
            proxy.cut("EVALSHA", () -> {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
                return Cut.NONE;
            });

            int kept = 0;
            for (int i = 0; i < 60; i++) {
                long began = System.nanoTime();
                CompletableFuture<Long> free = new CompletableFuture<>();
                CompletableFuture<Visit> visit = loop.call(() -> {
                    long called = System.nanoTime();
                    CompletableFuture<Visit> begun = counter.visit().toCompletableFuture();
                    loop.execute(() -> free.complete(System.nanoTime() - called));
                    return begun;
                });
                now(visit);
                assertThat(System.nanoTime() - began).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(9));
                kept += now(free) > TimeUnit.MICROSECONDS.toNanos(1800) ? 1 : 0;
            }

            // The first eight, where the visit before was not slow already; what is above is a busy machine's. All 60
            // kept it before it learned to go on.
            assertThat(kept).isBetween(1, 30);
            assertThat(redis.command("GET", name.text())).isEqualTo("61");
        }
    }

    @Test
    void nothingIsCountedOnceItHasEnded() throws Exception {
        try (CounterStore store = open()) {
            VisitorCounter counter = store.counter(name);
            assertThat(counter.visit(DEADLINE).number()).isEqualTo(1);

            loop.close();
            loop.thread().join(DEADLINE.toMillis());

            assertThatThrownBy(() -> counter.visit(DEADLINE))
                    .isInstanceOf(NotCountedException.class)
                    .hasMessageContaining("the event loop that the store works on has ended");
            assertThatThrownBy(() -> now(counter.value().toCompletableFuture()))
                    .hasCauseInstanceOf(StoreException.class)
                    .hasMessageContaining("has ended");
            assertThat(store.health().up()).isFalse();
            assertThat(redis.command("GET", name.text())).isEqualTo("1");
        }
    }

    @Test
    void whatIsUnderWayWhenItEndsIsMaybeCountedByTheDeadline() throws Exception {
        try (CuttingProxy proxy = new CuttingProxy(redis.host(), redis.port());
                CounterStore store = open(proxy)) {
            VisitorCounter counter = store.counter(name);
            now(loop.counter(counter).visit().toCompletableFuture());
            proxy.cut("EVALSHA", () -> Cut.STALL);
            CompletableFuture<Visit> visit = loop.call(() -> counter.visit().toCompletableFuture());

            loop.close();

            assertThat(visit)
                    .failsWithin(DEADLINE.multipliedBy(2))
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(MaybeCountedException.class);
        }
    }

    @Test
    void aStoreWhoseThreadHasEndedClosesInTime() throws Exception {
        CounterStore store = open();
        loop.close();
        loop.thread().join(DEADLINE.toMillis());

        CompletableFuture<Void> closed = CompletableFuture.runAsync(store::close);

        assertThat(closed).succeedsWithin(Duration.ofSeconds(5));
    }

    @Test
    void aThreadThatHasEndedIsRefused() throws Exception {
        loop.close();
        loop.thread().join(DEADLINE.toMillis());

        assertThatIllegalStateException()
                .isThrownBy(this::open)
                .withMessage(redis.uri() + ": the event loop that it is to work on does not run; start it");
    }
}
