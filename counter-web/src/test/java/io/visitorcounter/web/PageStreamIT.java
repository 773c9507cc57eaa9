package io.visitorcounter.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page says of its stream when that ends or is refused, in a real Chromium. */
class PageStreamIT {

    /** The page's own pause before it asks again for a stream that was refused. */
    private static final int PAUSE_MILLIS = 30_000;

    private static Chromium chromium;

    @BeforeAll
    static void start() throws Exception {
        chromium = Chromium.start();
    }

    @AfterAll
    static void stop() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @Test
    void aStreamThatEndsIsOpenedAnewAndTheCountGoesOn(@TempDir Path folder) throws Exception {
        Map<String, Object> keys = Map.of(
                "ignore-bots",
                "none",
                "store",
                "sqlite",
                "sqlite.path",
                folder.resolve("visitors.db").toString(),
                "live.interval",
                "50ms");
        try (Chromium.Shown shown = chromium.page(900, 1100, ColorScheme.LIGHT)) {
            Page page = shown.page();
            int port;
            try (RunningApp first = RunningApp.start(keys)) {
                port = first.port();
                page.navigate(first.uri("/").toString());
                assertThat(page.locator("#state")).hasText("Live");
            }
            assertThat(page.locator("#state")).hasText("Reconnecting");

            try (RunningApp second = RunningApp.start(with(keys, port))) {
                second.get("/");

                assertThat(page.locator("#state")).hasText("Live");
                assertThat(page.locator("#count")).hasText("2");
            }
        }
    }

    private static Map<String, Object> with(Map<String, Object> keys, int port) {
        Map<String, Object> all = new java.util.HashMap<>(keys);
        all.put("http.port", port);
        return all;
    }

    @Test
    void aStreamThatIsRefusedIsSaidAndAskedForAgain() throws Exception {
        try (RunningApp app = RunningApp.start(Map.<String, Object>of(
                        "ignore-bots", "none", "live.streams", 1, "live.interval", "50ms", "http.idle-timeout", "2s"));
                Chromium.Shown shown = chromium.page(900, 1100, ColorScheme.LIGHT)) {
            Page page = shown.page();
            page.clock().install();
            try (Socket other = new Socket(InetAddress.getLoopbackAddress(), app.port())) {
                other.getOutputStream()
                        .write("GET /counters/visitorCount/live HTTP/1.1\r\nHost: x\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                assertThat(other.getInputStream().read()).isPositive();

                page.navigate(app.uri("/").toString());

                assertThat(page.locator("#state")).hasText("Not live");
                assertThat(page.locator("#count")).hasText("1");
            }
            page.waitForCondition(() -> streams(app) == 0);
            app.get("/");

            page.clock().fastForward(PAUSE_MILLIS);

            assertThat(page.locator("#state")).hasText("Live");
            assertThat(page.locator("#count")).hasText("2");
        }
    }

    private static int streams(RunningApp app) {
        try {
            return app.get("/metrics")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith("live_streams "))
                    .mapToInt(line -> (int) Double.parseDouble(line.substring(line.indexOf(' '))))
                    .sum();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
