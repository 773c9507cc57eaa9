package io.visitorcounter.core.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.Durability;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.MaybeCountedException;
import io.visitorcounter.core.NotCountedException;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.Visit;
import io.visitorcounter.core.VisitId;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.core.contract.RedisServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A user who lacks a right: what is told, what the value becomes, and the history. */
final class RightsIT {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final CounterName HOME = CounterName.of("home");
    private static final Set<String> HOUSEKEEPING = Set.of("hdel", "hlen", "hkeys");

    /** What {@code check.lua} asks the server for, rather than doing it. */
    private static final Set<String> UNSEEN = Set.of("incrby", "hincrby", "hset");

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
    void grantEverything() {
        redis.command("FLUSHALL");
        redis.command("ACL", "SETUSER", "app", "reset", "on", ">secret", "~*", "+@all");
    }

    private static CounterStore open() {
        return CounterStore.open(
                URI.create("redis://app:secret@127.0.0.1:" + redis.port()),
                CounterOptions.builder().deadline(Duration.ofSeconds(4)).build());
    }

    /** Every command that the scripts call, found in them. */
    private static Stream<String> commands() throws IOException {
        Set<String> commands = new TreeSet<>();
        for (String script : new String[] {"visit.lua", "value.lua", "change.lua"}) {
            try (InputStream in = Script.class.getResourceAsStream(script)) {
                String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                Matcher call = Pattern.compile("redis\\.p?call\\('([A-Z]+)'").matcher(text);
                while (call.find()) {
                    commands.add(call.group(1).toLowerCase(Locale.ROOT));
                }
            }
        }
        assertThat(commands).contains("get", "set", "incrby", "hincrby", "hset", "hmget", "hdel", "time");
        return commands.stream();
    }

    private static Stream<String> countingCommands() throws IOException {
        return commands().filter(command -> !HOUSEKEEPING.contains(command));
    }

    private static boolean isSeen(String command) {
        return !UNSEEN.contains(command) || tellsRights(redis);
    }

    /** Whether a server can be asked what a user may do; before 7.0 a right that is not tried is not seen to be missing. */
    static boolean tellsRights(RedisServer server) {
        return server.command("EVAL", "return redis.acl_check_cmd and 'yes' or 'no'", "0")
                .equals("yes");
    }

    private static long value() {
        String value = redis.command("GET", HOME.text());
        return value.isEmpty() ? 0 : Long.parseLong(value);
    }

    private static long inHistory() {
        return redis.command("HVALS", "{home}:hours")
                .lines()
                .filter(line -> !line.isEmpty())
                .mapToLong(Long::parseLong)
                .sum();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void whoLosesARightIsToldWhetherAValueWasChanged(String command) throws Exception {
        try (CounterStore store = open()) {
            VisitorCounter home = store.counter(HOME);
            home.visit(SOON);
            redis.command("ACL", "SETUSER", "app", "-" + command);

            Throwable failure =
                    catchThrowable(() -> home.set(7).toCompletableFuture().get());

            redis.command("ACL", "SETUSER", "app", "+" + command);
            if (failure != null) {
                assertThat(failure).hasCauseInstanceOf(NotCountedException.class);
            }
            assertThat(home.value().toCompletableFuture().get())
                    .isEqualTo(failure == null ? new CounterValue(7, 1) : new CounterValue(1, 0));
            assertThat(inHistory()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void whoLosesARightIsToldWhetherACounterWasDeleted(String command) throws Exception {
        try (CounterStore store = open()) {
            VisitorCounter home = store.counter(HOME);
            home.visit(SOON);
            redis.command("ACL", "SETUSER", "app", "-" + command);
            VisitId request = VisitId.random();

            Throwable failure = catchThrowable(
                    () -> home.delete(request).toCompletableFuture().get());

            redis.command("ACL", "SETUSER", "app", "+" + command);
            if (failure == null) {
                assertThat(value()).isZero();
                assertThat(inHistory()).isZero();
            } else if (failure.getCause() instanceof NotCountedException) {
                assertThat(value()).isEqualTo(1);
                assertThat(inHistory()).isEqualTo(1);
            } else {
                assertThat(failure).hasCauseInstanceOf(MaybeCountedException.class);
            }
            home.delete(request).toCompletableFuture().get();
            assertThat(value()).isZero();
            assertThat(inHistory()).isZero();
        }
    }

    @Test
    void whoMayNotListIsToldTheRight() {
        try (CounterStore store = open()) {
            redis.command("ACL", "SETUSER", "app", "-scan");

            assertThatThrownBy(() -> store.counters().toCompletableFuture().get())
                    .hasCauseInstanceOf(StoreException.class)
                    .hasMessageContaining("+scan");
        }
    }

    @ParameterizedTest
    @MethodSource("countingCommands")
    void whoLosesARightIsToldTheTruth(String command) throws Exception {
        try (CounterStore store = open()) {
            VisitorCounter home = store.counter(HOME);
            home.visit(SOON);
            redis.command("ACL", "SETUSER", "app", "-" + command);

            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> home.visit(SOON))
                        .isInstanceOf(NotCountedException.class)
                        .hasMessageContaining("the user may not run a command that counting needs")
                        .hasMessageContaining("; ACL SETUSER it +");
            }
            VisitId id = new VisitId("once");
            for (int i = 0; i < 2; i++) {
                assertThat(catchThrowable(
                                () -> home.visit(id).toCompletableFuture().get()))
                        .hasCauseInstanceOf(NotCountedException.class);
            }

            assertThat(value()).isEqualTo(1);
            assertThat(inHistory()).isEqualTo(1);
            assertThat(home.health().toCompletableFuture().get().up()).isEqualTo(!isSeen(command));

            redis.command("ACL", "SETUSER", "app", "+" + command);
            assertThat(home.visit(id).toCompletableFuture().get()).isEqualTo(new Visit(2, 0, false));
            assertThat(home.visit(SOON)).isEqualTo(new Visit(3, 0, false));
            assertThat(inHistory()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @MethodSource("countingCommands")
    void theFirstVisitOfACounterIsTakenBackToo(String command) throws Exception {
        try (CounterStore store = open()) {
            redis.command("ACL", "SETUSER", "app", "-" + command);

            assertThatThrownBy(() -> store.counter(HOME).visit(SOON)).isInstanceOf(NotCountedException.class);

            redis.command("ACL", "SETUSER", "app", "+" + command);
            assertThat(store.counter(HOME).value().toCompletableFuture().get()).isEqualTo(new CounterValue(0, 0));
            Instant now = Instant.now();
            assertThat(store.counter(HOME)
                            .history(now.minus(Duration.ofHours(1)), now)
                            .toCompletableFuture()
                            .get())
                    .isEmpty();
            assertThat(store.counter(HOME).visit(SOON)).isEqualTo(new Visit(1, 0, false));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hdel", "hlen", "hkeys"})
    void aVisitDoesNotFailForWantOfARightToDeleteOldHours(String command) throws Exception {
        redis.command("ACL", "SETUSER", "app", "-" + command);

        try (CounterStore store = open()) {
            assertThat(store.counter(HOME).visit(SOON).number()).isEqualTo(1);
            assertThat(store.counter(HOME).visit(SOON).number()).isEqualTo(2);
            assertThat(store.counter(HOME).health().toCompletableFuture().get().up())
                    .isTrue();
        }
        assertThat(inHistory()).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("countingCommands")
    void aRightThatIsMissingFromTheStartIsFoundAtOpen(String command) {
        assumeTrue(isSeen(command), "no Redis 7.0 or newer, which can be asked for a user's rights");
        redis.command("ACL", "SETUSER", "app", "-" + command);

        assertThatThrownBy(RightsIT::open)
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("redis://127.0.0.1:" + redis.port() + ": the user may not run ")
                .hasMessageContaining("; ACL SETUSER it +");
        assertThat(redis.command("KEYS", "*")).isEmpty();
    }

    @Test
    void theRightsThatTheErrorNamesSuffice() throws Exception {
        redis.command("ACL", "SETUSER", "app", "reset", "on", ">secret", "~home", "~{home}:*");
        for (String right : ServerErrors.RIGHTS.split(" ", -1)) {
            redis.command("ACL", "SETUSER", "app", right);
        }

        try (CounterStore store = open()) {
            VisitorCounter home = store.counter(HOME);
            assertThat(home.visit(SOON).number()).isEqualTo(1);
            assertThat(home.visit(VisitId.random()).toCompletableFuture().get().number())
                    .isEqualTo(2);
            assertThat(home.value().toCompletableFuture().get().value()).isEqualTo(2);
            Instant now = Instant.now();
            assertThat(home.history(now.minusSeconds(60), now)
                            .toCompletableFuture()
                            .get())
                    .extracting(HourlyVisits::visits)
                    .isNotEmpty();
            assertThat(home.health().toCompletableFuture().get().up()).isTrue();
        }
    }

    @Test
    void keysThatTheUserMayNotUseHarmNoOtherCounter() throws Exception {
        redis.command("ACL", "SETUSER", "app", "resetkeys", "~home", "~{home}:*");

        try (CounterStore store = open()) {
            VisitorCounter stranger = store.counter(CounterName.of("stranger"));
            assertThatThrownBy(() -> stranger.visit(SOON))
                    .isInstanceOf(NotCountedException.class)
                    .hasMessageContaining("~{KEY}:*");
            assertThat(catchThrowable(
                            () -> stranger.value().toCompletableFuture().get()))
                    .hasCauseInstanceOf(StoreException.class);

            assertThat(store.health().up()).isTrue();
            assertThat(store.counter(HOME).health().toCompletableFuture().get().up())
                    .isTrue();
            assertThat(stranger.health().toCompletableFuture().get().up()).isFalse();
        }
    }

    @Test
    void aWriteWhoseDurabilityMayNotBeAskedForIsMaybeCounted() throws Exception {
        try (RedisServer replica = RedisServer.start("--replicaof", "127.0.0.1", Integer.toString(redis.port()))) {
            Await.until(() -> redis.command("INFO", "replication").contains("state=online"));
            CounterOptions options = CounterOptions.builder()
                    .deadline(Duration.ofSeconds(4))
                    .durability(new Durability.Replicated(1))
                    .build();
            URI uri = URI.create("redis://app:secret@127.0.0.1:" + redis.port());
            try (CounterStore store = CounterStore.open(uri, options)) {
                redis.command("ACL", "SETUSER", "app", "-wait");

                assertThatThrownBy(() -> store.counter(HOME).visit(SOON))
                        .isInstanceOf(MaybeCountedException.class)
                        .hasMessageContaining("+wait");
                assertThat(value()).isEqualTo(1);
            }

            assertThatThrownBy(() -> CounterStore.open(uri, options))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("+wait");
            assertThat(replica.command("GET", HOME.text())).isEqualTo("1");
        }
    }
}
