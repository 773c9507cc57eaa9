package io.visitorcounter.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page as a person meets it, in a real Chromium. Without one these tests are skipped and say so;
 *  {@code -Dtest.chromium=required} makes that a failure. */
class PageIT {

    private static final Path SCREENSHOTS = Path.of("target", "screenshots");

    @TempDir
    static Path folder;

    private static Chromium chromium;

    private RunningApp app;

    @BeforeAll
    static void startChromium() throws Exception {
        Optional<Path> program = Chromium.find();
        String missing = "no chromium on the PATH; install it (Debian: apt-get install chromium)";
        if (Chromium.isRequired()) {
            assertThat(program).as(missing).isPresent();
        }
        assumeTrue(program.isPresent(), missing);
        chromium = Chromium.start(program.orElseThrow(), folder);
    }

    @AfterAll
    static void stopChromium() throws Exception {
        if (chromium != null) {
            chromium.close();
        }
    }

    @BeforeEach
    void startApp() throws Exception {
        app = RunningApp.start(
                Map.of("live.interval", "50ms"),
                Map.of(
                        "RELEASE", "prod@v12",
                        "RELEASE_APP_DIGEST", "sha256:e804baab112233445566778899aabbccddeeff00112233445566778899aabbcc",
                        "RELEASE_BUNDLE_DIGEST",
                                "sha256:5d9c11aa2233445566778899aabbccddeeff00112233445566778899aabbccdd"));
        for (int i = 0; i < 1233; i++) {
            app.get("/");
        }
    }

    @AfterEach
    void stopApp() {
        app.close();
    }

    @Test
    void theCountRisesWhenAnotherClientVisits() throws Exception {
        Chromium.Tab tab = chromium.tab().shownAt(900, 1100, false).open(app.uri("/"));
        String first = tab.says("document.getElementById('count').textContent");

        app.get("/");

        assertThat(first).isEqualTo("1\u202f234");
        assertThat(tab.becomes("document.getElementById('count').textContent === '1\u202f235'"))
                .isTrue();
        assertThat(tab.says("document.getElementById('state').textContent")).isEqualTo("Live");
        assertThat(tab.complaints()).isEmpty();
    }

    @Test
    void theKeyboardPausesAndGoesOn() throws Exception {
        Chromium.Tab tab = chromium.tab().shownAt(900, 1100, false).open(app.uri("/"));
        assertThat(tab.becomes("document.getElementById('state').textContent === 'Live'"))
                .isTrue();
        tab.press("Tab", 9);
        String focused = tab.says("document.activeElement.id");

        tab.press("Enter", 13);
        boolean paused = tab.becomes("document.getElementById('state').textContent === 'Paused'");
        app.get("/");
        app.get("/");
        tab.press("Enter", 13);

        assertThat(focused).isEqualTo("pause");
        assertThat(paused).isTrue();
        assertThat(tab.becomes("document.getElementById('count').textContent === '1\u202f236'"))
                .isTrue();
    }

    @Test
    void withoutScriptsThePageSaysTheSame() throws Exception {
        Chromium.Tab tab =
                chromium.tab().shownAt(900, 1100, false).withoutScripts().open(app.uri("/"));

        tab.screenshot(SCREENSHOTS.resolve("without-scripts.png"));

        assertThat(tab.says("document.body.innerText"))
                .contains(
                        "Welcome to KODEKLOUD!",
                        "1\u202f234",
                        "You are visitor 1\u202f234.",
                        "Last 24 hours",
                        "prod@v12")
                .doesNotContain("Pause");
        assertThat(tab.complaints()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"wide-light, 900, false", "wide-dark, 900, true", "phone-light, 360, false", "phone-dark, 360, true"})
    void aCheckOfAccessibilityFindsNothingAndNothingIsCutOff(String name, int width, boolean dark) throws Exception {
        Chromium.Tab tab = chromium.tab().shownAt(width, 900, dark).open(app.uri("/"));
        assertThat(tab.becomes("document.getElementById('state').textContent === 'Live'"))
                .isTrue();

        tab.screenshot(SCREENSHOTS.resolve(name + ".png"));
        tab.run("document.querySelectorAll('details').forEach((d) => { d.open = true; })");
        tab.run(axe());

        assertThat(
                        tab.says(
                                "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })"
                                        + ".then((r) => JSON.stringify(r.violations.map((v) => v.id + ' ' + v.nodes.map((n) => n.html)), null, 1))"))
                .isEqualTo("[]");
        assertThat(tab.says("document.documentElement.scrollWidth <= window.innerWidth"))
                .isEqualTo("true");
        assertThat(tab.complaints()).isEmpty();
    }

    @Test
    void theBadgeIsAPicture() throws Exception {
        Chromium.Tab tab =
                chromium.tab().shownAt(240, 60, false).open(app.uri("/counters/visitorCount/badge.svg?label=visits"));

        tab.screenshot(SCREENSHOTS.resolve("badge.png"));

        assertThat(tab.says("document.documentElement.getBoundingClientRect().height"))
                .isEqualTo("20");
        assertThat(tab.says("[...document.querySelectorAll('text')].every((t) =>"
                        + " Math.abs(t.getBBox().width - t.getAttribute('textLength')) < 2)"))
                .isEqualTo("true");
        assertThat(tab.complaints()).isEmpty();
    }

    private static String axe() throws Exception {
        try (InputStream in = Objects.requireNonNull(PageIT.class.getResourceAsStream("/axe.min.js"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
