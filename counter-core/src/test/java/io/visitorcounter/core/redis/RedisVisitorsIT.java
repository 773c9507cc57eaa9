package io.visitorcounter.core.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.core.contract.RedisServer;
import java.net.URI;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Redis keeps of visitors, for how long, and by which rights. */
final class RedisVisitorsIT {

    private static final CounterName HOME = CounterName.of("home");

    private static RedisServer redis;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @BeforeEach
    void empty() {
        redis.command("FLUSHALL");
    }

    private static CounterStore open(String user) {
        return CounterStore.open(
                URI.create("redis://" + user + "127.0.0.1:" + redis.port()),
                CounterOptions.builder()
                        .deadline(Duration.ofSeconds(4))
                        .keyPrefix("shop:")
                        .build());
    }

    @Test
    void onlyASaltAndASketchAreKeptAndBothExpire() {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        try (CounterStore store = open("")) {
            store.counter(HOME)
                    .noteVisitor("alice@203.0.113.7")
                    .toCompletableFuture()
                    .join();
            store.counter(HOME).noteVisitor("bob").toCompletableFuture().join();
        }

        assertThat(redis.command("KEYS", "*"))
                .contains("{shop:home}:salt:" + today, "{shop:home}:visitors:" + today)
                .doesNotContain("alice");
        assertThat(redis.command("GET", "{shop:home}:visitors:" + today))
                .startsWith("HYLL")
                .doesNotContain("alice", "203");
        assertThat(Long.parseLong(redis.command("PTTL", "{shop:home}:salt:" + today)))
                .isBetween(1L, Duration.ofDays(1).plusMinutes(1).toMillis());
        assertThat(Long.parseLong(redis.command("PTTL", "{shop:home}:visitors:" + today)))
                .isBetween(Duration.ofDays(31).toMillis(), Duration.ofDays(32).toMillis());
        assertThat(redis.command("PFCOUNT", "{shop:home}:visitors:" + today)).isEqualTo("2");
    }

    @Test
    void theDocumentedRightsSuffice() {
        redis.command(
                "ACL",
                "SETUSER",
                "app",
                "reset",
                "on",
                ">secret",
                "~shop:home",
                "~{shop:home}:*",
                "+@connection",
                "+eval",
                "+evalsha",
                "+get",
                "+set",
                "+incrby",
                "+hset",
                "+hmget",
                "+hincrby",
                "+hdel",
                "+hlen",
                "+hkeys",
                "+time",
                "+pttl",
                "+info",
                "+pfadd",
                "+pfcount",
                "+pexpire");

        try (CounterStore store = open("app:secret@")) {
            VisitorCounter counter = store.counter(HOME);
            counter.noteVisitor("alice").toCompletableFuture().join();

            assertThat(counter.visitorsToday().toCompletableFuture().join()).isEqualTo(1);
            assertThat(counter.visit().toCompletableFuture().join().number()).isEqualTo(1);
        }
    }

    @Test
    void aMissingRightIsNamedAndVisitsGoOn() {
        redis.command("ACL", "SETUSER", "app", "reset", "on", ">secret", "~*", "+@all", "-pfadd", "-pfcount");

        try (CounterStore store = open("app:secret@")) {
            VisitorCounter counter = store.counter(HOME);

            assertThatThrownBy(() ->
                            counter.noteVisitor("alice").toCompletableFuture().join())
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("may not note visitors")
                    .hasMessageEndingWith("ACL SETUSER it +pfadd +pfcount +pexpire");
            assertThatThrownBy(
                            () -> counter.visitorsToday().toCompletableFuture().join())
                    .hasMessageContaining("+pfcount");
            assertThat(counter.visit().toCompletableFuture().join().number()).isEqualTo(1);
            assertThat(store.health().up()).isTrue();
            assertThat(counter.health().toCompletableFuture().join().up()).isTrue();
        }
    }

    @Test
    void aSketchThatWasLostBeginsAnew() {
        try (CounterStore store = open("")) {
            VisitorCounter counter = store.counter(HOME);
            counter.noteVisitor("alice").toCompletableFuture().join();
            redis.command("FLUSHALL");

            counter.noteVisitor("alice").toCompletableFuture().join();

            assertThat(counter.visitorsToday().toCompletableFuture().join()).isEqualTo(1);
        }
    }
}
