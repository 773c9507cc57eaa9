package io.visitorcounter.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.contract.RedisServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packaged app as a process of its own: {@code java -jar target/counter-web.jar}. With {@code -Dtest.processors=8} it is
 *  told of so many, and so has more than one I/O thread. */
final class AppProcess implements AutoCloseable {

    private static final Path JAR = Path.of("target", "counter-web.jar").toAbsolutePath();
    private static final Pattern LISTENING = Pattern.compile("listening at http://[^:/]+:([0-9]+)");
    private static final long START_SECONDS = 90;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Process process;
    private final Path stdout;
    private final Path stderr;

    private AppProcess(Process process, Path stdout, Path stderr) {
        this.process = process;
        this.stdout = stdout;
        this.stderr = stderr;
    }

    /** {@return the process, just started}
     *
     *  @param folder where it works and its output is kept
     *  @param environment its variables, beside PATH
     *  @param jvm options of the JVM */
    static AppProcess start(Path folder, Map<String, String> environment, String... jvm) throws IOException {
        return start(folder, environment, List.of(jvm), List.of());
    }

    /** {@return the process, counting in a Redis, just started}
     *
     *  @param more lines of its config
     *  @param jvm options of the JVM */
    static AppProcess overRedis(Path folder, RedisServer redis, String more, String... jvm) throws IOException {
        Path config = Files.writeString(
                folder.resolve("app.conf"), reference() + """
                        redis.host = "%s"
                        redis.port = %d
                        redis.password = ""
                        http.port = 0
                        %s
                        """.formatted(redis.host(), redis.port(), more));
        return start(folder, Map.of("CONFIG_FILE", config.toString()), jvm);
    }

    /** {@return a process of one command of the app, just started}
     *
     *  @param arguments of the app */
    static AppProcess command(Path folder, Map<String, String> environment, String... arguments) throws IOException {
        return start(folder, environment, List.of(), List.of(arguments));
    }

    private static AppProcess start(
            Path folder, Map<String, String> environment, List<String> jvm, List<String> arguments) throws IOException {
        if (!Files.exists(JAR)) {
            throw new IllegalStateException(JAR + ": not there; run mvn package");
        }
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        String processors = System.getProperty("test.processors");
        if (processors != null) {
            command.add("-XX:ActiveProcessorCount=" + processors);
        }
        command.addAll(jvm);
        command.addAll(List.of("-jar", JAR.toString()));
        command.addAll(arguments);
        Path stdout = Files.createTempFile(folder, "app", ".out");
        Path stderr = Files.createTempFile(folder, "app", ".err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(stdout.toFile())
                .redirectError(stderr.toFile());
        builder.environment().keySet().retainAll(List.of("PATH"));
        builder.environment().putAll(environment);
        return new AppProcess(builder.start(), stdout, stderr);
    }

    /** {@return the text of reference.conf: a complete config to add keys to} */
    static String reference() throws IOException {
        return Files.readString(Path.of("src", "main", "resources", "reference.conf"));
    }

    /** {@return this, once it says that it listens} */
    AppProcess awaitListening() throws Exception {
        port();
        return this;
    }

    int port() throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (System.nanoTime() < end) {
            Matcher line = LISTENING.matcher(stdout());
            if (line.find()) {
                return Integer.parseInt(line.group(1));
            }
            if (!process.isAlive()) {
                break;
            }
            Thread.sleep(10);
        }
        throw new AssertionError("the app did not start: " + stdout() + stderr());
    }

    /** {@return the response to a GET}
     *
     *  @param headers names and values in turn */
    HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** {@return the numbers that one client got, one request after another}
     *
     *  @param port of the app, or of what is before it
     *  @param stop set by another thread, to end it */
    static List<Long> visits(int port, AtomicBoolean stop) throws Exception {
        AtomicLong maybe = new AtomicLong();
        List<Long> numbers = visits(port, stop, maybe);
        assertThat(maybe).as("visits that were maybe counted").hasValue(0);
        return numbers;
    }

    /** {@return the numbers that one client got, one request after another}
     *
     *  @param port of the app, or of what is before it
     *  @param stop set by another thread, to end it
     *  @param maybe counts the visits that were maybe counted */
    static List<Long> visits(int port, AtomicBoolean stop, AtomicLong maybe) throws Exception {
        HttpClient visitor =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                .build();
        List<Long> numbers = new ArrayList<>();
        while (!stop.get()) {
            HttpResponse<String> response = visitor.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() == 504) {
                maybe.incrementAndGet();
                continue;
            }
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            numbers.add(Long.parseLong(response.body().replaceAll("[^0-9]", "")));
        }
        return numbers;
    }

    /** {@return one line of a response's head} */
    static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the connection was closed");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** Sends SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** {@return the exit code, once it ended} */
    int exit() throws InterruptedException {
        if (!process.waitFor(START_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the app did not end within " + START_SECONDS + " s");
        }
        return process.exitValue();
    }

    String stdout() throws IOException {
        return Files.readString(stdout);
    }

    String stderr() throws IOException {
        return Files.readString(stderr);
    }

    /** Sends SIGKILL. */
    void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        kill();
    }
}
