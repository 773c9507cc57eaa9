package io.visitorcounter.core.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.Credentials;
import io.visitorcounter.core.Durability;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.Visit;
import io.visitorcounter.core.combine.CapturedLog;
import io.visitorcounter.core.contract.RedisServer;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server's settings mean for a store that opens: durability and users. */
final class ServerSettingsIT {

    private static final CounterName HOME = CounterName.of("home");
    private static final Duration SOON = Duration.ofSeconds(10);

    private final RedisServer redis = RedisServer.start();

    @AfterEach
    void stop() {
        redis.close();
    }

    private CounterStore open(Durability durability) {
        return CounterStore.open(
                redis.uri(),
                CounterOptions.builder().deadline(SOON).durability(durability).build());
    }

    private static CounterStore open(URI uri) {
        return CounterStore.open(uri, CounterOptions.builder().deadline(SOON).build());
    }

    @Test
    void aSentinelIsNoServerThatCounts() {
        try (RedisServer sentinel = RedisServer.startSentinel("home", redis)) {
            assertThatThrownBy(() -> open(sentinel.uri()))
                    .isInstanceOf(StoreException.class)
                    .hasMessage(
                            sentinel.uri() + ": expected a server that counts, got a Sentinel; use redis-sentinel: and"
                                    + " the name that it watches (counter-web: redis.sentinel)");
            assertThatThrownBy(() -> openSentinel(sentinel, "other"))
                    .hasMessageContaining("the Sentinels watch no primary of this name; give the one that they watch");
        }
    }

    @Test
    void aPrimaryThatItsSentinelNamesAndNobodyReachesIsNotTakenForTheSentinel() {
        try (RedisServer sentinel = RedisServer.startSentinel("home", redis)) {
            redis.kill();

            assertThatThrownBy(() -> openSentinel(sentinel, "home"))
                    .hasMessageContaining("the Sentinels, or the primary that they name, can't be reached");
        }
    }

    private static CounterStore openSentinel(RedisServer sentinel, String name) {
        return open(URI.create("redis-sentinel://" + sentinel.host() + ":" + sentinel.port() + "#" + name));
    }

    @Test
    void aNodeOfAClusterThatHasNotAllSlotsIsRefusedAndALoneOneCounts() throws Exception {
        try (RedisServer node = RedisServer.start("--cluster-enabled", "yes")) {
            assertThatThrownBy(() -> open(node.uri()))
                    .isInstanceOf(StoreException.class)
                    .hasMessage(
                            node.uri() + ": expected a server of its own, got a node of a Cluster; use redis-cluster:"
                                    + " (counter-web: redis.cluster)");
            assertThatThrownBy(() -> open(URI.create("redis-cluster://" + node.host() + ":" + node.port())))
                    .hasMessageContaining("the Cluster does not serve all slots; mend it");
            List<String> slots = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
            IntStream.range(0, 16_384).mapToObj(Integer::toString).forEach(slots::add);
            node.command(slots.toArray(String[]::new));
            Await.until(() -> node.command("CLUSTER", "INFO").contains("cluster_state:ok"));

            try (CounterStore store = open(node.uri())) {
                assertThat(store.counter(HOME).visit(SOON).number()).isEqualTo(1);
            }
        }
        assertThatThrownBy(() -> open(URI.create("redis-cluster://" + redis.host() + ":" + redis.port())))
                .hasMessageContaining("no node of a Cluster there; use redis: for a server of its own");
    }

    @Test
    void syncedVisitsNeedALog() {
        assertThatThrownBy(() -> open(new Durability.Fsync()))
                .isInstanceOf(StoreException.class)
                .hasMessage(redis.uri() + ": durability fsync: appendonly: expected yes, got no;"
                        + " CONFIG SET appendonly yes and CONFIG SET appendfsync always, or ask for durability memory");
    }

    @Test
    void aLogThatIsNeverSyncedIsNotEnough() {
        redis.command("CONFIG", "SET", "appendonly", "yes");
        redis.command("CONFIG", "SET", "appendfsync", "no");

        assertThatThrownBy(() -> open(new Durability.Fsync()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("appendfsync: expected always, got no; CONFIG SET appendfsync always");
    }

    /** With WAITAOF, which Redis has since 7.2 and Valkey always. */
    @Test
    void aLogThatIsSyncedEverySecondIsEnoughWhereTheServerCanProveIt() throws Exception {
        assumeTrue(hasWaitAof(), "this server has no WAITAOF");
        redis.command("CONFIG", "SET", "appendonly", "yes");
        redis.command("CONFIG", "SET", "appendfsync", "everysec");

        try (CounterStore store = open(new Durability.Fsync())) {
            for (int i = 1; i <= 3; i++) {
                assertThat(store.counter(HOME).visit(SOON)).isEqualTo(new Visit(i, 0, false));
            }
            assertThat(redis.command("INFO", "commandstats")).contains("cmdstat_waitaof:calls=");
        }
    }

    @Test
    void aLogThatIsSyncedEverySecondIsNotEnoughWhereTheServerCanNotProveIt() {
        assumeFalse(hasWaitAof(), "this server has WAITAOF");
        redis.command("CONFIG", "SET", "appendonly", "yes");
        redis.command("CONFIG", "SET", "appendfsync", "everysec");

        assertThatThrownBy(() -> open(new Durability.Fsync()))
                .isInstanceOf(StoreException.class)
                .hasMessage(redis.uri() + ": durability fsync: appendfsync: expected always, got everysec;"
                        + " CONFIG SET appendfsync always, or ask for durability memory");
    }

    private boolean hasWaitAof() {
        return redis.command("COMMAND", "INFO", "WAITAOF").contains("waitaof");
    }

    @Test
    void aLogThatIsNotSyncedWhileItIsRewrittenIsNotEnough() {
        redis.command("CONFIG", "SET", "appendonly", "yes");
        redis.command("CONFIG", "SET", "appendfsync", "always");
        redis.command("CONFIG", "SET", "no-appendfsync-on-rewrite", "yes");

        assertThatThrownBy(() -> open(new Durability.Fsync()))
                .hasMessageContaining("no-appendfsync-on-rewrite: expected no, got yes");
    }

    @Test
    void aServerThatForgetsKeysWhenItIsFullIsRefused() {
        redis.command("CONFIG", "SET", "maxmemory", "100mb");
        redis.command("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");

        assertThatThrownBy(() -> open(new Durability.Memory()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("maxmemory-policy: expected noeviction, got allkeys-lru; CONFIG SET");
    }

    @ParameterizedTest
    @ValueSource(strings = {"volatile-lru", "volatile-lfu", "volatile-random", "volatile-ttl"})
    void aServerThatForgetsOnlyKeysWithATimeToLiveIsWarnedOf(String policy) throws Exception {
        redis.command("CONFIG", "SET", "maxmemory", "100mb");
        redis.command("CONFIG", "SET", "maxmemory-policy", policy);

        try (CapturedLog log = new CapturedLog(ServerCheck.class);
                CounterStore store = open(new Durability.Memory())) {
            assertThat(store.counter(CounterName.of("home"))
                            .visit(Duration.ofSeconds(10))
                            .number())
                    .isPositive();
            assertThat(log.lines())
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .contains("maxmemory-policy is " + policy)
                            .contains("noeviction"));
        }
    }

    @Test
    void everyFaultOfAServerIsNamedAtOnce() {
        redis.command("CONFIG", "SET", "maxmemory", "100mb");
        redis.command("CONFIG", "SET", "maxmemory-policy", "allkeys-random");

        assertThatThrownBy(() -> open(new Durability.Replicated(2)))
                .hasMessageContaining("maxmemory-policy: expected noeviction")
                .hasMessageContaining("connected replicas: expected at least 2, got 0; start more, or ask for fewer");
    }

    @Test
    void aReplicaIsRefused() {
        try (RedisServer replica = RedisServer.start("--replicaof", "127.0.0.1", Integer.toString(redis.port()))) {
            assertThatThrownBy(() -> CounterStore.open(replica.uri(), CounterOptions.defaults()))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("expected the primary, got a replica");
        }
    }

    @Test
    void aUserOfTheServerCountsWithItsPassword() throws Exception {
        redis.command("ACL", "SETUSER", "counting", "on", ">s3cret", "~*", "+@all");
        redis.command("ACL", "SETUSER", "default", "off");

        try (CounterStore store = CounterStore.open(
                redis.uri(),
                CounterOptions.builder()
                        .credentials(new Credentials("counting", "s3cret"))
                        .build())) {
            assertThat(store.counter(HOME).visit(SOON).number()).isEqualTo(1);
        }
        URI withUser = URI.create("redis://counting:s3cret@127.0.0.1:" + redis.port());
        try (CounterStore store = CounterStore.open(withUser, CounterOptions.defaults())) {
            assertThat(store.counter(HOME).visit(SOON).number()).isEqualTo(2);
            assertThat(store.health().detail()).doesNotContain("s3cret");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis://:wr0ng@127.0.0.1:", "redis://counting:wr0ng@127.0.0.1:"})
    void aWrongPasswordIsSaidWithoutSayingIt(String address) {
        redis.command("CONFIG", "SET", "requirepass", "s3cret");

        assertThatThrownBy(() -> CounterStore.open(URI.create(address + redis.port()), CounterOptions.defaults()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("user or password refused")
                .hasStackTraceContaining("refused")
                .satisfies(thrown -> {
                    for (Throwable at = thrown; at != null; at = at.getCause()) {
                        assertThat(String.valueOf(at)).doesNotContain("wr0ng");
                    }
                });
    }

    static List<String> malformed() {
        return List.of(
                "redis://:wr0ng@localhost:99999",
                "redis://:wr0ng@localhost:12x",
                "redis://:wr0ng@one,two",
                "redis-sentinel://:wr0ng@localhost",
                "redis-cluster://:wr0ng@localhost/3",
                "redis://:wr0ng@localhost?timeout=1s");
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void aMalformedAddressIsRefusedWithoutShowingItsPassword(String uri) {
        assertThatThrownBy(() -> CounterStore.open(URI.create(uri), CounterOptions.defaults()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("store: redis")
                .hasMessageNotContaining("wr0ng");
    }
}
