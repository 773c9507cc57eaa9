package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import io.visitorcounter.release.CountingApp;
import io.visitorcounter.release.Digest;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Releases that run in a real Docker. Needs its engine, and in {@code TEST_JRE_IMAGE} an image with a JRE in a registry
 *  of this machine, as {@code .ci/run} gives it; then nothing is optional. */
@Timeout(180)
class EngineRunIT {

    private static final String CONTRACT = """
        {"type":"object","additionalProperties":false,"properties":{
        "greeting":{"type":"string","default":"hello","env":"GREETING","description":"what it says"},
        "port":{"type":"integer","minimum":1,"maximum":65535,"default":8080,"env":"HTTP_PORT",
        "description":"where it listens"}}}\
        """;

    private static final String[] RUN = {"run", "engine", "--engine", "docker", "--memory", "96"};

    @TempDir
    Path project;

    private String base;
    private Tool tool;
    private int port;

    @BeforeEach
    void setUp() throws IOException {
        base = System.getenv("TEST_JRE_IMAGE");
        if (base == null) {
            abort("no image for Docker to run: TEST_JRE_IMAGE names one with a Java, which .ci/run makes");
        }
        tool = new Tool(project);
        tool.config("engine", "app { greeting = from-the-release, port = 8091 }");
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
    }

    @AfterEach
    void leaveNoImage() throws Exception {
        if (base == null) {
            return;
        }
        String images = docker("images", "--quiet", "--filter", "label=io.visitorcounter.environment=engine");
        for (String image : images.lines().distinct().toList()) {
            docker("image", "rm", "--force", image);
        }
    }

    @Test
    void aReleaseOfARegistryRunsByItsDigestWithNoMoreThanItNeedsAndStops() throws Exception {
        String repository = base.substring(0, base.indexOf('/')) + "/team/counting";
        JibContainer built = app().setFormat(ImageFormat.OCI)
                .containerize(to(Containerizer.to(RegistryImage.named(repository + ":build"))));
        tool.mustRun("create", "engine", "--app", repository + "@" + built.getDigest());
        String image = tool.field("engine@v1", "/releaseImage/name");

        ToolProcess run = run();
        String first = visit(run);
        String second = visit(run);
        String container = docker("ps", "--quiet", "--filter", "publish=" + port);
        String settings = docker(
                "inspect",
                "--format",
                "{{.Config.Image}} {{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}}"
                        + " {{.HostConfig.Memory}}",
                container);
        run.stop();
        int code = run.await();

        assertThat(first)
                .isEqualTo("1 engine@v1 from-the-release root read-only tmp writable bundle true"
                        + " CapEff: 0000000000000000 NoNewPrivs: 1");
        assertThat(second).startsWith("2 engine@v1 ");
        assertThat(image).startsWith(repository + "@sha256:");
        assertThat(settings).isEqualTo(image + " true [ALL] [no-new-privileges] " + (96 << 20));
        // A JVM that SIGTERM ended.
        assertThat(code).isEqualTo(143);
        assertThat(docker("ps", "--quiet", "--filter", "publish=" + port)).isEmpty();
    }

    @Test
    void aReleaseOfATarIsLoadedAndRunsTheSameWay() throws Exception {
        create();

        ToolProcess run = run();
        String first = visit(run);
        run.stop();

        assertThat(run.await()).isEqualTo(143);
        assertThat(first).startsWith("1 engine@v1 from-the-release root read-only ");
    }

    private void create() throws Exception {
        Path tar = project.resolve("app.tar");
        app().containerize(to(Containerizer.to(TarImage.at(tar).named("counting"))));
        tool.mustRun("create", "engine", "--app", tar.toString());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void ctrlCAtATerminalEndsTheContainerHoweverOftenItIsPressed(int times) throws Exception {
        create();
        ToolProcess run = ToolProcess.atTerminal(project, variables(), RUN);
        visit(run);

        for (int i = 0; i < times && run.isAlive(); i++) {
            run.type("\u0003");
            // As fast as a person is.
            Thread.sleep(150);
        }
        long begin = System.nanoTime();
        int code = run.await();

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
        assertThat(containers()).isEmpty();
        if (times == 1) {
            // A JVM that SIGINT ended, or SIGTERM.
            assertThat(code).isIn(130, 143);
        }
    }

    @Test
    void aProcessThatDoesNotEndIsKilledWithinTheBound() throws Exception {
        tool.config("engine", "app { greeting = stubborn, port = 8091 }");
        create();
        ToolProcess run = run();
        visit(run);
        long begin = System.nanoTime();

        run.stop();
        int code = run.await();

        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isBetween(Duration.ofSeconds(10), Duration.ofSeconds(16));
        assertThat(code).isEqualTo(137);
        assertThat(containers()).isEmpty();
    }

    @Test
    void whatAKilledToolLeavesIsNamedWithHowToEndIt() throws Exception {
        create();
        ToolProcess killed = run();
        visit(killed);
        killed.kill();

        ToolProcess next = run();
        int code = next.await();

        String container = containers();
        assertThat(code).isNotZero();
        assertThat(next.output())
                .contains("warning: container " + container
                        + " still runs from an earlier run; stop it with docker stop " + container);
        docker("stop", container);
        assertThat(containers()).isEmpty();
    }

    private static String containers() throws Exception {
        return docker("ps", "--filter", "label=io.visitorcounter.environment=engine", "--format", "{{.Names}}");
    }

    private JibContainerBuilder app() throws Exception {
        String type = CountingApp.class.getName().replace('.', '/') + ".class";
        Path classes = Path.of(CountingApp.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        byte[] contract = CONTRACT.getBytes(StandardCharsets.UTF_8);
        return Jib.from(RegistryImage.named(base))
                .addFileEntriesLayer(FileEntriesLayer.builder()
                        .setName("classes")
                        .addEntry(classes.resolve(type), AbsoluteUnixPath.get("/app/" + type))
                        .build())
                .setEntrypoint("java", "-XX:+UseSerialGC", "-Xmx32m", "-cp", "/app", CountingApp.class.getName())
                .addLabel("io.visitorcounter.contract", CONTRACT)
                .addLabel(
                        "io.visitorcounter.contract.digest", Digest.of(contract).text());
    }

    private Containerizer to(Containerizer target) {
        return target.setAllowInsecureRegistries(true)
                .setBaseImageLayersCache(project.resolve("base-layers"))
                .setApplicationLayersCache(project.resolve("layers"));
    }

    private ToolProcess run() {
        return ToolProcess.start(project, variables(), RUN);
    }

    private Map<String, String> variables() {
        return Map.of("HTTP_PORT", Integer.toString(port), "HOME", project.toString());
    }

    private String visit(ToolProcess run) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                .timeout(Duration.ofSeconds(10))
                .build();
        while (run.isAlive()) {
            try {
                return HttpClient.newHttpClient()
                        .send(request, HttpResponse.BodyHandlers.ofString())
                        .body();
            } catch (IOException e) {
                // The engine's proxy listens before the app does.
                Thread.sleep(50);
            }
        }
        throw new AssertionError("ended before it served: " + run.output());
    }

    private static String docker(String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).as("%s: %s", command, answer).isZero();
        return answer;
    }
}
