package io.visitorcounter.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
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

/** Two instances behind a real haproxy, restarted in turn under load. Without haproxy the test is skipped and says so;
 *  {@code -Dtest.haproxy=required} makes that a failure. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RollingRestartIT {

    private static final int CLIENTS = 8;

    @TempDir
    Path folder;

    @Test
    void notOneRequestFailsAndEveryNumberIsGivenOnce() throws Exception {
        requireHaproxy();
        int front = freePort();
        int stats = freePort();
        int[] back = {freePort(), freePort()};
        Path proxyLog = folder.resolve("haproxy.log");
        AppProcess[] apps = {start(back[0]), start(back[1])};
        apps[0].awaitListening();
        apps[1].awaitListening();
        Process haproxy = new ProcessBuilder(
                        "haproxy",
                        "-db",
                        "-f",
                        haproxyConfig(stats, front, back).toString())
                .redirectErrorStream(true)
                .redirectOutput(proxyLog.toFile())
                .start();
        AtomicBoolean stop = new AtomicBoolean();
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            awaitBothUp(stats);
            List<Future<List<Long>>> loads = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                loads.add(clients.submit(() -> AppProcess.visits(front, stop)));
            }
            for (int round = 0; round < 4; round++) {
                int which = round % 2;
                apps[which].terminate();
                assertThat(apps[which].exit()).isZero();
                apps[which] = start(back[which]).awaitListening();
                awaitBothUp(stats);
            }
            stop.set(true);

            List<Long> numbers = new ArrayList<>();
            for (Future<List<Long>> load : loads) {
                numbers.addAll(load.get());
            }

            Collections.sort(numbers);
            assertThat(numbers).hasSizeGreaterThan(200);
            assertThat(numbers)
                    .isEqualTo(LongStream.rangeClosed(1, numbers.size()).boxed().toList());
        } finally {
            stop.set(true);
            clients.shutdownNow();
            haproxy.destroyForcibly();
            for (AppProcess app : apps) {
                app.close();
            }
        }
    }

    private static void requireHaproxy() {
        boolean there = List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)).stream()
                .map(place -> Path.of(place, "haproxy"))
                .anyMatch(Files::isExecutable);
        String missing = "no haproxy on the PATH; install it (Debian: apt-get install haproxy)";
        if (System.getProperty("test.haproxy", System.getenv().getOrDefault("TEST_HAPROXY", "auto"))
                .equals("required")) {
            assertThat(there).as(missing).isTrue();
        }
        assumeTrue(there, missing);
    }

    /** {@return an instance that counts in a file that both share} */
    private AppProcess start(int port) throws Exception {
        Path config = folder.resolve("app-" + port + ".conf");
        Files.writeString(
                config,
                AppProcess.reference()
                        + "http { host = \"127.0.0.1\", port = " + port + ", drain-delay = 1s }\n"
                        + "sqlite.path = \"" + folder.resolve("visits.db") + "\"\n"
                        + "deadline = 10s\n");
        return AppProcess.start(folder, Map.of("CONFIG_FILE", config.toString()));
    }

    private Path haproxyConfig(int stats, int front, int[] back) throws Exception {
        return Files.writeString(folder.resolve("haproxy.cfg"), """
                global
                  maxconn 1000
                defaults
                  mode http
                  timeout connect 2s
                  timeout check 5s
                  timeout client 30s
                  timeout server 30s
                frontend numbers
                  bind 127.0.0.1:%d
                  stats enable
                  stats uri /
                frontend visits
                  bind 127.0.0.1:%d
                  default_backend apps
                backend apps
                  balance roundrobin
                  option redispatch
                  retries 3
                  option httpchk GET /health/ready
                  default-server inter 100ms fall 2 rise 1
                  server a 127.0.0.1:%d check
                  server b 127.0.0.1:%d check
                """.formatted(stats, front, back[0], back[1]));
    }

    /** Waits until haproxy, by its own numbers, sends requests to both. */
    private static void awaitBothUp(int stats) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + stats + "/;csv"))
                .build();
        while (true) {
            try {
                String csv = client.send(request, HttpResponse.BodyHandlers.ofString())
                        .body();
                if (csv.lines()
                                .filter(line -> line.matches("apps,[ab],.*,UP,.*"))
                                .count()
                        == 2) {
                    return;
                }
            } catch (IOException notYet) {
                // haproxy is starting; the test's timeout bounds the wait
            }
            Thread.sleep(20);
        }
    }

    private static int freePort() throws Exception {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
