package io.visitorcounter.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Server-sent events over raw sockets. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LiveTest {

    @Test
    void aStreamSaysTheValueAndThenWhatBecomesOfIt() throws Exception {
        try (RunningApp app = RunningApp.start(Map.of("live.interval", "50ms"));
                Watcher watcher = new Watcher(app)) {
            long first = watcher.next();
            app.get("/");
            long second = watcher.next();
            app.get("/");
            app.get("/");
            long last = watcher.next();
            while (last < 3) {
                last = watcher.next();
            }

            assertThat(first).isZero();
            assertThat(second).isEqualTo(1);
            assertThat(last).isEqualTo(3);
            assertThat(watcher.head).contains("Content-Type: text/event-stream", "Cache-Control: no-store");
        }
    }

    @Test
    void oneStreamTooManyIsRefusedAndAClosedOneMakesRoom() throws Exception {
        try (RunningApp app = RunningApp.start(Map.<String, Object>of("live.interval", "50ms", "live.streams", 2))) {
            Watcher leaving = new Watcher(app);
            leaving.next();
            try (Watcher staying = new Watcher(app)) {
                staying.next();

                HttpResponse<String> third = app.get("/counters/visitorCount/live");

                assertThat(third.statusCode()).isEqualTo(503);
                assertThat(third.headers().firstValue("retry-after")).isPresent();
                leaving.close();
                app.get("/"); // the next value is what finds the closed connection
                app.get("/");
                assertThat(eventually(app, "")).isTrue();
            }
        }
    }

    @Test
    void aClosedStreamMakesRoomAtOnceThoughItsCounterIsQuiet() throws Exception {
        try (RunningApp app =
                RunningApp.start(Map.<String, Object>of("live.interval", "50ms", "live.streams-per-address", 1))) {
            for (int i = 0; i < 20; i++) {
                try (Watcher watcher = new Watcher(app)) {
                    assertThat(watcher.head).startsWith("HTTP/1.1 200");
                    assertThat(watcher.next()).isZero();
                }
                awaitNoStream(app, Duration.ofSeconds(5));
            }
        }
    }

    @Test
    void theFirstValueIsNotOlderThanTheStream() throws Exception {
        try (RunningApp app = RunningApp.start(Map.of("live.interval", "1m"));
                Watcher before = new Watcher(app)) {
            before.next();
            for (int visit = 1; visit <= 20; visit++) {
                app.get("/");

                try (Watcher watcher = new Watcher(app)) {
                    assertThat(watcher.next()).isEqualTo(visit);
                }
            }
        }
    }

    @Test
    void aHeadOfAStreamSaysNoLength() throws Exception {
        try (RunningApp app = RunningApp.start(Map.of())) {
            HttpResponse<String> head = app.send("HEAD", "/counters/visitorCount/live");

            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.headers().firstValue("content-type")).contains("text/event-stream");
            assertThat(head.headers().firstValue("content-length")).isEmpty();
            assertThat(app.get("/").body()).endsWith("Visitor Count: 1");
        }
    }

    /** Waits for less than a heartbeat, which finds every closed connection. */
    private static void awaitNoStream(RunningApp app, Duration max) throws Exception {
        long end = System.nanoTime() + max.toNanos();
        while (!app.get("/metrics").body().contains("live_streams 0.0")) {
            assertThat(System.nanoTime()).as("a stream is still open").isLessThan(end);
            Thread.sleep(10);
        }
    }

    @Test
    void oneAddressHasItsShareAndOthersHaveTheirs() throws Exception {
        try (RunningApp app = RunningApp.start(Map.<String, Object>of(
                        "live.interval",
                        "50ms",
                        "live.streams-per-address",
                        2,
                        "http.trusted-proxies",
                        "127.0.0.0/8"));
                Watcher first = new Watcher(app, "1.2.3.4")) {
            Watcher leaving = new Watcher(app, "1.2.3.4");
            first.next();
            leaving.next();

            HttpResponse<String> third = app.get("/counters/visitorCount/live", "X-Forwarded-For", "1.2.3.4");
            try (Watcher other = new Watcher(app, "1.2.3.5")) {
                assertThat(other.next()).isZero();
            }

            assertThat(third.statusCode()).isEqualTo(429);
            assertThat(third.headers().firstValue("retry-after")).contains("15");
            assertThat(third.body()).contains("this address has as many live streams as it may");
            leaving.close();
            assertThat(eventually(app, "1.2.3.4")).isTrue();
        }
    }

    @Test
    void aStopEndsEveryStream() throws Exception {
        RunningApp app = RunningApp.start(Map.of("live.interval", "50ms"));
        try (Watcher watcher = new Watcher(app)) {
            watcher.next();

            app.close();

            assertThat(watcher.ended()).isTrue();
        }
    }

    @Test
    void hundredsOfStreamsSeeTheSameValue() throws Exception {
        try (RunningApp app =
                RunningApp.start(Map.<String, Object>of("live.interval", "50ms", "live.streams-per-address", 0))) {
            List<Watcher> watchers = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                watchers.add(new Watcher(app));
            }
            for (Watcher watcher : watchers) {
                assertThat(watcher.next()).isZero();
            }

            app.get("/");

            for (Watcher watcher : watchers) {
                assertThat(watcher.next()).isEqualTo(1);
                watcher.close();
            }
        }
    }

    /** {@return whether a stream can be opened again, tried for 5 s} */
    private static boolean eventually(RunningApp app, String client) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (System.nanoTime() < end) {
            app.get("/");
            try (Watcher watcher = new Watcher(app, client)) {
                if (watcher.head.startsWith("HTTP/1.1 200")) {
                    return true;
                }
            }
            Thread.sleep(20);
        }
        return false;
    }

    private static final class Watcher implements AutoCloseable {

        private final Socket socket;
        private final BufferedReader in;
        private final String head;

        Watcher(RunningApp app) throws IOException {
            this(app, "");
        }

        /** Watches for a client that a proxy speaks for, where one is named. */
        Watcher(RunningApp app, String client) throws IOException {
            String forwarded = client.isEmpty() ? "" : "X-Forwarded-For: " + client + "\r\n";
            socket = new Socket(InetAddress.getLoopbackAddress(), app.port());
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("GET /counters/visitorCount/live HTTP/1.1\r\nHost: x\r\n" + forwarded + "\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            StringBuilder text = new StringBuilder();
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                text.append(line).append('\n');
            }
            head = text.toString();
        }

        long next() throws IOException {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.startsWith("data: ")) {
                    return Long.parseLong(line.replaceAll(".*\"value\":([0-9]+).*", "$1"));
                }
            }
            throw new IOException("the stream ended");
        }

        boolean ended() throws IOException {
            String line = in.readLine();
            while (line != null) {
                line = in.readLine();
            }
            return true;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
