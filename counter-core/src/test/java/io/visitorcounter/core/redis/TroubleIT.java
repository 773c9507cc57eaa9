package io.visitorcounter.core.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.visitorcounter.core.CounterException;
import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.Credentials;
import io.visitorcounter.core.MaybeCountedException;
import io.visitorcounter.core.NotCountedException;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.core.combine.CapturedLog;
import io.visitorcounter.core.contract.CuttingProxy;
import io.visitorcounter.core.contract.CuttingProxy.Cut;
import io.visitorcounter.core.contract.RedisAccess;
import io.visitorcounter.core.contract.RedisServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told when a Redis can't be used, at the start and while running: the cause, the next step, in one line, once. */
final class TroubleIT {

    private static final CounterName HOME = CounterName.of("home");
    private static final Duration SOON = Duration.ofSeconds(10);

    private final RedisServer redis = RedisServer.start();

    @AfterEach
    void stop() {
        redis.close();
    }

    private static String openFails(URI uri, CounterOptions options) {
        Throwable failure = catchThrowable(() -> CounterStore.open(uri, options).close());
        assertThat(failure).isInstanceOf(StoreException.class);
        String message = String.valueOf(failure.getMessage());
        assertThat(message).doesNotContain("\n").doesNotContain("secret");
        return message;
    }

    private static CounterOptions with(String user, String password) {
        return CounterOptions.builder()
                .credentials(new Credentials(user, password))
                .build();
    }

    @Test
    void aPasswordThatIsMissingOrWrongIsNamed() {
        redis.command("ACL", "SETUSER", "app", "on", ">right", "~*", "+@all");
        redis.command("ACL", "SETUSER", "default", "off");

        assertThat(openFails(redis.uri(), CounterOptions.defaults()))
                .isEqualTo(redis.uri() + ": can't connect: the server asks for a password, and none was given; set it"
                        + " (counter-web: REDIS_PASSWORD)");
        assertThat(openFails(redis.uri(), with("app", "secret")))
                .isEqualTo(redis.uri() + ": can't connect: user or password refused; set the server's (counter-web:"
                        + " REDIS_PASSWORD)");
    }

    @Test
    void aPortThatSpeaksTlsOrDoesNotIsNamed(@TempDir Path folder) {
        assertThat(openFails(URI.create("rediss://127.0.0.1:" + redis.port()), CounterOptions.defaults()))
                .contains("TLS")
                .doesNotContain("start a Redis");
        try (RedisServer secured = RedisServer.start(RedisAccess.secured(folder))) {
            assertThat(openFails(URI.create("redis://127.0.0.1:" + secured.port()), CounterOptions.defaults()))
                    .contains("use rediss:")
                    .doesNotContain("start a Redis");
        }
    }

    @Test
    void anotherServerIsNamed() throws Exception {
        try (ServerSocket web = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread serving = new Thread(() -> {
                try {
                    while (true) {
                        try (Socket socket = web.accept()) {
                            socket.getInputStream().read();
                            socket.getOutputStream()
                                    .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                        }
                    }
                } catch (IOException closed) {
                    Thread.currentThread().interrupt();
                }
            });
            serving.setDaemon(true);
            serving.start();

            assertThat(openFails(URI.create("redis://127.0.0.1:" + web.getLocalPort()), CounterOptions.defaults()))
                    .contains("what listens there is not a Redis; change the address");
        }
    }

    @Test
    void aHostThatNobodyKnowsIsNamed() {
        assertThat(openFails(URI.create("redis://no-such-host.invalid:6379"), CounterOptions.defaults()))
                .contains("the host's name is not known; change the address");
    }

    @Test
    void aServerThatHangsAtFirstIsWaitedFor() throws Exception {
        redis.pause();
        Thread resuming = new Thread(() -> {
            try {
                Thread.sleep(4_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            redis.resume();
        });
        resuming.start();

        try (CounterStore store = CounterStore.open(redis.uri(), CounterOptions.defaults())) {
            assertThat(store.counter(HOME).visit(SOON).number()).isEqualTo(1);
        }
        resuming.join();
    }

    @Test
    void aPasswordThatWasChangedIsNamedAndLoggedOnce() throws Exception {
        redis.command("ACL", "SETUSER", "app", "on", ">secret", "~*", "+@all");
        try (CapturedLog ours = new CapturedLog("io.visitorcounter.core");
                CapturedLog lettuce = new CapturedLog(io.lettuce.core.RedisClient.class);
                CounterStore store = CounterStore.open(
                        redis.uri(),
                        with("app", "secret").toBuilder()
                                .deadline(Duration.ofMillis(500))
                                .build())) {
            VisitorCounter home = store.counter(HOME);
            home.visit(SOON);

            redis.command("ACL", "SETUSER", "app", "resetpass", ">changed");
            redis.command("CLIENT", "KILL", "USER", "app");
            // A visit that is sent while the connection ends may have been counted; and before the server refuses a try
            // to
            // connect again, one may look cut.
            Await.until(() -> store.health().detail().contains("refused"));
            for (int i = 0; i < 4; i++) {
                assertThatThrownBy(() -> home.visit(SOON))
                        .isInstanceOf(NotCountedException.class)
                        .hasMessageContaining("not connected: user or password refused; set the server's");
            }
            assertThat(store.health().detail()).contains("user or password refused");
            assertThat(home.health().toCompletableFuture().get().detail()).contains("user or password refused");
            assertThat(ours.lines())
                    .containsExactly(
                            "WARNING counter \"home\": visits fail: " + redis.uri() + ": not connected: user or"
                                    + " password refused; set the server's (counter-web: REDIS_PASSWORD)");

            redis.command("ACL", "SETUSER", "app", ">secret");
            Await.until(() -> store.health().up());
            assertThat(home.visit(SOON).number()).isEqualTo(2);
            Await.until(() -> ours.lines().size() > 1);
            assertThat(ours.lines())
                    .hasSize(2)
                    .last()
                    .asString()
                    .matches("INFO .*visits are counted again; [0-9]+ failed in [0-9]+ s");
            assertThat(lettuce.lines()).isEmpty();
        }
    }

    @Test
    void aRefusedPasswordIsStillToldWhereSomeTriesAreCut() throws Exception {
        redis.command("ACL", "SETUSER", "app", "on", ">secret", "~*", "+@all");
        try (CuttingProxy proxy = new CuttingProxy("127.0.0.1", redis.uri().getPort());
                CounterStore store =
                        CounterStore.open(URI.create("redis://127.0.0.1:" + proxy.port()), with("app", "secret"))) {
            redis.command("ACL", "SETUSER", "app", "resetpass", ">changed");
            redis.command("CLIENT", "KILL", "USER", "app");
            Await.until(() -> store.health().detail().contains("refused"));
            AtomicInteger tries = new AtomicInteger();
            proxy.cut("HELLO", () -> tries.incrementAndGet() % 3 == 0 ? Cut.NONE : Cut.FIN);

            Set<String> told = new HashSet<>();
            Await.until(() -> told.add(store.health().detail()) ? false : proxy.cuts() >= 6);
            assertThat(told).singleElement().asString().contains("user or password refused");

            proxy.cut("HELLO", () -> Cut.FIN);
            Await.until(() -> store.health().detail().contains("the connection was cut"));
        }
    }

    @Test
    void aServerThatIsGoneAndComesBackIsTwoLinesThoughNobodyVisits() throws Exception {
        try (CapturedLog log = new CapturedLog("io.visitorcounter.core");
                CounterStore store = CounterStore.open(redis.uri(), CounterOptions.defaults());
                CounterStore another = CounterStore.open(redis.uri(), CounterOptions.defaults())) {
            redis.kill();
            Await.until(() -> !log.lines().isEmpty());
            assertThat(log.lines())
                    .containsExactly("WARNING visits fail: " + redis.uri()
                            + ": not connected: connection refused; start a Redis there or change the address");
            Await.until(() -> !store.health().up() && !another.health().up());

            redis.restart();
            Await.until(() -> log.lines().size() > 1);
            Await.until(() -> store.health().up() && another.health().up());
            for (CounterStore each : List.of(store, another)) {
                each.counter(HOME).visit(SOON);
            }
            assertThat(log.lines())
                    .hasSize(2)
                    .last()
                    .asString()
                    .startsWith("INFO visits are counted again; 0 failed in ");
        }
    }

    @Test
    void aConnectionThatIsCutAndIsBackAtOnceIsNoTrouble() throws Exception {
        try (CapturedLog log = new CapturedLog("io.visitorcounter.core");
                CounterStore store = CounterStore.open(redis.uri(), CounterOptions.defaults())) {
            for (int i = 1; i <= 5; i++) {
                redis.command("CLIENT", "KILL", "TYPE", "normal");
                Await.until(() -> store.health().up());
            }
            store.counter(HOME).visit(SOON);

            assertThat(log.lines()).isEmpty();
        }
    }

    /** MISCONF: the server takes no writes since its last snapshot failed. */
    @Test
    void aServerThatCanNotSaveCountsNothingSaysSoOnceAndGoesOnWhenItCan() throws Exception {
        redis.command("CONFIG", "SET", "save", "3600 1000000");
        redis.command("CONFIG", "SET", "stop-writes-on-bgsave-error", "yes");
        // No snapshot can take the place of a folder.
        Path inTheWay = redis.folder().resolve("dump.rdb").resolve("folder");
        try (CapturedLog log = new CapturedLog("io.visitorcounter.core");
                CounterStore store = CounterStore.open(
                        redis.uri(),
                        CounterOptions.builder()
                                .deadline(Duration.ofMillis(500))
                                .build())) {
            VisitorCounter home = store.counter(HOME);
            assertThat(home.visit(SOON).number()).isEqualTo(1);
            Files.createDirectories(inTheWay);
            redis.command("BGSAVE");
            Await.until(() -> redis.command("INFO", "persistence").contains("rdb_last_bgsave_status:err"));

            assertThat(home.health().toCompletableFuture().get().up()).isFalse();
            for (int i = 0; i < 3; i++) {
                // Whose deadline comes while it is tried once more can't be told that it was not counted.
                assertThatThrownBy(() -> home.visit(SOON))
                        .isInstanceOfAny(NotCountedException.class, MaybeCountedException.class)
                        .hasMessageContaining("MISCONF");
            }
            assertThat(redis.command("GET", "home")).isEqualTo("1");
            Files.delete(inTheWay);
            Files.delete(inTheWay.getParent());
            redis.command("BGSAVE");
            Await.until(() -> redis.command("INFO", "persistence").contains("rdb_last_bgsave_status:ok"));

            assertThat(home.visit(SOON).number()).isEqualTo(2);
            Await.until(() -> log.lines().size() == 2);
            assertThat(log.lines())
                    .satisfiesExactly(
                            begins -> assertThat(begins)
                                    .startsWith("WARNING counter \"home\": visits fail: " + redis.uri() + ": MISCONF "),
                            over -> assertThat(over)
                                    .startsWith("INFO counter \"home\": visits are counted again; 3 failed in "));
        }
    }

    @Test
    void aServerThatBecameAReplicaIsNotStormed() throws Exception {
        try (CounterStore store = CounterStore.open(redis.uri(), CounterOptions.defaults())) {
            VisitorCounter home = store.counter(HOME);
            home.visit(SOON);
            long before = connections();

            redis.command("REPLICAOF", "127.0.0.1", "1");
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> home.visit(SOON)).isInstanceOf(CounterException.class);
            }
            // 2, 4, 8, … 512 ms, 1 s, 1 s, …; five a second would be 30. And the test's own.
            assertThat(connections() - before).isLessThan(20);

            redis.command("REPLICAOF", "NO", "ONE");
            // One that was cut with its connection may have been sent again by now.
            assertThat(home.visit(SOON).number()).isBetween(2L, 5L);
        }
    }

    private long connections() {
        return redis.command("INFO", "stats")
                .lines()
                .filter(line -> line.startsWith("total_connections_received:"))
                .mapToLong(line ->
                        Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
                .sum();
    }

    @Test
    void aServerFarAwayCounts() throws Exception {
        try (SlowProxy far = new SlowProxy(redis.port(), 250);
                CounterStore store = CounterStore.open(
                        URI.create("redis://127.0.0.1:" + far.port()),
                        CounterOptions.builder().deadline(Duration.ofSeconds(2)).build())) {
            VisitorCounter home = store.counter(HOME);
            for (int i = 1; i <= 5; i++) {
                assertThat(home.visit(SOON).number()).isEqualTo(i);
            }
            assertThat(home.value().toCompletableFuture().get().value()).isEqualTo(5);
            assertThat(home.health().toCompletableFuture().get().up()).isTrue();
        }
    }

    @Test
    void aKeyThatExpiresIsWarnedOfOnce() throws Exception {
        redis.command("SET", "home", "41", "EX", "1000");
        try (CapturedLog log = new CapturedLog(ExpiryWatch.class);
                CounterStore store = CounterStore.open(redis.uri(), CounterOptions.defaults())) {
            for (int i = 0; i < 3; i++) {
                store.counter(HOME).visit(SOON);
                store.counter(HOME).health().toCompletableFuture().get();
            }
            store.counter(CounterName.of("lasting")).visit(SOON);
            Await.until(() -> !log.lines().isEmpty());

            assertThat(log.lines())
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .contains("key \"home\" expires in ")
                            .endsWith(" s, and its count with it; PERSIST it"));
        }
    }
}
