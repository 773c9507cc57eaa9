package io.visitorcounter.web;

import java.io.IOException;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packaged app as a process of its own: {@code java -jar target/counter-web.jar}. */
final class AppProcess implements AutoCloseable {

    private static final Path JAR = Path.of("target", "counter-web.jar").toAbsolutePath();
    private static final Pattern LISTENING = Pattern.compile("listening at http://[^:/]+:([0-9]+)");
    private static final long START_SECONDS = 30;

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

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
