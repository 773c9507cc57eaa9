package io.visitorcounter.core.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.core.CounterException;
import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.NotCountedException;
import io.visitorcounter.core.StoreHealth;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.core.contract.RedisServer;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The health of a counter is whether it can be counted, and nothing else. */
final class ReadinessIT {

    private static final CounterName HOME = CounterName.of("home");

    private final RedisServer redis = RedisServer.start();

    @BeforeEach
    void addUser() {
        redis.command("ACL", "SETUSER", "app", "on", ">secret", "~*", "+@all");
    }

    @AfterEach
    void stop() {
        redis.close();
    }

    private CounterStore open() {
        return CounterStore.open(
                URI.create("redis://app:secret@127.0.0.1:" + redis.port()),
                CounterOptions.builder().deadline(Duration.ofMillis(800)).build());
    }

    private static StoreHealth health(VisitorCounter counter) {
        return counter.health().toCompletableFuture().join();
    }

    private void run(String commands) {
        long hour = Instant.now().getEpochSecond() / 3600;
        String whole = commands.replace("NOW", String.valueOf(hour))
                .replace("NEXT", String.valueOf(hour + 1))
                .replace("MAX", String.valueOf(Long.MAX_VALUE));
        for (String command : whole.split("\\|", -1)) {
            assertThat(redis.command(Arrays.stream(command.split(" ", -1)).toArray(String[]::new)))
                    .doesNotStartWith("-");
        }
    }

    /** {@return the value and the visits per hour, whatever their types} */
    private String stored() {
        return redis.command("GET", "home") + redis.command("HGETALL", "{home}:hours");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    SET home abc,                             DEL home,                             expected an integer
                    SET home 007,                             SET home 7,                           expected an integer
                    SET home 999999999999999,                 SET home 7,                           that can grow
                    DEL home|HSET home a 1,                   DEL home,                             another type
                    DEL home|RPUSH home 1,                    DEL home,                             another type
                    HSET {home}:generation top x,             DEL {home}:generation,                delete it
                    HSET {home}:generation top inf,           DEL {home}:generation,                delete it
                    HSET {home}:generation generation nan,    DEL {home}:generation,                delete it
                    HSET {home}:generation generation 1e300,  DEL {home}:generation,                delete it
                    HSET {home}:generation generation -1,     DEL {home}:generation,                delete it
                    SET {home}:generation x,                  DEL {home}:generation,                another type
                    SET {home}:hours x,                       DEL {home}:hours,                     another type
                    HSET {home}:hours NOW abc NEXT abc,       DEL {home}:hours,                     fields that are none
                    HSET {home}:hours NOW 07 NEXT 07,         DEL {home}:hours,                     fields that are none
                    HSET {home}:hours NOW MAX NEXT MAX,       DEL {home}:hours,                     fields that are none
                    CONFIG SET maxmemory 1,                   CONFIG SET maxmemory 0,               OOM
                    CONFIG SET min-replicas-to-write 1,       CONFIG SET min-replicas-to-write 0,   NOREPLICAS
                    ACL SETUSER app -evalsha,                 ACL SETUSER app +evalsha,             +evalsha
                    ACL SETUSER app -incrby,                  ACL SETUSER app +incrby,              incrby
                    ACL SETUSER app -hincrby,                 ACL SETUSER app +hincrby,             +hincrby
                    ACL SETUSER app -hset,                    ACL SETUSER app +hset,                +hset
                    ACL SETUSER app -set,                     ACL SETUSER app +set,                 +set
                    REPLICAOF 127.0.0.1 1,                    REPLICAOF NO ONE,                     READONLY
                    """)
    void aCounterThatCannotBeCountedIsDownAndThenUpAgain(String breaking, String healing, String told)
            throws Exception {
        try (CounterStore store = open()) {
            VisitorCounter home = store.counter(HOME);
            home.visit(Duration.ofSeconds(10));
            assertThat(health(home).up()).isTrue();

            run(breaking);
            Await.until(() -> !health(home).up());
            assertThat(health(home).detail())
                    .contains(told)
                    .doesNotContain("secret")
                    .doesNotContain("\n");
            String before = stored();
            // A batch whose connection is given up, as that to a replica, is sent again once it counts.
            assertThatThrownBy(() -> home.visit(Duration.ofSeconds(10)))
                    .isInstanceOf(told.equals("READONLY") ? CounterException.class : NotCountedException.class);
            assertThat(stored()).isEqualTo(before);

            run(healing);
            Await.until(() -> health(home).up());
            assertThat(home.visit(Duration.ofSeconds(10)).number()).isPositive();
        }
    }

    @Test
    void aServerThatDoesNotReplyIsDownByTheDeadline() throws Exception {
        try (CounterStore store = open()) {
            VisitorCounter home = store.counter(HOME);
            home.visit(Duration.ofSeconds(10));

            redis.pause();
            try {
                Await.until(() -> !health(home).up());
            } finally {
                redis.resume();
            }
            Await.until(() -> health(home).up());
        }
    }

    @Test
    void whatStrangersAskForChangesNeitherTheHomeCountersHealthNorTheStores() throws Exception {
        redis.command("HSET", "sessions", "a", "1");
        redis.command("SET", "text", "abc");
        redis.command("ACL", "SETUSER", "app", "resetkeys", "~home", "~{home}:*", "~sessions", "~text", "~{text}:*");
        try (CounterStore store = open()) {
            VisitorCounter home = store.counter(HOME);
            home.visit(Duration.ofSeconds(10));

            for (String name : new String[] {"sessions", "text", "other"}) {
                VisitorCounter stranger = store.counter(CounterName.of(name));
                for (int i = 0; i < 3; i++) {
                    assertThat(stranger.value().toCompletableFuture()).failsWithin(Duration.ofSeconds(10));
                    assertThat(stranger.visit().toCompletableFuture()).failsWithin(Duration.ofSeconds(10));
                    assertThat(health(stranger).up()).isFalse();
                    assertThat(health(home).up()).isTrue();
                    assertThat(store.health().up()).isTrue();
                }
            }
        }
    }

    @Test
    void theCheckChangesNothing() throws Exception {
        try (CounterStore store = open()) {
            assertThat(health(store.counter(HOME)).up()).isTrue();
            assertThat(redis.command("KEYS", "*")).isEmpty();

            store.counter(HOME).visit(Duration.ofSeconds(10));
            String before = redis.command("INFO", "replication");
            assertThat(health(store.counter(CounterName.of("another"))).up()).isTrue();
            assertThat(redis.command("KEYS", "*").lines()).hasSize(4);
            assertThat(redis.command("INFO", "replication")).isEqualTo(before);
        }
    }
}
