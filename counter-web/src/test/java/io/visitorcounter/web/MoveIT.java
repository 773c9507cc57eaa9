package io.visitorcounter.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.VisitId;
import io.visitorcounter.core.contract.RedisServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Moving from SQLite to Redis by the packaged app, as docs/operations.md says it is done. */
class MoveIT {

    private static final int COUNTERS = 300;
    private final Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS);

    @TempDir
    Path folder;

    private static CounterName counter(int i) {
        return CounterName.of("counter-" + i);
    }

    private URI old() {
        return URI.create("sqlite:" + folder.resolve("old.db"));
    }

    private Map<String, String> toRedis(RedisServer redis) throws IOException {
        Path config = Files.writeString(
                folder.resolve("new.conf"),
                AppProcess.reference() + "redis.host = \"" + redis.host() + "\"\nredis.port = " + redis.port()
                        + "\nredis.password = \"\"\nhttp.port = 0\n");
        return Map.of("CONFIG_FILE", config.toString());
    }

    private static <T> T now(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    /** Killed by SIGKILL, it leaves each counter moved or not, never half; once more, it moves the rest. */
    @Test
    void aMoveThatIsKilledGoesOnWhenItIsRepeated() throws Exception {
        try (CounterStore store = CounterStore.open(old(), CounterOptions.defaults())) {
            for (int i = 0; i < COUNTERS; i++) {
                now(store.counter(counter(i)).restore(i + 1, List.of(new HourlyVisits(hour, i + 1)), VisitId.random()));
            }
        }
        try (RedisServer redis = RedisServer.start()) {
            Map<String, String> environment = toRedis(redis);
            long movedAtKill;
            try (AppProcess killed = AppProcess.command(folder, environment, "move", old().toString())) {
                awaitLines(killed, 20);
                killed.kill();
                killed.exit();
                movedAtKill = killed.stdout().lines().count();
            }
            assertThat(movedAtKill).isLessThan(COUNTERS);

            try (AppProcess again = AppProcess.command(folder, environment, "move", old().toString())) {
                assertThat(again.exit()).as(again.stderr()).isZero();
                assertThat(again.stdout().lines()).hasSize(COUNTERS);
                // One more may have been moved than was told.
                assertThat(again.stdout().lines().filter(line -> line.endsWith("was there")))
                        .hasSizeBetween((int) movedAtKill, (int) movedAtKill + 1);
            }
            try (CounterStore store = CounterStore.open(
                    URI.create("redis://" + redis.host() + ":" + redis.port()), CounterOptions.defaults())) {
                for (int i = 0; i < COUNTERS; i++) {
                    assertThat(now(store.counter(counter(i)).value()).value()).isEqualTo(i + 1);
                    assertThat(now(store.counter(counter(i)).history(hour, hour.plusSeconds(1))))
                            .containsExactly(new HourlyVisits(hour, i + 1));
                }
            }
        }
    }

    /** A first move while the app counts, then the app stops, and a second one brings what was counted since. */
    @Test
    void noVisitIsLostWhenTheAppStopsBetweenTwoMoves() throws Exception {
        Map<String, String> toFile = Map.of(
                "CONFIG_FILE",
                Files.writeString(
                                folder.resolve("old.conf"),
                                AppProcess.reference() + "store = sqlite\nsqlite.path = \"old.db\"\nhttp.port = 0\n")
                        .toString());
        try (RedisServer redis = RedisServer.start()) {
            long answered;
            try (AppProcess app = AppProcess.start(folder, toFile)) {
                int port = app.port();
                AtomicBoolean stop = new AtomicBoolean();
                Visitor visitor = new Visitor(port, stop);
                visitor.start();
                app.get("/");
                try (AppProcess first = AppProcess.command(folder, toRedis(redis), "move", old().toString())) {
                    // 10 where it was visited meanwhile
                    assertThat(first.exit()).as(first.stderr()).isIn(0, 10);
                }
                app.get("/");
                stop.set(true);
                visitor.join();
                app.terminate();
                assertThat(app.exit()).isZero();
                answered = visitor.count + 2;
            }

            try (AppProcess second =
                    AppProcess.command(folder, toRedis(redis), "move", old().toString(), "--replace")) {
                assertThat(second.exit()).as(second.stderr()).isZero();
            }
            try (AppProcess app = AppProcess.start(folder, toRedis(redis))) {
                assertThat(app.get("/").body()).endsWith("Visitor Count: " + (answered + 1));
            }
        }
    }

    /** Visits until it is told to stop. */
    private static final class Visitor extends Thread {

        private final int port;
        private final AtomicBoolean stop;
        private volatile long count = -1;

        Visitor(int port, AtomicBoolean stop) {
            super("visitor");
            this.port = port;
            this.stop = stop;
        }

        @Override
        public void run() {
            try {
                count = AppProcess.visits(port, stop).size();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static void awaitLines(AppProcess process, int lines) throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (process.stdout().lines().count() < lines) {
            assertThat(System.nanoTime()).as(process.stderr()).isLessThan(end);
            assertThat(process.isAlive()).as(process.stderr()).isTrue();
            Thread.onSpinWait();
        }
    }
}
