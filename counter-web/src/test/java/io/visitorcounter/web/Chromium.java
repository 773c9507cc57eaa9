package io.visitorcounter.web;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import io.visitorcounter.web.json.Json;
import java.io.File;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real headless Chromium, spoken to over the DevTools protocol: a process, a web socket, and no driver of 190 MB. */
final class Chromium implements AutoCloseable {

    private static final Pattern LISTENING = Pattern.compile("DevTools listening on (ws://\\S+)");
    private static final long SECONDS = 30;

    private final Process process;
    private final WebSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<Config>> waiting = new ConcurrentHashMap<>();
    private final List<Config> events = new CopyOnWriteArrayList<>();

    private Chromium(Process process, URI devTools) throws Exception {
        this.process = process;
        this.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(devTools, new Listener())
                .get(SECONDS, TimeUnit.SECONDS);
    }

    /** {@return the program's path, where {@code test.chromium} names one or one is on the PATH} */
    static Optional<Path> find() {
        return List.of("chromium", "chromium-browser", "google-chrome").stream()
                .flatMap(name ->
                        List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)).stream()
                                .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** {@return whether a missing browser fails the tests} */
    static boolean isRequired() {
        return System.getProperty("test.chromium", System.getenv().getOrDefault("TEST_CHROMIUM", "auto"))
                .equals("required");
    }

    static Chromium start(Path program, Path folder) throws Exception {
        Path log = folder.resolve("chromium.log");
        Process process = new ProcessBuilder(
                        program.toString(),
                        "--headless",
                        "--no-sandbox", // it shows nothing but our own page, and root may have no sandbox
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--hide-scrollbars",
                        "--no-first-run",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + folder.resolve("profile"),
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (System.nanoTime() < end && process.isAlive()) {
            Matcher line = LISTENING.matcher(Files.readString(log));
            if (line.find()) {
                return new Chromium(process, URI.create(line.group(1)));
            }
            Thread.sleep(20);
        }
        process.destroyForcibly();
        throw new IllegalStateException(program + " did not start: " + Files.readString(log));
    }

    /** {@return a new tab, empty} */
    Tab tab() throws Exception {
        String target = call("", "Target.createTarget", params -> params.put("url", "about:blank"))
                .getString("targetId");
        String session = call(
                        "",
                        "Target.attachToTarget",
                        params -> params.put("targetId", target).put("flatten", true))
                .getString("sessionId");
        Tab tab = new Tab(session);
        for (String domain : List.of("Page", "Runtime", "Log")) {
            tab.call(domain + ".enable", params -> {});
        }
        return tab;
    }

    private Config call(String session, String method, Consumer<Json> params) throws Exception {
        int id = ids.incrementAndGet();
        CompletableFuture<Config> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        String message = Json.object(json -> {
            json.put("id", id).put("method", method).putObject("params", params);
            if (!session.isEmpty()) {
                json.put("sessionId", session);
            }
        });
        socket.sendText(message, true).get(SECONDS, TimeUnit.SECONDS);
        Config got = answer.get(SECONDS, TimeUnit.SECONDS);
        if (got.hasPath("error")) {
            throw new IllegalStateException(method + ": " + got.getConfig("error"));
        }
        return got.getConfig("result");
    }

    @Override
    public void close() {
        socket.abort();
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** One page. */
    final class Tab {

        private final String session;

        private Tab(String session) {
            this.session = session;
        }

        private Config call(String method, Consumer<Json> params) throws Exception {
            return Chromium.this.call(session, method, params);
        }

        /** Sets how the page is shown; to be called before {@link #open}. */
        Tab shownAt(int width, int height, boolean dark) throws Exception {
            call(
                    "Emulation.setDeviceMetricsOverride",
                    params -> params.put("width", width)
                            .put("height", height)
                            .put("deviceScaleFactor", 1)
                            .put("mobile", false));
            call(
                    "Emulation.setEmulatedMedia",
                    params -> params.putArray(
                            "features",
                            List.of(dark ? "dark" : "light"),
                            (feature, scheme) ->
                                    feature.put("name", "prefers-color-scheme").put("value", scheme)));
            return this;
        }

        Tab withoutScripts() throws Exception {
            call("Emulation.setScriptExecutionDisabled", params -> params.put("value", true));
            return this;
        }

        /** Opens a page and waits until all it names is there. */
        Tab open(URI uri) throws Exception {
            call("Page.navigate", params -> params.put("url", uri.toString()));
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            while (events.stream().noneMatch(event -> is(event, "Page.loadEventFired"))) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException(uri + " did not load");
                }
                Thread.sleep(10);
            }
            return this;
        }

        /** {@return what the expression says, as text; a promise is waited for} */
        String says(String expression) throws Exception {
            Config result = call(
                    "Runtime.evaluate",
                    params -> params.put("expression", "Promise.resolve(" + expression + ").then(String)")
                            .put("awaitPromise", true)
                            .put("returnByValue", true));
            if (result.hasPath("exceptionDetails")) {
                throw new IllegalStateException(expression + ": " + result.getConfig("exceptionDetails"));
            }
            return result.getString("result.value");
        }

        /** Runs a script without looking at its result. */
        void run(String script) throws Exception {
            call("Runtime.evaluate", params -> params.put("expression", script));
        }

        /** {@return whether the expression became true, tried for 10 s} */
        boolean becomes(String expression) throws Exception {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (!says(expression).equals("true")) {
                if (System.nanoTime() > end) {
                    return false;
                }
                Thread.sleep(20);
            }
            return true;
        }

        void press(String key, int code) throws Exception {
            call(
                    "Input.dispatchKeyEvent",
                    params -> params.put("type", "keyDown")
                            .put("key", key)
                            .put("code", key)
                            .put("windowsVirtualKeyCode", code)
                            .put("text", key.equals("Enter") ? "\r" : ""));
            call(
                    "Input.dispatchKeyEvent",
                    params -> params.put("type", "keyUp")
                            .put("key", key)
                            .put("code", key)
                            .put("windowsVirtualKeyCode", code));
        }

        void screenshot(Path file) throws Exception {
            Files.createDirectories(file.toAbsolutePath().getParent());
            String image = call("Page.captureScreenshot", params -> params.put("captureBeyondViewport", true))
                    .getString("data");
            Files.write(file, Base64.getDecoder().decode(image));
        }

        /** {@return what the console says: errors, warnings, violations of the content security policy} */
        List<String> complaints() {
            List<String> all = new ArrayList<>();
            for (Config event : events) {
                if (is(event, "Runtime.exceptionThrown")
                        || is(event, "Runtime.consoleAPICalled")
                        || is(event, "Log.entryAdded")) {
                    all.add(event.getConfig("params").root().render());
                }
            }
            return all;
        }

        private boolean is(Config event, String method) {
            return event.getString("method").equals(method)
                    && event.hasPath("sessionId")
                    && event.getString("sessionId").equals(session);
        }
    }

    private final class Listener implements WebSocket.Listener {

        private final StringBuilder message = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            message.append(part);
            if (last) {
                take(message.toString());
                message.setLength(0);
            }
            from.request(1);
            return CompletableFuture.completedFuture(null);
        }

        private void take(String text) {
            Config got = ConfigFactory.parseString(
                    text, ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON));
            if (got.hasPath("id")) {
                CompletableFuture<Config> answer = waiting.remove(got.getInt("id"));
                if (answer != null) {
                    answer.complete(got);
                }
            } else {
                events.add(got);
            }
        }
    }
}
