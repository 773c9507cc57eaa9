package io.visitorcounter.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The URLs as a client meets them. */
class AppTest {

    private RunningApp app;

    @BeforeEach
    void start() {
        app = RunningApp.start(
                Map.of(),
                Map.of(
                        "RELEASE", "dev@v7",
                        "RELEASE_APP_DIGEST", "sha256:aa",
                        "RELEASE_BUNDLE_DIGEST", "",
                        "SOURCE_COMMIT", "0123456789abcdef0123456789abcdef01234567"));
    }

    @AfterEach
    void stop() {
        app.close();
    }

    @Test
    void theTextIsTheGreetingAndTheVisitorsOwnNumber() throws Exception {
        app.get("/");

        HttpResponse<String> second = app.get("/");

        assertThat(second.body()).isEqualTo("Welcome to KODEKLOUD! Visitor Count: 2");
        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(header(second, "content-type")).startsWith("text/plain");
        assertThat(header(second, "cache-control")).isEqualTo("no-store");
    }

    @Test
    void jsonNamesCounterNumberAndRelease() throws Exception {
        HttpResponse<String> response = app.get("/", "Accept", "application/json");

        assertThat(response.body()).isEqualTo("{\"counter\":\"visitorCount\",\"number\":1,\"release\":\"dev@v7\"}");
    }

    @Test
    void severalAcceptHeadersAreOneList() throws Exception {
        HttpResponse<String> response = app.get("/", "Accept", "image/png", "Accept", "application/json");

        assertThat(header(response, "content-type")).isEqualTo("application/json");
    }

    @Test
    void aBrowserGetsThePage() throws Exception {
        HttpResponse<String> response = app.get("/", "Accept", "text/html,*/*;q=0.8");

        assertThat(header(response, "content-type")).isEqualTo("text/html; charset=utf-8");
        assertThat(response.body())
                .contains("Welcome to KODEKLOUD!")
                .contains(">1<")
                .contains("dev@v7");
        assertThat(app.value("visitorCount")).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "HEAD, Accept, text/plain, head",
        "HEAD, Accept, text/html, head",
        "GET, Sec-Purpose, prefetch;prerender, prefetch",
        "GET, Purpose, prefetch, prefetch",
        "GET, X-Moz, prefetch, prefetch"
    })
    void whatIsNoVisitIsAnsweredButNotCounted(String method, String name, String value, String reason)
            throws Exception {
        app.get("/");

        HttpResponse<String> response = app.send(method, "/", name, value);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "visit-counted")).isEqualTo("?0;reason=" + reason);
        assertThat(app.value("visitorCount")).isEqualTo(1);
    }

    @Test
    void aPrefetchIsOneWhicheverOfItsHeadersSaysSo() throws Exception {
        HttpResponse<String> response =
                app.send("GET", "/", "Sec-Purpose", "preview", "Sec-Purpose", "prefetch", "Purpose", "x");

        assertThat(header(response, "visit-counted")).isEqualTo("?0;reason=prefetch");
        assertThat(app.value("visitorCount")).isZero();
    }

    @Test
    void thePageDoesNotShowTwoCounts() throws Exception {
        for (int visit = 2; visit <= 20; visit += 2) {
            app.get("/");

            String page = app.get("/", "Accept", "text/html").body();

            assertThat(page).contains("data-number=\"" + visit + "\">" + visit + "</strong>");
            assertThat(page.split(">" + visit + " visits</span>", -1)).hasSize(3);
        }
    }

    @Test
    void aVisitOfANamedCounterIsCreated() throws Exception {
        HttpResponse<String> response = app.send("POST", "/counters/docs.page-1/visits");

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.body())
                .isEqualTo("{\"counter\":\"docs.page-1\",\"number\":1,\"generation\":0,\"duplicate\":false}");
        assertThat(header(response, "location")).isEqualTo("/counters/docs.page-1");
    }

    @Test
    void aRepeatedIdempotencyKeyKeepsItsFirstNumber() throws Exception {
        app.send("POST", "/counters/c/visits", "Idempotency-Key", "\"first\"");
        app.send("POST", "/counters/c/visits", "Idempotency-Key", "\"second\"");

        HttpResponse<String> quoted = app.send("POST", "/counters/c/visits", "Idempotency-Key", "\"first\"");
        HttpResponse<String> bare = app.send("POST", "/counters/c/visits", "Idempotency-Key", "first");

        assertThat(quoted.statusCode()).isEqualTo(201);
        assertThat(json(quoted).getLong("number")).isEqualTo(1);
        assertThat(json(quoted).getBoolean("duplicate")).isTrue();
        assertThat(bare.body()).isEqualTo(quoted.body());
        assertThat(app.value("c")).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"\"", "two words"})
    void aMalformedIdempotencyKeyIsRefused(String key) throws Exception {
        HttpResponse<String> response = app.send("POST", "/counters/c/visits", "Idempotency-Key", key);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).getString("detail")).startsWith("Idempotency-Key: expected");
        assertThat(app.value("c")).isZero();
    }

    @Test
    void aCounterThatWasNeverVisitedIsZero() throws Exception {
        assertThat(app.get("/counters/new").body()).isEqualTo("{\"counter\":\"new\",\"value\":0,\"generation\":0}");
    }

    @Test
    void aHistoryHasEveryHourUpToNow() throws Exception {
        app.get("/");
        app.get("/");

        Config response = json(app.get("/counters/visitorCount?history=24h"));

        assertThat(response.getConfigList("history")).hasSize(24);
        assertThat(response.getConfigList("history").stream()
                        .mapToLong(hour -> hour.getLong("visits"))
                        .sum())
                .isEqualTo(2);
        assertThat(response.getConfigList("history").get(0).getString("hour")).endsWith(":00:00Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0h", "24", "32d", "745h", "-1h", "9999999999h", "h"})
    void aHistoryOutOfBoundsIsRefused(String span) throws Exception {
        HttpResponse<String> response = app.get("/counters/c?history=" + span);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).getString("detail")).isEqualTo("history: expected 1h..744h or 1d..31d");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /nothing, 404",
        "GET, /counters, 404",
        "GET, /counters/, 400",
        "GET, /counters/x/, 404",
        "GET, /counters/.., 400",
        "GET, /counters/%2e%2e, 400",
        "GET, /counters/%C3%A9, 400",
        "GET, /counters/a%2Fb, 400",
        "GET, /counters/-x, 400",
        "POST, /, 405",
        "DELETE, /counters/x, 405",
        "GET, /counters/x/visits, 405",
        "TRACE, /, 405",
        "BREW, /, 405",
    })
    void aWrongRequestIsAProblemThatSaysWhy(String method, String path, int status) throws Exception {
        HttpResponse<String> response = app.send(method, path);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(header(response, "content-type")).isEqualTo("application/problem+json");
        assertThat(json(response).getInt("status")).isEqualTo(status);
        assertThat(json(response).getString("detail")).isNotBlank();
        assertThat(app.value("visitorCount")).isZero();
    }

    @Test
    void aPersonIsToldOnAPage() throws Exception {
        HttpResponse<String> page = app.get("/counters/-%3Cb%3E", "Accept", "text/html,*/*;q=0.8");

        assertThat(page.statusCode()).isEqualTo(400);
        assertThat(header(page, "content-type")).isEqualTo("text/html; charset=utf-8");
        assertThat(header(page, "content-security-policy")).startsWith("default-src 'none'");
        assertThat(page.body()).contains("<h1>Bad Request</h1>").doesNotContain("<b>");
    }

    @ParameterizedTest
    @CsvSource({
        "/counters/-/badge.svg, wrong address",
        "/counters/c/badge.svg?count=2, wrong address",
        "/counters/c/badge.svg?label=, wrong address"
    })
    void aBadgeThatCantBeDrawnIsAPictureThatSaysSo(String path, String word) throws Exception {
        String browser = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8";

        HttpResponse<String> picture = app.get(path, "Accept", browser);
        HttpResponse<String> problem = app.get(path, "Accept", "*/*");

        assertThat(picture.statusCode()).isEqualTo(200);
        assertThat(header(picture, "content-type")).isEqualTo("image/svg+xml");
        assertThat(header(picture, "cache-control")).isEqualTo("no-store");
        assertThat(picture.body()).contains("visitors: " + word);
        assertThat(problem.statusCode()).isEqualTo(400);
        assertThat(header(problem, "content-type")).isEqualTo("application/problem+json");
    }

    @Test
    void aWrongMethodIsToldTheRightOnes() throws Exception {
        assertThat(header(app.send("DELETE", "/"), "allow")).isEqualTo("GET, HEAD, OPTIONS");
        assertThat(header(app.send("OPTIONS", "/counters/x/visits"), "allow")).isEqualTo("OPTIONS, POST");
    }

    @Test
    void anAsteriskAsksForWhatTheServerAsAWholeCanDo() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), app.port())) {
            socket.getOutputStream()
                    .write("OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));

            String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

            assertThat(response)
                    .startsWith("HTTP/1.1 204 No Content\r\n")
                    .contains("Allow: DELETE, GET, HEAD, OPTIONS, POST, PUT\r\n");
        }
    }

    @Test
    void theProcessSaysThatItIsUpAndReadyAndWhichReleaseItRuns() throws Exception {
        assertThat(app.get("/health/live").body()).isEqualTo("{\"status\":\"up\"}");
        assertThat(app.get("/health/started").body()).isEqualTo("{\"status\":\"up\"}");
        assertThat(app.get("/health/ready").body()).isEqualTo("{\"status\":\"up\"}");
        assertThat(app.get("/release").body())
                .isEqualTo("{\"environment\":\"dev\",\"version\":7,\"appDigest\":\"sha256:aa\","
                        + "\"bundleDigest\":null,\"contractDigest\":null,"
                        + "\"source\":\"0123456789abcdef0123456789abcdef01234567\"}");
        assertThat(app.get("/", "Accept", "text/html").body()).contains(", source 0123456789ab</p>");
    }

    private static Config json(HttpResponse<String> response) {
        return ConfigFactory.parseString(response.body());
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("(none)");
    }
}
