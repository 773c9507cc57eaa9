package io.visitorcounter.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.contract.RedisServer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged app with a heap of 64 MiB, over a real Redis, under as much load as this machine makes. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SmallHeapIT {

    private static final int CLIENTS = 64;
    private static final long LOAD_NANOS = TimeUnit.SECONDS.toNanos(6);
    private static final long MAX_RESIDENT_KIB = 160 * 1024;

    @TempDir
    Path folder;

    @Test
    void aHeapOf64MiBIsEnoughAndEveryNumberIsGivenOnce() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try (RedisServer redis = RedisServer.start();
                AppProcess app = AppProcess.start(
                        folder,
                        Map.of("HOST", redis.host(), "PORT", String.valueOf(redis.port()), "HTTP_PORT", "0"),
                        "-Xmx64m",
                        "-XX:+ExitOnOutOfMemoryError")) {
            int port = app.port();
            long until = System.nanoTime() + LOAD_NANOS;
            List<Future<long[]>> loads = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                loads.add(clients.submit(() -> visits(port, until)));
            }

            long[] numbers = LongStream.empty().toArray();
            for (Future<long[]> load : loads) {
                numbers = LongStream.concat(LongStream.of(numbers), LongStream.of(load.get()))
                        .toArray();
            }

            OptionalLong resident = resident(app.pid());
            System.out.println("64 MiB of heap, " + CLIENTS + " connections, " + numbers.length + " visits in "
                    + TimeUnit.NANOSECONDS.toSeconds(LOAD_NANOS) + " s, resident at most "
                    + (resident.isPresent() ? resident.getAsLong() / 1024 + " MiB" : "unknown"));
            assertThat(LongStream.of(numbers).sorted().toArray())
                    .hasSizeGreaterThan(1000)
                    .isEqualTo(LongStream.rangeClosed(1, numbers.length).toArray());
            assertThat(redis.command("GET", "visitorCount")).isEqualTo(String.valueOf(numbers.length));
            assertThat(resident.orElse(0)).isLessThanOrEqualTo(MAX_RESIDENT_KIB);
            app.terminate();
            assertThat(app.exit()).isZero();
            assertThat(app.stdout() + app.stderr()).doesNotContain("OutOfMemoryError");
        } finally {
            clients.shutdownNow();
        }
    }

    /** {@return the numbers of the visits of one connection, one after another} */
    private static long[] visits(int port, long until) throws IOException {
        byte[] request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        LongStream.Builder numbers = LongStream.builder();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(20_000);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (System.nanoTime() < until) {
                socket.getOutputStream().write(request);
                numbers.add(number(in));
            }
        }
        return numbers.build().toArray();
    }

    private static long number(InputStream in) throws IOException {
        String status = AppProcess.line(in);
        assertThat(status).isEqualTo("HTTP/1.1 200 OK");
        int length = 0;
        for (String header = AppProcess.line(in); !header.isEmpty(); header = AppProcess.line(in)) {
            if (header.regionMatches(true, 0, "Content-Length: ", 0, 16)) {
                length = Integer.parseInt(header.substring(16));
            }
        }
        String body = new String(in.readNBytes(length), StandardCharsets.US_ASCII);
        return Long.parseLong(body.substring(body.lastIndexOf(' ') + 1));
    }

    /** {@return the most memory that the process ever had resident, in KiB; empty where the system does not say} */
    private static OptionalLong resident(long pid) throws IOException {
        Path status = Path.of("/proc", String.valueOf(pid), "status");
        if (!Files.exists(status)) {
            return OptionalLong.empty();
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst();
    }
}
