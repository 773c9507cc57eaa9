package io.visitorcounter.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client may do, and is told. */
class LimitsTest {

    @Test
    void aClientThatSendsTooManyRequestsIsToldToWaitAndOthersAreNot() throws Exception {
        try (RunningApp app =
                RunningApp.start(Map.<String, Object>of("http.rate-limit", 5, "http.trusted-proxies", "127.0.0.0/8"))) {
            // All at once: of so many, five a second can't be all, however slow the machine is.
            String request = "GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 1.2.3.4\r\n";
            String answers =
                    app.exchange("127.0.0.1", (request + "\r\n").repeat(499) + request + "Connection: close\r\n\r\n");

            HttpResponse<String> other = app.get("/", "X-Forwarded-For", "1.2.3.5");
            HttpResponse<String> probe = app.get("/health/ready", "X-Forwarded-For", "1.2.3.4");

            assertThat(answers).startsWith("HTTP/1.1 200").contains("\r\nRetry-After: 1\r\n");
            assertThat(answers.split("HTTP/1.1 429", -1)).hasSizeGreaterThan(1);
            assertThat(other.statusCode()).isEqualTo(200);
            assertThat(probe.statusCode()).isEqualTo(200);
        }
    }

    @Test
    void newCountersAreLimitedAndOldOnesAreNot() throws Exception {
        try (RunningApp app = RunningApp.start(Map.of("new-counters", 3))) {
            for (int i = 0; i < 3; i++) {
                assertThat(app.send("POST", "/counters/c" + i + "/visits").statusCode())
                        .isEqualTo(201);
            }

            HttpResponse<String> fourth = app.send("POST", "/counters/c3/visits");
            HttpResponse<String> badge = app.get("/counters/c4/badge.svg?count=1");
            HttpResponse<String> old = app.send("POST", "/counters/c0/visits");

            assertThat(fourth.statusCode()).isEqualTo(429);
            assertThat(badge.statusCode()).isEqualTo(429);
            assertThat(old.statusCode()).isEqualTo(201);
            assertThat(app.value("c3")).isZero();
        }
    }

    @Test
    void visitsWithAKeyAreLimitedAndOthersAreNot() throws Exception {
        try (RunningApp app = RunningApp.start(Map.of("visit-ids", 3))) {
            long begin = System.nanoTime();
            for (int i = 0; i < 3; i++) {
                assertThat(app.send("POST", "/counters/c/visits", "Idempotency-Key", "k" + i)
                                .statusCode())
                        .isEqualTo(201);
            }

            HttpResponse<String> fourth = app.send("POST", "/counters/c/visits", "Idempotency-Key", "k3");
            HttpResponse<String> without = app.send("POST", "/counters/c/visits");

            assertThat(fourth.statusCode()).isEqualTo(429);
            // One every 20 s, since the first.
            long past = Duration.ofNanos(System.nanoTime() - begin).toSeconds() + 1;
            assertThat(header(fourth, "retry-after").map(Long::valueOf).orElseThrow())
                    .isBetween(Math.max(1, 20 - past), 20L);
            assertThat(without.statusCode()).isEqualTo(201);
            assertThat(app.value("c")).isEqualTo(4);
        }
    }

    @Test
    void aClientThatSendsItsHeadersSlowlyIsCut() throws Exception {
        try (RunningApp app = RunningApp.start(Map.of("http.read-timeout", "300ms"));
                Socket slow = new Socket(InetAddress.getLoopbackAddress(), app.port())) {
            slow.setSoTimeout(10_000);
            slow.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\nX: ".getBytes(StandardCharsets.US_ASCII));

            int end = slow.getInputStream().read();

            assertThat(end).isEqualTo(-1);
            assertThat(app.value("visitorCount")).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/openapi.json"})
    void aClientThatNeverReadsItsAnswersIsCut(String path) throws Exception {
        try (RunningApp app = RunningApp.start(Map.of(
                        "http.read-timeout", "100ms",
                        "http.idle-timeout", "1s",
                        "deadline", "100ms",
                        "live.interval", "50ms"));
                Socket stalling = new Socket()) {
            stalling.setReceiveBufferSize(4096);
            stalling.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), app.port()));
            byte[] requests =
                    ("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").repeat(100).getBytes(StandardCharsets.US_ASCII);
            long begin = System.nanoTime();

            // Blocks while the connection is full, and fails once the server has cut it.
            assertThatThrownBy(() -> {
                        while (true) {
                            stalling.getOutputStream().write(requests);
                        }
                    })
                    .isInstanceOf(IOException.class);

            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(20));
            assertThat(app.get("/").statusCode()).isEqualTo(200);
            // Only the one that asks, once the server too knows that the other is closed.
            app.awaitMetric("\nhttp_server_open 1.0\n");
        }
    }

    @Test
    void aClientThatPausesIsCutAtTheIdleTimeoutAndNoSooner() throws Exception {
        try (RunningApp app = RunningApp.start(Map.of("http.idle-timeout", "1s", "http.read-timeout", "100ms"));
                Socket pausing = new Socket(InetAddress.getLoopbackAddress(), app.port())) {
            pausing.setSoTimeout(10_000);
            for (int i = 1; i <= 3; i++) {
                pausing.getOutputStream()
                        .write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            long begin = System.nanoTime();

            String answers = new String(pausing.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

            assertThat(answers.split("Visitor Count: ", -1)).hasSize(4);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(900));
        }
    }

    @Test
    void aClientOfHttp10IsToldThatItsConnectionEnds() throws Exception {
        try (RunningApp app = RunningApp.start(Map.of());
                Socket old = new Socket(InetAddress.getLoopbackAddress(), app.port())) {
            old.setSoTimeout(10_000);
            old.getOutputStream()
                    .write("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            String response = new String(old.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

            assertThat(response).startsWith("HTTP/1.0 200 OK").endsWith("Visitor Count: 1");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "page, text/html, 0, ?0;reason=bot",
        "page, text/plain, 1, none",
        "all, text/plain, 0, ?0;reason=bot",
        "all, application/json, 0, ?0;reason=bot",
        "none, text/html, 1, none"
    })
    void botsAreAnsweredAndCountedAsTheConfigSays(String ignored, String accept, long counted, String told)
            throws Exception {
        try (RunningApp app = RunningApp.start(Map.of("ignore-bots", ignored))) {
            HttpResponse<String> response =
                    app.get("/", "Accept", accept, "User-Agent", "Mozilla/5.0 (compatible; Googlebot/2.1)");

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(header(response, "visit-counted").orElse("none")).isEqualTo(told);
            assertThat(app.value("visitorCount")).isEqualTo(counted);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ELB-HealthChecker/2.0", "GoogleHC/1.0", "kube-probe/1.29", "Googlebot/2.1", "WhatsApp/2.23"})
    void byDefaultBotsAndHealthCheckersAreNotCountedWhateverTheyAccept(String agent) throws Exception {
        try (RunningApp app = RunningApp.start(Map.of())) {
            for (String accept : List.of("*/*", "text/plain", "text/html", "application/json")) {
                HttpResponse<String> answer = app.get("/", "User-Agent", agent, "Accept", accept);

                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(header(answer, "visit-counted")).contains("?0;reason=bot");
            }
            assertThat(app.value("visitorCount")).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
                "Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36"
            })
    void peopleAreCounted(String agent) throws Exception {
        try (RunningApp app = RunningApp.start(Map.of())) {
            app.get("/", "Accept", "text/html", "User-Agent", agent);

            assertThat(app.value("visitorCount")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "*                               | https://a.example | *",
                "https://a.example, http://b:1   | https://a.example | https://a.example",
                "https://a.example               | https://c.example | none",
                "''                              | https://a.example | none",
            })
    void pagesOfAllowedOriginsMayReadCounters(String allowed, String origin, String expected) throws Exception {
        try (RunningApp app = RunningApp.start(Map.of("http.cors-origins", allowed))) {
            HttpResponse<String> counter = app.get("/counters/c", "Origin", origin);
            HttpResponse<String> home = app.get("/", "Origin", origin);

            assertThat(header(counter, "access-control-allow-origin")).isEqualTo(Optional.ofNullable(expected));
            assertThat(header(home, "access-control-allow-origin")).isEmpty();
        }
    }

    @Test
    void thePageTellsABrowserToTrustNothingElse() throws Exception {
        try (RunningApp app = RunningApp.start(Map.of("greeting", "<b>\"Hi\" & bye</b>"))) {
            HttpResponse<String> page = app.get("/", "Accept", "text/html");
            HttpResponse<String> text = app.get("/");

            assertThat(header(page, "content-security-policy").orElseThrow())
                    .startsWith("default-src 'none'")
                    .doesNotContain("unsafe");
            assertThat(header(page, "x-frame-options")).contains("DENY");
            assertThat(header(page, "referrer-policy")).contains("no-referrer");
            assertThat(header(page, "set-cookie")).isEmpty();
            assertThat(page.body()).doesNotContain("<b>", " style=", "<style", "onclick", "http://", "https://");
            assertThat(header(text, "x-content-type-options")).contains("nosniff");
        }
    }

    @Test
    void thePageAndAllItNeedsIsSmall() throws Exception {
        try (RunningApp app = RunningApp.start(Map.of())) {
            int bytes = 0;
            for (String path : new String[] {"/", "/assets/page.css", "/assets/page.js", "/assets/icon.svg"}) {
                bytes += app.get(path, "Accept", "text/html").body().getBytes(StandardCharsets.UTF_8).length;
            }

            assertThat(bytes).isLessThan(20 * 1024);
        }
    }

    @Test
    void metricsShowVisitsBatchesAndRequests() throws Exception {
        try (RunningApp app = RunningApp.start(Map.of())) {
            app.get("/");
            app.get("/");
            app.get("/nothing");

            String metrics = app.get("/metrics").body();

            assertThat(metrics.lines())
                    .contains("visitorcounter_batch_visits_sum 2.0", "visitorcounter_resends_total 0.0")
                    .anyMatch(
                            line -> line.startsWith("http_server_requests_seconds_count{route=\"/\",status=\"2xx\"} 2"))
                    .anyMatch(line -> line.startsWith("jvm_memory_used_bytes"))
                    .anyMatch(line -> line.startsWith("live_streams 0"))
                    .noneMatch(line -> line.contains("visitorCount"));
        }
    }

    private static Optional<String> header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name);
    }
}
