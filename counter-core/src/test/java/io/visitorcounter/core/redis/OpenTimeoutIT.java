package io.visitorcounter.core.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.Credentials;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.contract.CuttingProxy;
import io.visitorcounter.core.contract.RedisServer;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A store that is opened before its server can be reached. */
final class OpenTimeoutIT {

    private static CounterOptions waiting(Duration time) {
        return CounterOptions.builder().openTimeout(time).build();
    }

    private static URI uri(int port) {
        return URI.create("redis://127.0.0.1:" + port);
    }

    @Test
    void itOpensOnceTheServerIsReached() throws Exception {
        try (RedisServer redis = RedisServer.start();
                CuttingProxy proxy = new CuttingProxy("127.0.0.1", redis.port())) {
            proxy.cut("", () -> CuttingProxy.Cut.RST);
            CompletableFuture<CounterStore> opening = CompletableFuture.supplyAsync(
                    () -> CounterStore.open(uri(proxy.port()), waiting(Duration.ofSeconds(60))));
            // More often than a store is tried that does not wait.
            Await.until(() -> proxy.cuts() > 6);

            proxy.heal();

            try (CounterStore store = opening.get(30, TimeUnit.SECONDS)) {
                assertThat(store.counter(CounterName.of("home"))
                                .visit(Duration.ofSeconds(10))
                                .number())
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void aServerThatNeverComesIsAFailureOnceTheTimeIsOver() {
        long before = System.nanoTime();

        assertThatThrownBy(() -> CounterStore.open(uri(RedisServer.freePort()), waiting(Duration.ofMillis(1500))))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("connection refused");

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(500));
    }

    @Test
    void whatStaysWrongIsAFailureAtOnce() {
        try (RedisServer redis = RedisServer.start()) {
            redis.command("ACL", "SETUSER", "app", "on", ">secret", "~*", "+@all");
            long before = System.nanoTime();

            assertThatThrownBy(() -> CounterStore.open(
                            uri(redis.port()),
                            CounterOptions.builder()
                                    .openTimeout(Duration.ofMinutes(5))
                                    .credentials(new Credentials("app", "wrong"))
                                    .build()))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("user or password refused");

            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMinutes(1));
        }
    }
}
