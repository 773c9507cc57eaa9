package io.visitorcounter.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.contract.RedisServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that is told of sixteen processors, and so counts on four I/O threads, each by its own connection. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SeveralThreadsIT {

    private static final int CLIENTS = 24;
    private static final int THREADS = 4;
    private static final int CUTS = 3;

    @TempDir
    Path folder;

    @Test
    void everyNumberIsGivenOnceThoughConnectionsToRedisAreCut() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try (RedisServer redis = RedisServer.start();
                AppProcess app = start(redis)) {
            int port = app.port();
            List<Future<List<Long>>> loads = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                loads.add(clients.submit(() -> visits(port, stop)));
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

    private AppProcess start(RedisServer redis) throws Exception {
        Path config = Files.writeString(
                folder.resolve("app.conf"), AppProcess.reference() + """
                        redis.host = "%s"
                        redis.port = %d
                        redis.password = ""
                        http.host = "127.0.0.1"
                        http.port = 0
                        deadline = 10s
                        """.formatted(redis.host(), redis.port()));
        return AppProcess.start(folder, Map.of("CONFIG_FILE", config.toString()), "-XX:ActiveProcessorCount=16");
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

    private static List<Long> visits(int port, AtomicBoolean stop) throws Exception {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                .build();
        List<Long> numbers = new ArrayList<>();
        while (!stop.get()) {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            numbers.add(Long.parseLong(response.body().replaceAll("[^0-9]", "")));
        }
        return numbers;
    }
}
