package io.visitorcounter.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.contract.RedisServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that counts on several I/O threads, each by its own connection: on four as its config says, or on two as it is
 *  told of eight processors. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SeveralThreadsIT {

    private static final int CLIENTS = 24;
    private static final int THREADS = 4;
    private static final int CUTS = 3;
    private static final int KILLS = 2;

    @TempDir
    Path folder;

    @Test
    void everyNumberIsGivenOnceThoughConnectionsToRedisAreCut() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try (RedisServer redis = RedisServer.start();
                AppProcess app = AppProcess.overRedis(folder, redis, "deadline = 10s\nhttp.io-threads = " + THREADS)) {
            int port = app.port();
            List<Future<List<Long>>> loads = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                loads.add(clients.submit(() -> AppProcess.visits(port, stop)));
            }
            // A thread has its own record from the first batch of its own store on.
            awaitRecords(redis, THREADS);
            for (int cut = 0; cut < CUTS; cut++) {
                long before = value(redis);
                redis.command("CLIENT", "KILL", "TYPE", "normal");
                awaitValue(redis, before + CLIENTS);
            }
            stop.set(true);

            List<Long> numbers = new ArrayList<>();
            for (Future<List<Long>> load : loads) {
                assertThat(load.get())
                        .as("what one client sees, one request after another")
                        .isSorted();
                numbers.addAll(load.get());
            }

            assertThat(numbers)
                    .containsExactlyInAnyOrderElementsOf(
                            LongStream.rangeClosed(1, numbers.size()).boxed().toList());
            assertThat(value(redis)).isEqualTo(numbers.size());
            app.terminate();
            assertThat(app.exit()).isZero();
        } finally {
            stop.set(true);
            clients.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyNumberIsGivenOnceThoughRedisIsKilledAndForgetsItsScripts(boolean fast) throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong maybe = new AtomicLong();
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        String keys = "deadline = 10s\ndurability = fsync\nhttp.fast-path = " + fast;
        try (RedisServer redis = RedisServer.start("--appendonly", "yes", "--appendfsync", "always");
                AppProcess app = AppProcess.overRedis(folder, redis, keys, "-XX:ActiveProcessorCount=8")) {
            int port = app.port();
            List<Future<List<Long>>> loads = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                loads.add(clients.submit(() -> AppProcess.visits(port, stop, maybe)));
            }
            awaitRecords(redis, fast ? 2 : 1);
            for (int kill = 0; kill < KILLS; kill++) {
                redis.kill();
                redis.restart();
                awaitValue(redis, value(redis) + CLIENTS);
                redis.command("SCRIPT", "FLUSH");
                awaitValue(redis, value(redis) + CLIENTS);
            }
            stop.set(true);

            List<Long> numbers = new ArrayList<>();
            for (Future<List<Long>> load : loads) {
                assertThat(load.get()).isSorted();
                numbers.addAll(load.get());
            }

            assertThat(numbers).doesNotHaveDuplicates();
            assertThat(value(redis)).isBetween((long) numbers.size(), numbers.size() + maybe.get());
            assertThat(app.stdout()).doesNotContain("generation");
        } finally {
            stop.set(true);
            clients.shutdownNow();
        }
    }

    private static void awaitRecords(RedisServer redis, int expected) throws InterruptedException {
        while (redis.command("EVAL", "return #redis.call('KEYS', '{visitorCount}:lane:*')", "0")
                        .compareTo(String.valueOf(expected))
                < 0) {
            Thread.sleep(20);
        }
    }

    private static void awaitValue(RedisServer redis, long atLeast) throws InterruptedException {
        while (value(redis) < atLeast) {
            Thread.sleep(5);
        }
    }

    private static long value(RedisServer redis) {
        return Long.parseLong(redis.command("GET", "visitorCount"));
    }
}
