package io.visitorcounter.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** The machine's own headless Chromium, driven by Playwright, which runs on the machine's Node.js or, with the Maven
 *  profile {@code node}, on its own. It downloads neither. */
final class Chromium implements AutoCloseable {

    private static final int OLDEST_NODE = 20;

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    /** {@return a browser}; where a part of it is missing, the test is skipped with the reason, or failed with it if
     *  {@code test.chromium} or {@code TEST_CHROMIUM} is {@code required} */
    static Chromium start() throws Exception {
        Optional<Path> program = program("chromium", "chromium-browser", "google-chrome");
        needed(program.isPresent(), "no chromium on the PATH; install it (Debian: apt-get install chromium)");
        Map<String, String> environment = new HashMap<>();
        environment.put("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        if (!carriesNode()) {
            Optional<Path> node = program("node", "nodejs");
            needed(
                    node.isPresent() && major(node.get()) >= OLDEST_NODE,
                    "no Node.js " + OLDEST_NODE + " or newer on the PATH, which Playwright runs on;"
                            + " install it, or run mvn -Pnode, which downloads one (200 MB)");
            environment.put("PLAYWRIGHT_NODEJS_PATH", node.orElseThrow().toString());
        }
        Playwright playwright = Playwright.create(new Playwright.CreateOptions().setEnv(environment));
        Browser browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(program.orElseThrow())
                        .setArgs(List.of("--disable-gpu", "--disable-dev-shm-usage")));
        return new Chromium(playwright, browser);
    }

    /** {@return an empty page in a context of its own, as narrow and as dark as said} */
    Shown page(int width, int height, ColorScheme scheme) {
        return page(
                new Browser.NewContextOptions().setViewportSize(width, height).setColorScheme(scheme));
    }

    Shown page(Browser.NewContextOptions options) {
        Page page = browser.newContext(options).newPage();
        Shown shown = new Shown(page, new CopyOnWriteArrayList<>());
        page.onConsoleMessage(
                message -> shown.complaints().add(message.type() + ": " + message.text() + " " + message.location()));
        page.onPageError(shown.complaints()::add);
        return shown;
    }

    /** A page, and all that its console said: errors, warnings, violations of the content security policy. */
    record Shown(Page page, List<String> complaints) implements AutoCloseable {

        @Override
        public void close() {
            page.context().close();
        }
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }

    private static void needed(boolean there, String missing) {
        if (System.getProperty("test.chromium", System.getenv().getOrDefault("TEST_CHROMIUM", "auto"))
                .equals("required")) {
            assertThat(there).as(missing).isTrue();
        }
        assumeTrue(there, missing);
    }

    private static Optional<Path> program(String... names) {
        return List.of(names).stream()
                .flatMap(name ->
                        List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)).stream()
                                .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static boolean carriesNode() {
        return Chromium.class.getResource("/driver/linux") != null;
    }

    private static int major(Path node) throws Exception {
        Process process = new ProcessBuilder(node.toString(), "--version").start();
        String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        process.waitFor(10, TimeUnit.SECONDS);
        return Integer.parseInt(version.strip().replaceAll("^v|\\..*$", ""));
    }
}
