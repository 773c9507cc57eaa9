package io.visitorcounter.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.visitorcounter.core.contract.OneDay;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How many unique visitors there were, as clients and operators see it. */
class UniqueVisitorsTest {

    private static final Pattern NOTES = Pattern.compile("visitors_notes_total\\{outcome=\"(\\w+)\"} ([0-9.]+)");

    @TempDir
    Path folder;

    private static RunningApp start(Map<String, ?> more) {
        return RunningApp.start(noting(more));
    }

    /** Each test speaks for many clients, as a proxy does. */
    private static Map<String, Object> noting(Map<String, ?> more) {
        Map<String, Object> keys =
                new HashMap<>(Map.<String, Object>of("note-visitors", true, "http.trusted-proxies", "127.0.0.0/8"));
        keys.putAll(more);
        return keys;
    }

    private static void visit(RunningApp app, String client, String agent) throws Exception {
        assertThat(app.get("/", "X-Forwarded-For", client, "User-Agent", agent).statusCode())
                .isEqualTo(200);
    }

    private static long today(RunningApp app, String counter) throws Exception {
        return read(app, counter, "").getLong("today");
    }

    private static Config read(RunningApp app, String counter, String query) throws Exception {
        return ConfigFactory.parseString(
                app.get("/counters/" + counter + "/visitors" + query).body());
    }

    /** Waits until so many notes have an outcome; a note is not waited for by the visit that it belongs to. */
    private static void awaitNotes(RunningApp app, String outcome, int expected) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        long notes = notes(app, outcome);
        while (notes < expected && System.nanoTime() < end) {
            Thread.onSpinWait();
            notes = notes(app, outcome);
        }
        assertThat(notes).as(outcome).isEqualTo(expected);
    }

    private static long notes(RunningApp app, String outcome) throws Exception {
        Matcher notes = NOTES.matcher(app.get("/metrics").body());
        while (notes.find()) {
            if (notes.group(1).equals(outcome)) {
                return (long) Double.parseDouble(notes.group(2));
            }
        }
        throw new AssertionError("no metric of the outcome " + outcome);
    }

    @Test
    void anAddressWithAUserAgentIsAVisitorHoweverOftenItComes() throws Exception {
        OneDay.run(() -> {
            try (RunningApp app = start(Map.of())) {
                for (int visit = 0; visit < 3; visit++) {
                    for (String agent : new String[] {"Firefox", "Firefox 2", "x".repeat(300)}) {
                        visit(app, "203.0.113.7", agent);
                        visit(app, "203.0.113.8", agent);
                    }
                }
                awaitNotes(app, "noted", 6);

                assertThat(today(app, "visitorCount")).isEqualTo(6);
                assertThat(app.value("visitorCount")).isEqualTo(18);
            }
        });
    }

    @Test
    void anIpv6VisitorIsItsNetwork() throws Exception {
        OneDay.run(() -> {
            try (RunningApp app = start(Map.of())) {
                visit(app, "2001:db8::1", "Firefox");
                visit(app, "2001:db8::2", "Firefox");
                visit(app, "2001:db8:0:1::1", "Firefox");
                awaitNotes(app, "noted", 2);

                assertThat(today(app, "visitorCount")).isEqualTo(2);
            }
        });
    }

    /** Whoever is not a trusted proxy can't make visitors up by naming others. */
    @Test
    void aStrangersWordAboutAnAddressIsNotTaken() throws Exception {
        OneDay.run(() -> {
            try (RunningApp app = RunningApp.start(Map.of("note-visitors", true))) {
                for (int i = 0; i < 5; i++) {
                    app.get("/", "X-Forwarded-For", "203.0.113." + i, "User-Agent", "Firefox");
                }
                awaitNotes(app, "noted", 1);

                assertThat(today(app, "visitorCount")).isEqualTo(1);
            }
        });
    }

    @Test
    void everyWayOfVisitingIsNotedForItsCounter() throws Exception {
        OneDay.run(() -> {
            try (RunningApp app = start(Map.of())) {
                app.get("/", "X-Forwarded-For", "203.0.113.1");
                app.get("/", "X-Forwarded-For", "203.0.113.2", "Accept", "text/html");
                app.get("/", "X-Forwarded-For", "203.0.113.3", "Accept", "application/json");
                app.send("POST", "/counters/docs/visits", "X-Forwarded-For", "203.0.113.1");
                app.get("/counters/docs/badge.svg?count=1", "X-Forwarded-For", "203.0.113.2");
                awaitNotes(app, "noted", 5);

                assertThat(today(app, "visitorCount")).isEqualTo(3);
                assertThat(today(app, "docs")).isEqualTo(2);
                assertThat(today(app, "never")).isZero();
            }
        });
    }

    @ParameterizedTest
    @CsvSource({
        "HEAD, /, Firefox",
        "GET, /, Googlebot/2.1",
        "GET, /counters/visitorCount, Firefox",
        "GET, /counters/visitorCount/badge.svg, Firefox",
        "POST, /counters/visitorCount/visits, Googlebot/2.1"
    })
    void whatIsNoVisitIsNotNoted(String method, String path, String agent) throws Exception {
        OneDay.run(() -> {
            try (RunningApp app = start(Map.of())) {
                app.send(method, path, "X-Forwarded-For", "203.0.113.1", "User-Agent", agent);
                visit(app, "203.0.113.2", "Firefox");
                awaitNotes(app, "noted", 1);

                assertThat(today(app, "visitorCount")).isEqualTo(1);
            }
        });
    }

    @Test
    void aConnectionThatStaysOpenIsNotedAnewOnTheNextDay() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        InstantSource clock = now::get;
        try (RunningApp app = RunningApp.start(noting(Map.of()), Map.of(), clock.withZone(ZoneOffset.UTC));
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), app.port())) {
            for (int visit = 1; visit <= 3; visit++) {
                ask(socket);
                awaitNotes(app, "noted", 1);
            }
            now.updateAndGet(time -> time.plus(Duration.ofDays(1)));
            ask(socket);

            awaitNotes(app, "noted", 2);
        }
    }

    private static void ask(Socket socket) throws Exception {
        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        byte[] answer = new byte[8192];
        int read = 0;
        while (!new String(answer, 0, read, StandardCharsets.US_ASCII).contains("Visitor Count")) {
            read += socket.getInputStream().read(answer, read, answer.length - read);
        }
    }

    @Test
    void theDaysEndTodayAndThoseWithoutVisitorsAreThere() throws Exception {
        OneDay.run(() -> {
            try (RunningApp app = start(Map.of())) {
                visit(app, "203.0.113.7", "Firefox");
                awaitNotes(app, "noted", 1);

                Config month = read(app, "visitorCount", "?days=31");

                assertThat(month.getConfigList("days")).hasSize(31);
                assertThat(month.getConfigList("days").get(30).getLong("visitors"))
                        .isEqualTo(1);
                assertThat(month.getConfigList("days").get(30).getString("day"))
                        .isEqualTo(OneDay.today().toString());
                assertThat(month.getConfigList("days").get(0).getLong("visitors"))
                        .isZero();
                assertThat(read(app, "visitorCount", "").getConfigList("days")).hasSize(1);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "32", "-1", "1d", "099", "99999999999"})
    void daysOutOfBoundsAreRefused(String days) throws Exception {
        try (RunningApp app = start(Map.of())) {
            HttpResponse<String> response = app.get("/counters/c/visitors?days=" + days);

            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(response.body()).contains("days: expected 1..31");
        }
    }

    @Test
    void withoutTheKeyNobodyIsNotedAndThereIsNothingToRead() throws Exception {
        Path file = folder.resolve("visitors.db");
        try (RunningApp app = RunningApp.start(Map.of("store", "sqlite", "sqlite.path", file.toString()))) {
            app.get("/", "User-Agent", "Firefox");
            app.send("POST", "/counters/visitorCount/visits", "User-Agent", "Firefox");

            HttpResponse<String> response = app.get("/counters/visitorCount/visitors");

            assertThat(response.statusCode()).isEqualTo(404);
            assertThat(response.body()).contains("no-visitors");
            assertThat(app.get("/", "Accept", "text/html").body()).doesNotContain("different visitor");
            assertThat(app.get("/metrics").body()).doesNotContain("visitors_notes");
        }
        try (Connection sql = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement tables = sql.createStatement()) {
            assertThat(tables.executeQuery("SELECT 1 FROM sqlite_schema WHERE name IN ('salt', 'sketch')")
                            .next())
                    .isFalse();
        }
    }

    @Test
    void thePageSaysHowManyThereWereToday() throws Exception {
        try (RunningApp app = start(Map.of())) {
            String first = app.get("/", "Accept", "text/html", "X-Forwarded-For", "203.0.113.1")
                    .body();

            assertThat(first)
                    .contains("About 1 different visitor today")
                    .contains("Unique visitors, last 30 days (UTC)");
        }
    }

    /** What can't be noted takes nothing from what is counted. */
    @Test
    void aStoreThatCantNoteVisitorsCountsThemAllTheSame() throws Exception {
        Path file = folder.resolve("visitors.db");
        makeForeignTable(file);
        try (RunningApp app = start(Map.of("store", "sqlite", "sqlite.path", file.toString()))) {
            visit(app, "203.0.113.7", "Firefox");
            awaitNotes(app, "failed", 1);
            visit(app, "203.0.113.7", "Firefox");
            awaitNotes(app, "failed", 2);

            String page = app.get("/", "Accept", "text/html", "X-Forwarded-For", "203.0.113.7")
                    .body();

            assertThat(page).contains("data-number=\"3\"", "3 visits").doesNotContain("different visitor");
            assertThat(app.get("/counters/visitorCount/visitors").statusCode()).isEqualTo(503);
            assertThat(app.get("/health/ready").statusCode()).isEqualTo(200);
        }
    }

    private static void makeForeignTable(Path file) throws SQLException {
        try (RunningApp app = RunningApp.start(Map.of("store", "sqlite", "sqlite.path", file.toString()))) {
            assertThat(app.port()).isPositive();
        }
        try (Connection sql = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement table = sql.createStatement()) {
            table.execute("CREATE TABLE sketch(something TEXT)");
        }
    }
}
