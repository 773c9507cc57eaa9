package io.visitorcounter.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** The app's image in a Docker container of 128 MiB, as the docs run it, but on the network of this machine. */
final class AppContainer implements AutoCloseable {

    private static final String IMAGE = "localhost/counter-web:of-a-test";
    private static final long START_SECONDS = 60;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String id;
    private final int port;

    private AppContainer(String id, int port) {
        this.id = id;
        this.port = port;
    }

    /** Makes the image: the one that the build has packaged without a base, on the one that {@code TEST_JRE_IMAGE} names.
     *  Where that says nothing, the tests are skipped.
     *
     *  @param folder to make it in */
    static void build(Path folder) throws Exception {
        String base = System.getenv("TEST_JRE_IMAGE");
        if (base == null) {
            abort("no Docker to run the image in: TEST_JRE_IMAGE names an image with a Java, which .ci/run makes");
        }
        Map<String, byte[]> files = ImageIT.untar(Files.readAllBytes(Path.of("target", "image-to-test", "image.tar")));
        Config manifest = json("{\"images\":" + text(files, "manifest.json") + "}")
                .getConfigList("images")
                .get(0);
        Config config = json(text(files, manifest.getString("Config"))).getConfig("config");
        List<String> lines = new ArrayList<>(List.of("FROM " + base));
        for (String layer : manifest.getStringList("Layers")) {
            Files.write(folder.resolve(layer), Objects.requireNonNull(files.get(layer)));
            lines.add("ADD " + layer + " /");
        }
        config.getStringList("Env").forEach(variable -> lines.add("ENV " + variable));
        lines.add("USER " + config.getString("User"));
        lines.add("WORKDIR " + config.getString("WorkingDir"));
        lines.add("ENTRYPOINT " + config.getList("Entrypoint").render(ConfigRenderOptions.concise()));
        Files.write(folder.resolve("Dockerfile"), lines);
        docker("build", "--quiet", "--tag", IMAGE, folder.toString());
    }

    /** {@return the app, serving}
     *
     *  @param folder for its config
     *  @param config the text of a complete one, without http.port */
    static AppContainer start(Path folder, String config) throws Exception {
        int port = freePort();
        Path file = Files.writeString(folder.resolve("app.conf"), config + "http.port = " + port + "\n");
        String id = docker(
                "run",
                "--detach",
                "--network=host",
                "--read-only",
                "--cap-drop=ALL",
                "--security-opt=no-new-privileges",
                "--memory=128m",
                "--memory-swap=128m",
                "--env=CONFIG_FILE=/app/app.conf",
                "--volume=" + file + ":/app/app.conf:ro",
                IMAGE);
        // behind what the engine may warn of
        AppContainer app = new AppContainer(id.lines().reduce("", (before, line) -> line), port);
        try {
            app.awaitReady();
        } catch (Exception | AssertionError e) {
            app.close();
            throw e;
        }
        return app;
    }

    private void awaitReady() throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (System.nanoTime() < end && state().startsWith("true")) {
            try {
                if (get("/health/ready").statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                // it does not listen yet
            }
            Thread.sleep(50);
        }
        throw new AssertionError("the container did not serve: " + log());
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    int port() {
        return port;
    }

    HttpResponse<String> get(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(START_SECONDS))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** {@return whether it runs, whether it was killed for its memory, and its exit code} */
    String state() throws Exception {
        return docker("inspect", "--format", "{{.State.Running}} {{.State.OOMKilled}} {{.State.ExitCode}}", id);
    }

    /** {@return the most memory that it ever had resident beside the files that it maps, in MiB} */
    long resident() throws Exception {
        Path status = Path.of("/proc", docker("inspect", "--format", "{{.State.Pid}}", id), "status");
        List<String> lines = Files.readAllLines(status);
        return (kib(lines, "VmHWM:") - kib(lines, "RssFile:")) / 1024;
    }

    private static long kib(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }

    /** Sends SIGTERM.
     *
     *  @return how long it took to end */
    Duration stop() throws Exception {
        long begin = System.nanoTime();
        docker("stop", "--time=60", id);
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    String log() throws Exception {
        return docker("logs", "--tail=50", id);
    }

    @Override
    public void close() throws IOException {
        try {
            docker("rm", "--force", "--volumes", id);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String docker(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        // the builder of every engine, which takes layers as they are
        builder.environment().put("DOCKER_BUILDKIT", "0");
        Process process = builder.start();
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor())
                .as("%s: %s", String.join(" ", command), answer)
                .isZero();
        return answer;
    }

    private static String text(Map<String, byte[]> files, String name) {
        return new String(Objects.requireNonNull(files.get(name), name), StandardCharsets.UTF_8);
    }

    private static Config json(String text) {
        return ConfigFactory.parseString(
                text,
                com.typesafe.config.ConfigParseOptions.defaults().setSyntax(com.typesafe.config.ConfigSyntax.JSON));
    }
}
