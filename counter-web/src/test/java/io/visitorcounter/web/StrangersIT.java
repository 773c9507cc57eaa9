package io.visitorcounter.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.contract.RedisServer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The packaged app with the heap that it has in a container of 128 MiB, over a real Redis, against strangers who make it
 *  keep as much as they can. It answers throughout, and its count stays exact. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class StrangersIT {

    private static final int NAMES = 300_000;
    private static final int SENDERS = 4;
    private static final int PIPELINED = 100;

    private static final int HEADS = 3000;

    private static final String VISIT = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    @TempDir
    Path folder;

    private final ExecutorService clients = Executors.newCachedThreadPool();
    private RedisServer redis;
    private AppProcess app;

    @BeforeEach
    void start() throws Exception {
        redis = RedisServer.start();
        Path config = Files.writeString(
                folder.resolve("app.conf"), AppProcess.reference() + """
                        redis.host = "%s"
                        redis.port = %d
                        redis.password = ""
                        http.port = 0
                        other-counters = "*"
                        live.streams-per-address = 0
                        """.formatted(redis.host(), redis.port()));
        app = AppProcess.start(
                folder,
                Map.of("CONFIG_FILE", config.toString()),
                "-Xmx51m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError");
        app.awaitListening();
    }

    @AfterEach
    void stop() {
        clients.shutdownNow();
        app.close();
        redis.close();
    }

    @ParameterizedTest
    @CsvSource({"GET, '', 200", "GET, /badge.svg, 200", "POST, /visits, 429", "HEAD, /live, 200"})
    void madeUpNamesCostNothing(String method, String path, int status) throws Exception {
        List<Future<Integer>> sent = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
            int sender = i;
            sent.add(clients.submit(() -> names(sender, method, path, status)));
        }
        int visits = visitWhile(sent);

        int answered = 0;
        for (Future<Integer> one : sent) {
            answered += one.get();
        }
        assertThat(answered).isGreaterThan(NAMES * 9 / 10);
        survived(visits, method + " " + path);
    }

    @Test
    void liveStreamsOfMadeUpNamesCostNothingOnceTheyAreClosed() throws Exception {
        Future<Integer> streams = clients.submit(() -> {
            for (int i = 0; i < 10_000; i++) {
                try (Socket socket = connect()) {
                    write(socket, "GET /counters/n" + i + "/live HTTP/1.1\r\nHost: x\r\n\r\n");
                    assertThat(line(new BufferedInputStream(socket.getInputStream())))
                            .isEqualTo("HTTP/1.1 200 OK");
                }
            }
            return 0;
        });
        int visits = visitWhile(List.of(streams));

        streams.get();
        survived(visits, "streams");
    }

    @ParameterizedTest
    @CsvSource({"lines", "parameters", "text"})
    void headsThatAreNeverCompleteAreBounded(String of) throws Exception {
        String head = switch (of) {
            case "lines" -> "GET / HTTP/1.1\r\nHost: x\r\n" + numbered("X%d:\r\n", 390);
            case "parameters" -> "GET /?" + numbered("%d&", 99);
            default -> "GET / HTTP/1.1\r\nHost: x\r\n" + ("X: " + "y".repeat(480) + "\r\n").repeat(32);
        };
        List<Socket> held = new ArrayList<>();
        Future<Integer> attack = clients.submit(() -> {
            for (int i = 0; i < HEADS; i++) {
                Socket socket = connect();
                held.add(socket);
                try {
                    write(socket, head);
                } catch (IOException e) {
                    // refused, as most are
                }
            }
            Thread.sleep(3000);
            return 0;
        });
        int visits = visitWhile(List.of(attack));

        attack.get();
        for (Socket socket : held) {
            socket.close();
        }
        assertThat(app.get("/metrics").body()).contains("http_server_refusals_total{reason=\"memory\"}");
        survived(visits, "heads of " + of);
    }

    private static String numbered(String format, int count) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < count; i++) {
            all.append(String.format(Locale.ROOT, format, i));
        }
        return all.toString();
    }

    /** Visits the page, one visit after another, as long as something is under way.
     *
     *  @return how many visits were counted */
    private int visitWhile(List<? extends Future<?>> underWay) throws Exception {
        int visits = 0;
        try (Socket socket = connect()) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (underWay.stream().anyMatch(future -> !future.isDone())) {
                write(socket, VISIT);
                assertThat(response(in)).endsWith("Visitor Count: " + ++visits);
                Thread.sleep(5);
            }
        }
        return visits;
    }

    private void survived(int visits, String attack) throws Exception {
        long resident = Files.readAllLines(Path.of("/proc", String.valueOf(app.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
        System.out.println(attack + ": " + visits + " visits meanwhile, resident at most " + resident / 1024 + " MiB");
        assertThat(resident).isLessThan(160 * 1024);
        assertThat(app.get("/").body()).endsWith("Visitor Count: " + (visits + 1));
        assertThat(redis.command("GET", "visitorCount")).isEqualTo(String.valueOf(visits + 1));
        app.terminate();
        assertThat(app.exit()).isZero();
        assertThat(app.stdout() + app.stderr()).doesNotContain("OutOfMemory");
    }

    /** {@return how many requests for names of one's own had the status} */
    private int names(int sender, String method, String path, int status) throws Exception {
        int right = 0;
        try (Socket socket = connect()) {
            InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
            for (int i = 0; i < NAMES / SENDERS; i += PIPELINED) {
                StringBuilder requests = new StringBuilder();
                for (int j = 0; j < PIPELINED; j++) {
                    requests.append(method)
                            .append(" /counters/n")
                            .append(sender)
                            .append('-')
                            .append(i + j)
                            .append(path)
                            .append(" HTTP/1.1\r\nHost: x\r\n\r\n");
                }
                write(socket, requests.toString());
                for (int j = 0; j < PIPELINED; j++) {
                    String answer = method.equals("HEAD") ? head(in) : response(in);
                    right += answer.startsWith("HTTP/1.1 " + status) ? 1 : 0;
                }
            }
        }
        return right;
    }

    private Socket connect() throws Exception {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), app.port());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String response(InputStream in) throws IOException {
        String head = head(in);
        int at = head.indexOf("Content-Length: ");
        int length = at < 0 ? 0 : Integer.parseInt(head.substring(at + 16, head.indexOf('\n', at)));
        return head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            head.append(line).append('\n');
        }
        return head.toString();
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the connection was closed");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
