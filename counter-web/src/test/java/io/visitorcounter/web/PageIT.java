package io.visitorcounter.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page as a person meets it, in a real Chromium. */
class PageIT {

    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final List<String> RULES =
            List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice");

    private static final int VISITS_BEFORE = 1233;

    @TempDir
    static Path folder;

    private static Chromium chromium;

    private RunningApp app;

    @BeforeAll
    static void startChromium() throws Exception {
        chromium = Chromium.start();
    }

    /** A store whose visits are spread over the last 30 days, as no test could make them by visiting. */
    @BeforeAll
    static void countAMonth() throws Exception {
        RunningApp.start(Map.of("store", "sqlite", "sqlite.path", seed().toString()))
                .close();
        long now = Instant.now().getEpochSecond() / 3600;
        try (Connection file = DriverManager.getConnection("jdbc:sqlite:" + seed());
                PreparedStatement value = file.prepareStatement("INSERT INTO counter VALUES('visitorCount', ?, 0, ?)");
                PreparedStatement hour = file.prepareStatement("INSERT INTO hour VALUES('visitorCount', ?, 1)"
                        + " ON CONFLICT(counter, hour) DO UPDATE SET visits = visits + 1")) {
            value.setLong(1, VISITS_BEFORE);
            value.setLong(2, VISITS_BEFORE);
            value.executeUpdate();
            file.setAutoCommit(false);
            for (long i = 0; i < VISITS_BEFORE; i++) {
                hour.setLong(1, now - i * i / 7 % (29 * 24));
                hour.executeUpdate();
            }
            visitors(file, now / 24);
            file.commit();
        }
    }

    /** About 20 to 50 unique visitors on each day but the current one, as they lie in the tables of SQLite. */
    private static void visitors(Connection file, long today) throws Exception {
        try (Statement table = file.createStatement()) {
            table.execute("CREATE TABLE sketch(counter TEXT, day INTEGER, register INTEGER, rank INTEGER NOT NULL,"
                    + " PRIMARY KEY(counter, day, register)) STRICT, WITHOUT ROWID");
        }
        try (PreparedStatement row = file.prepareStatement("INSERT INTO sketch VALUES('visitorCount', ?, ?, ?)")) {
            for (int ago = 1; ago < 30; ago++) {
                for (int register = 0; register < 20 + ago * ago % 31; register++) {
                    row.setLong(1, today - ago);
                    row.setInt(2, register * 97);
                    row.setInt(3, 1 + register % 3);
                    row.executeUpdate();
                }
            }
        }
    }

    private static Path seed() {
        return folder.resolve("month.db");
    }

    @AfterAll
    static void stopChromium() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @BeforeEach
    void startApp() throws Exception {
        Path store = Files.copy(seed(), folder.resolve("visitors.db"), StandardCopyOption.REPLACE_EXISTING);
        app = RunningApp.start(
                Map.<String, Object>of(
                        "live.interval",
                        "50ms",
                        "store",
                        "sqlite",
                        "sqlite.path",
                        store.toString(),
                        // as which Chromium without a screen names itself
                        "ignore-bots",
                        "none",
                        "note-visitors",
                        true),
                Map.of(
                        "RELEASE", "prod@v12",
                        "RELEASE_APP_DIGEST", "sha256:e804baab112233445566778899aabbccddeeff00112233445566778899aabbcc",
                        "RELEASE_BUNDLE_DIGEST",
                                "sha256:5d9c11aa2233445566778899aabbccddeeff00112233445566778899aabbccdd"));
    }

    @AfterEach
    void stopApp() {
        app.close();
    }

    @Test
    void theCountRisesWhenAnotherClientVisits() throws Exception {
        try (Chromium.Shown shown = chromium.page(900, 1100, ColorScheme.LIGHT)) {
            Page page = open(shown, "/");
            assertThat(page.locator("#count")).hasText("1\u202f234");

            app.get("/");

            assertThat(page.locator("#count")).hasText("1\u202f235");
            assertThat(shown.complaints()).isEmpty();
        }
    }

    /** The count, the totals and the running hour and day say the same at every moment. */
    @Test
    void thePageShowsOneCountThoughItRises() throws Exception {
        try (Chromium.Shown shown = chromium.page(900, 1100, ColorScheme.LIGHT)) {
            Page page = open(shown, "/");
            String month = "section:nth-of-type(2) h2 span";
            assertThat(page.locator(month)).hasText("1\u202f234 visits");
            assertThat(page.locator("#you")).isHidden();

            app.get("/");
            app.get("/");

            assertThat(page.locator("#count")).hasText("1\u202f236");
            assertThat(page.locator(month)).hasText("1\u202f236 visits");
            assertThat(page.locator("#you")).hasText("You are visitor 1\u202f234.");
            assertThat(page.locator("#you")).isVisible();
            assertThat(page.evaluate("(() => { const bars = [...document.querySelectorAll('rect.now')];"
                            + " return bars.every((bar) => bar.textContent.endsWith(' ' + bar.closest('section')"
                            + ".querySelector('td').textContent)); })()"))
                    .isEqualTo(true);
            assertThat(shown.complaints()).isEmpty();
        }
    }

    @Test
    void theCountIsNeverLessThanTheVisitorsOwnNumber() throws Exception {
        try (Chromium.Shown shown = chromium.page(900, 1100, ColorScheme.LIGHT)) {
            Page page = shown.page();
            page.addInitScript("window.least = Infinity; document.addEventListener('DOMContentLoaded', () => {"
                    + " const count = document.getElementById('count');"
                    + " new MutationObserver(() => { window.least = Math.min(window.least,"
                    + " Number(count.textContent.replace(/[^0-9]/g, ''))); }).observe(count, {childList: true}); });");
            for (int i = 0; i < 5; i++) {
                page.navigate(app.uri("/").toString());
                assertThat(page.locator("#state")).hasText("Live");
                app.get("/");
                page.waitForFunction("window.least < Infinity");

                assertThat(page.evaluate("window.least >= Number(document.getElementById('count').dataset.number)"))
                        .isEqualTo(true);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "999999, 360",
        "123456789, 360",
        "123456789012, 360",
        "1234567890123, 360",
        "999999999999999, 360",
        "123456789012, 900",
        "999999999999999, 900"
    })
    void aLongCountIsOnOneLineAndNotCutOff(long number, int width) {
        try (Chromium.Shown shown = chromium.page(width, 900, ColorScheme.LIGHT)) {
            Page page = open(shown, "/");

            page.evaluate(
                    "(n) => { const count = document.getElementById('count');"
                            + " const digits = n.length; count.textContent = n.replace(/\\B(?=(\\d{3})+$)/g, '\u202f');"
                            + " count.className = digits < 8 ? '' : digits < 11 ? 'long' : digits < 14 ? 'longer' : 'longest'; }",
                    String.valueOf(number));
            screenshot(page, "count-" + number + "-" + width);

            assertThat(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
                    .isEqualTo(true);
            assertThat(page.evaluate("(() => { const count = document.getElementById('count');"
                            + " return count.getClientRects().length === 1"
                            + " && count.scrollWidth <= count.clientWidth; })()"))
                    .isEqualTo(true);
        }
    }

    @Test
    void noLabelLiesOverABar() {
        try (Chromium.Shown shown = chromium.page(360, 900, ColorScheme.LIGHT)) {
            Page page = open(shown, "/");

            assertThat(page.evaluate("(() => { const over = (a, b) => a.left < b.right && b.left < a.right"
                            + " && a.top < b.bottom && b.top < a.bottom;"
                            + " return [...document.querySelectorAll('svg')].every((svg) => {"
                            + " const bars = [...svg.querySelectorAll('rect')].map((r) => r.getBoundingClientRect());"
                            + " const labels = [...svg.querySelectorAll('text')].map((t) => t.getBoundingClientRect());"
                            + " return labels.every((l, i) => !bars.some((b) => over(l, b))"
                            + " && !labels.some((other, j) => i !== j && over(l, other))); }); })()"))
                    .isEqualTo(true);
        }
    }

    /** The picture that the documentation shows. */
    @Test
    void aPictureOfThePageIsSmall() throws Exception {
        try (Chromium.Shown shown = chromium.page(760, 760, ColorScheme.LIGHT)) {
            Page page = open(shown, "/");
            Path picture = SCREENSHOTS.resolve("page.png");

            page.screenshot(new Page.ScreenshotOptions().setPath(picture));

            assertThat(Files.size(picture)).isLessThan(100 * 1024);
        }
    }

    @Test
    void theKeyboardPausesAndGoesOn() throws Exception {
        try (Chromium.Shown shown = chromium.page(900, 1100, ColorScheme.LIGHT)) {
            Page page = open(shown, "/");

            page.keyboard().press("Tab");
            assertThat(page.locator("#pause")).isFocused();
            page.keyboard().press("Enter");
            assertThat(page.getByRole(AriaRole.STATUS)).hasText("Paused");
            app.get("/");
            app.get("/");
            assertThat(page.locator("#count")).hasText("1\u202f234");
            page.keyboard().press("Enter");

            assertThat(page.locator("#count")).hasText("1\u202f236");
            assertThat(shown.complaints()).isEmpty();
        }
    }

    @Test
    void everyControlIsReachedByTheTabKeyInTheOrderOfReading() throws Exception {
        try (Chromium.Shown shown = chromium.page(900, 1100, ColorScheme.LIGHT)) {
            Page page = open(shown, "/");

            List<String> reached = IntStream.range(0, 7)
                    .mapToObj(i -> {
                        page.keyboard().press("Tab");
                        return (String) page.evaluate("document.activeElement.textContent");
                    })
                    .toList();

            assertThat(reached)
                    .containsExactly("Pause", "As a table", "As a table", "As a table", "JSON", "Badge", "API");
        }
    }

    @Test
    void withoutScriptsThePageSaysTheSame() {
        try (Chromium.Shown shown = chromium.page(
                new Browser.NewContextOptions().setViewportSize(900, 1100).setJavaScriptEnabled(false))) {
            Page page = shown.page();
            page.navigate(app.uri("/").toString());

            screenshot(page, "without-scripts");

            assertThat(page.locator("body").innerText())
                    .contains(
                            "Welcome to KODEKLOUD!",
                            "1\u202f234",
                            "About 1 different visitor today",
                            "Last 24 hours",
                            "Unique visitors, last 30 days",
                            "prod@v12")
                    .doesNotContain("Pause", "You are visitor");
            assertThat(shown.complaints()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"wide-light, 900, LIGHT", "wide-dark, 900, DARK", "phone-light, 360, LIGHT", "phone-dark, 360, DARK"})
    void aCheckOfAccessibilityFindsNothingAndNothingIsCutOff(String name, int width, ColorScheme scheme) {
        try (Chromium.Shown shown = chromium.page(width, 900, scheme)) {
            Page page = open(shown, "/");

            screenshot(page, name);
            page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })");
            screenshot(page, name + "-open");

            assertThat(new AxeBuilder(page).withTags(RULES).analyze().getViolations())
                    .isEmpty();
            assertThat(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
                    .isEqualTo(true);
            assertThat(shown.complaints()).isEmpty();
        }
    }

    @Test
    void theColorsFollowTheSystem() {
        try (Chromium.Shown light = chromium.page(900, 900, ColorScheme.LIGHT);
                Chromium.Shown dark = chromium.page(900, 900, ColorScheme.DARK)) {
            assertThat(open(light, "/").locator("body")).hasCSS("background-color", "rgb(251, 250, 247)");
            assertThat(open(dark, "/").locator("body")).hasCSS("background-color", "rgb(18, 21, 28)");
        }
    }

    @Test
    void aScriptThatIsNotOursDoesNotRunAndTheConsoleSaysSo() {
        try (Chromium.Shown shown = chromium.page(900, 900, ColorScheme.LIGHT)) {
            Page page = open(shown, "/");

            page.evaluate("const s = document.createElement('script'); s.textContent = 'window.ran = true';"
                    + " document.body.append(s)");

            assertThat(page.evaluate("window.ran === true")).isEqualTo(false);
            page.waitForCondition(() -> !shown.complaints().isEmpty());
            assertThat(shown.complaints()).singleElement().asString().contains("Content Security Policy");
        }
    }

    @Test
    void aReadmeElsewhereShowsTheBadge() {
        String badge = app.uri("/counters/visitorCount/badge.svg?label=visits").toString();
        try (Chromium.Shown shown = chromium.page(240, 60, ColorScheme.LIGHT)) {
            Page page = shown.page();
            page.setContent("<img alt='visits' src='" + badge + "'>");

            screenshot(page, "badge");

            assertThat(page.evaluate("document.images[0].naturalHeight")).isEqualTo(20);
            assertThat(shown.complaints()).isEmpty();
        }
    }

    @Test
    void theBadgeIsAsWideAsItsText() {
        String badge = app.uri("/counters/visitorCount/badge.svg?label=Besucher+—+Überall+WWW")
                .toString();
        try (Chromium.Shown shown = chromium.page(400, 60, ColorScheme.LIGHT)) {
            Page page = shown.page();
            page.navigate(badge);

            assertThat(page.evaluate("[...document.querySelectorAll('text')].every((t) =>"
                            + " Math.abs(t.getBBox().width - t.getAttribute('textLength')) < 2)"))
                    .isEqualTo(true);
            assertThat(shown.complaints()).isEmpty();
        }
    }

    /** Opens a page and waits until its stream is there. */
    private Page open(Chromium.Shown shown, String path) {
        Page page = shown.page();
        page.navigate(app.uri(path).toString());
        assertThat(page.locator("#state")).hasText("Live");
        return page;
    }

    private static void screenshot(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(SCREENSHOTS.resolve(name + ".png"))
                .setFullPage(true));
    }
}
