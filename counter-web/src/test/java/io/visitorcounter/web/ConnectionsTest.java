package io.visitorcounter.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients can hold, and what they are told where there is no request yet. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ConnectionsTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    @Test
    void oneAddressCantTakeAllConnections() throws Exception {
        try (RunningApp app = RunningApp.start(Map.of("http.max-connections", 20))) {
            List<Socket> taken = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                taken.add(app.connect("127.0.0.2"));
            }

            String answer = app.exchange("127.0.0.3", GET);

            assertThat(answer).startsWith("HTTP/1.1 200 OK").endsWith("Visitor Count: 1");
            app.awaitMetric("http_server_refusals_total{reason=\"connections\"} 20.0");
            for (Socket socket : taken) {
                socket.close();
            }
            assertThat(eventuallyAnswered(app, "127.0.0.2")).isTrue();
        }
    }

    @Test
    void aTrustedProxyMayTakeAllConnections() throws Exception {
        try (RunningApp app = RunningApp.start(
                Map.<String, Object>of("http.max-connections", 20, "http.trusted-proxies", "127.0.0.2"))) {
            List<Socket> taken = new ArrayList<>();
            for (int i = 0; i < 15; i++) {
                taken.add(app.connect("127.0.0.2"));
            }

            assertThat(app.exchange("127.0.0.2", GET)).startsWith("HTTP/1.1 200 OK");
            for (Socket socket : taken) {
                socket.close();
            }
        }
    }

    @Test
    void clientsThatAskForNothingKeepNobodyWaiting() throws Exception {
        try (RunningApp app = RunningApp.start(Map.of("http.max-connections", 40))) {
            List<Socket> held = new ArrayList<>();
            Socket watching = app.connect("127.0.0.9");
            held.add(watching);
            ask(watching, "GET /counters/visitorCount/live HTTP/1.1\r\nHost: x\r\n\r\n");
            for (int i = 0; i < 60; i++) {
                Socket idle = app.connect("127.0.0." + (10 + i % 5));
                held.add(idle);
                if (i % 3 == 1) {
                    idle.getOutputStream().write("GET / HT".getBytes(StandardCharsets.US_ASCII));
                } else if (i % 3 == 2) {
                    idle.getOutputStream()
                            .write("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                }
            }

            String answer = app.exchange("127.0.0.3", GET);

            assertThat(answer).startsWith("HTTP/1.1 200 OK").endsWith("Visitor Count: 1");
            app.awaitMetric("http_server_refusals_total{reason=\"idle\"}");
            assertThat(app.get("/metrics").body()).contains("live_streams 1.0");
            for (Socket socket : held) {
                socket.close();
            }
        }
    }

    @Test
    void liveStreamsLeaveConnectionsForVisits() throws Exception {
        try (RunningApp app = RunningApp.start(Map.of("http.max-connections", 40))) {
            List<Socket> held = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                Socket watching = app.connect("127.0.0." + (10 + i % 5));
                held.add(watching);
                ask(watching, "GET /counters/visitorCount/live HTTP/1.1\r\nHost: x\r\n\r\n");
            }

            String another = app.exchange("127.0.0.4", "GET /counters/visitorCount/live HTTP/1.1\r\nHost: x\r\n\r\n");

            assertThat(another).startsWith("HTTP/1.1 503").contains("streams");
            assertThat(app.exchange("127.0.0.3", GET)).startsWith("HTTP/1.1 200 OK");
            for (Socket socket : held) {
                socket.close();
            }
        }
    }

    private static void ask(Socket socket, String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        assertThat(AppProcess.line(socket.getInputStream())).isEqualTo("HTTP/1.1 200 OK");
    }

    @Test
    void aLinkWithTrackingTagsIsAVisit() throws Exception {
        try (RunningApp app = RunningApp.start(Map.of())) {
            StringBuilder tags = new StringBuilder("utm_0=1");
            for (int i = 1; i < 60; i++) {
                tags.append("&utm_").append(i).append("=1");
            }

            assertThat(app.get("/?" + tags).body()).endsWith("Visitor Count: 1");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /?PARAMETERS HTTP/1.1~Host: x~~ | 400",
                "GET /% HTTP/1.1~Host: x~~ | 400",
                "GET / HTTP/1.1~No Colon~~ | 400",
                "GET / HTTP/2.0~Host: x~~ | 505",
                "GET / HTTP/3.0~Host: x~~ | 505",
                "GET /some/where HTTP/0.9~Host: x~~ | 505",
                "PRI * HTTP/2.0~~SM~~ | 505",
                "nonsense~~ | 400",
                "GET / HTTP/1.1~~ | 400",
                "GET / HTTP/1.1~Host: a~Host: b~~ | 400",
                "GET / HTTP/1.1~Host: a:b~~ | 400",
                "CONNECT a:1 HTTP/1.1~Host: x~~ | 400",
                "GET /LONG HTTP/1.1~Host: x~~ | 414",
                "GET / HTTP/1.1~Host: x~X: LONG~~ | 431",
            })
    void whatTheServerCantReadIsAProblemAndCounted(String request, int status) throws Exception {
        try (RunningApp app = RunningApp.start(Map.of())) {
            String sent = request.replace("PARAMETERS", "a=b&".repeat(500))
                    .replace("LONG", "x".repeat(30_000))
                    .replace("~", "\r\n");

            String answer = app.exchange("127.0.0.2", sent);

            assertThat(answer)
                    .startsWith("HTTP/1.1 " + status + " ")
                    .contains("Content-Type: application/problem+json\r\n", "Connection: close\r\n", "expected");
            app.awaitMetric(Pattern.compile(
                    "http_server_(refusals_total\\{reason=\"unreadable\"|problems_total\\{status=\"4..\")} 1.0"));
            assertThat(app.value("visitorCount")).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "keep-alive, close",
                "Close ,Upgrade",
                ",close",
                "keep-alive~Connection: close",
            })
    void whoeverSaysCloseInAListIsClosed(String options) throws Exception {
        try (RunningApp app = RunningApp.start(Map.of());
                Socket socket = app.connect("127.0.0.2")) {
            String sent = "GET / HTTP/1.1~Host: x~Connection: " + options + "~~GET / HTTP/1.1~Host: x~~";
            socket.getOutputStream().write(sent.replace("~", "\r\n").getBytes(StandardCharsets.US_ASCII));

            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

            assertThat(answer).contains("Connection: close\r\n").endsWith("Visitor Count: 1");
        }
    }

    @Test
    void aVersionIsReadThatComesInParts() throws Exception {
        try (RunningApp app = RunningApp.start(Map.of());
                Socket socket = app.connect("127.0.0.2")) {
            for (String part : List.of("GET / HTT", "P/", "4", ".0\r", "\nHost: x\r\n\r\n")) {
                socket.getOutputStream().write(part.getBytes(StandardCharsets.US_ASCII));
                assertThat(app.exchange("127.0.0.3", GET)).startsWith("HTTP/1.1 200"); // so that it was read by itself
            }

            assertThat(AppProcess.line(socket.getInputStream())).startsWith("HTTP/1.1 505 ");
        }
    }

    @Test
    void aHeadWhoseRestNeverComesIsCounted() throws Exception {
        try (RunningApp app = RunningApp.start(Map.of("http.read-timeout", "200ms"))) {
            try (Socket slow = app.connect("127.0.0.2")) {
                slow.getOutputStream().write("GET / HTTP/1.1\r\nHost:".getBytes(StandardCharsets.US_ASCII));
                assertThat(slow.getInputStream().readAllBytes()).isEmpty();
            }
            try (Socket gone = app.connect("127.0.0.2")) {
                gone.getOutputStream().write("GET / HT".getBytes(StandardCharsets.US_ASCII));
            }
            assertThat(app.exchange("127.0.0.2", GET)).startsWith("HTTP/1.1 200");

            app.awaitMetric("http_server_refusals_total{reason=\"incomplete\"} 2.0");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /counters/visitorCount/visits HTTP/1.1~Host: x~Content-Length: 2~~{}",
                "POST /counters/visitorCount/visits HTTP/1.1~Host: x~Content-Length: 9~~{}",
                "POST /counters/visitorCount/visits HTTP/1.1~Host: x~Content-Length: 2000~~{}",
                "POST /counters/visitorCount/visits HTTP/1.1~Host: x~Transfer-Encoding: chunked~~2~{}~0~~",
                "GET / HTTP/1.1~Connection: close~Host: x~~GET / HT",
                "GET / HTTP/1.1~Content-Length: 2~~{}",
                "GET / HTTP/1.1~Host: x~X: LONG~~",
                "nonsense~~",
            })
    void aCompleteHeadIsNotCountedAsIncomplete(String request) throws Exception {
        try (RunningApp app = RunningApp.start(Map.of())) {
            String sent = request.replace("LONG", "x".repeat(16_500)).replace("~", "\r\n");
            for (int i = 0; i < 20; i++) {
                app.exchange("127.0.0.2", sent);
            }
            app.exchange("127.0.0.2", "GET / HT");

            app.awaitMetric("http_server_refusals_total{reason=\"incomplete\"} 1.0");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /counters/visitorCount/visits HTTP/1.1~Host: x~Content-Length: 16~~",
                "POST /counters/visitorCount/visits HTTP/1.1~Host: x~Content-Length: 18~~..",
            })
    void aLateBodyIsNoHead(String post) throws Exception {
        try (RunningApp app = RunningApp.start(Map.of());
                Socket socket = app.connect("127.0.0.2")) {
            String get = "GET /health/live HTTP/1.1~Host: x~~";
            for (String part : List.of(get + post, "GET / HTTP/2.0~", get, get.replace("1.1", "2.0"))) {
                socket.getOutputStream().write(part.replace("~", "\r\n").getBytes(StandardCharsets.US_ASCII));
                assertThat(app.exchange("127.0.0.3", GET)).startsWith("HTTP/1.1 200"); // so that it was read by itself
            }

            String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

            assertThat(Pattern.compile("HTTP/1\\.1 \\d+")
                            .matcher(answers)
                            .results()
                            .map(MatchResult::group))
                    .containsExactly("HTTP/1.1 200", "HTTP/1.1 201", "HTTP/1.1 200", "HTTP/1.1 505");
        }
    }

    @Test
    void everyRefusalIsCountedWhateverItsRoute() throws Exception {
        try (RunningApp app = RunningApp.start(Map.of())) {
            app.get("/nothing");
            app.send("DELETE", "/");
            app.get("/counters/-x");
            app.get("/", "Host2", "x".repeat(17_000));

            for (int status : new int[] {404, 405, 400, 431}) {
                app.awaitMetric("http_server_problems_total{status=\"" + status + "\"} 1.0");
            }
        }
    }

    @Test
    void aSmallBodyOfAPostIsDropped() throws Exception {
        try (RunningApp app = RunningApp.start(Map.of())) {
            String post = "POST /counters/visitorCount/visits HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 2\r\n\r\n{}";

            String answers = app.exchange("127.0.0.2", post + post + GET);

            assertThat(answers.split("HTTP/1.1 201 Created", -1)).hasSize(3);
            assertThat(answers).endsWith("Visitor Count: 3");
        }
    }

    @Test
    void aPostWhoseBodyIsCutIsNoVisit() throws Exception {
        try (RunningApp app = RunningApp.start(Map.of())) {
            app.exchange(
                    "127.0.0.2",
                    "POST /counters/visitorCount/visits HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{}");

            assertThat(app.value("visitorCount")).isZero();
        }
    }

    private static boolean eventuallyAnswered(RunningApp app, String from) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (System.nanoTime() < end) {
            try {
                if (app.exchange(from, GET).startsWith("HTTP/1.1 200")) {
                    return true;
                }
            } catch (IOException e) {
                // closed: the places are not free yet
            }
            Thread.sleep(20);
        }
        return false;
    }
}
