package io.visitorcounter.web;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import io.visitorcounter.web.config.AppConfig;
import io.visitorcounter.web.config.InvalidConfigException;
import io.visitorcounter.web.health.ReleaseInfo;
import io.visitorcounter.web.http.Router;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The app in this JVM, on a free port of loopback, its visits in memory unless a key says otherwise. */
final class RunningApp implements AutoCloseable {

    private static volatile boolean fastPath = true;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final App app;

    private RunningApp(App app) {
        this.app = app;
    }

    /** Sets whether the next apps take the fast way, unless a key says otherwise. */
    static void setFastPath(boolean value) {
        fastPath = value;
    }

    static RunningApp start(Map<String, ?> keys) {
        return start(keys, Map.of());
    }

    static RunningApp start(Map<String, ?> keys, Map<String, String> release) {
        return start(keys, release, Clock.systemUTC());
    }

    static RunningApp start(Map<String, ?> keys, Map<String, String> release, Clock clock) {
        try {
            return new RunningApp(App.start(config(keys), ReleaseInfo.of(release), clock));
        } catch (StartException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    static AppConfig config(Map<String, ?> keys) {
        Map<String, Object> all = new HashMap<>(Map.<String, Object>of(
                "store", "memory", "http.host", "127.0.0.1", "http.port", 0, "other-counters", "*"));
        all.put("http.fast-path", fastPath);
        all.putAll(keys);
        try {
            Path file = Files.createTempFile("app", ".conf");
            try {
                Files.writeString(
                        file,
                        ConfigFactory.parseMap(all)
                                .withFallback(ConfigFactory.parseResources("reference.conf"))
                                .resolve()
                                .root()
                                .render(ConfigRenderOptions.concise()));
                return AppConfig.read(Map.of("CONFIG_FILE", file.toString()));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InvalidConfigException e) {
            throw new IllegalArgumentException(e);
        }
    }

    int port() {
        return app.port();
    }

    Router router() {
        return app.router;
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    /** Sends a request without a body.
     *
     *  @param headers names and values in turn */
    HttpResponse<String> send(String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri(path)).method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path, String... headers) throws Exception {
        return send("GET", path, headers);
    }

    /** {@return a connection from that address of loopback} */
    Socket connect(String from) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port(), InetAddress.getByName(from), 0);
        socket.setSoTimeout(10_000);
        return socket;
    }

    /** {@return all that the server says to requests that end there} */
    String exchange(String from, String requests) throws IOException {
        try (Socket socket = connect(from)) {
            socket.getOutputStream().write(requests.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    /** Waits until the metrics have a line: what a client sees of a connection may be there a moment before. */
    void awaitMetric(String line) throws Exception {
        awaitMetric(Pattern.compile(Pattern.quote(line)));
    }

    void awaitMetric(Pattern line) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!line.matcher(get("/metrics").body()).find()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not in the metrics within 10 s: " + line);
            }
            Thread.sleep(20);
        }
    }

    long value(String counter) throws Exception {
        return ConfigFactory.parseString(get("/counters/" + counter).body()).getLong("value");
    }

    @Override
    public void close() {
        app.close();
    }
}
