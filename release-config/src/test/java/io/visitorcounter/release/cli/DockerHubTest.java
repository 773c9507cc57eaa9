package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.visitorcounter.release.FixtureApp;
import io.visitorcounter.release.image.LoopbackRegistry;
import io.visitorcounter.release.image.RegistryImages;
import io.visitorcounter.release.image.TestCertificate;
import io.visitorcounter.release.image.TunnelProxy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Docker Hub under its real names: a proxy leads whatever is asked of it to a registry of this machine, which asks for the
 *  tokens of Docker Hub's own token server. */
class DockerHubTest {

    private static final String PAIR = Base64.getEncoder().encodeToString("ada:pa55".getBytes(StandardCharsets.UTF_8));

    @TempDir
    private static Path shared;

    private static LoopbackRegistry registry;
    private static TunnelProxy proxy;
    private static Map<String, String> way;

    private final Set<String> asked = new ConcurrentSkipListSet<>();

    @TempDir
    private Path project;

    private Tool tool;

    @BeforeAll
    static void start() {
        TestCertificate certificate = TestCertificate.of(
                shared, "docker.io", "index.docker.io", "registry-1.docker.io", "auth.docker.io", "registry.invalid");
        registry = new LoopbackRegistry(certificate);
        registry.require(LoopbackRegistry.Auth.BEARER);
        registry.challenges(List.of("Bearer realm=\"https://auth.docker.io/token\",service=\"registry.docker.io\""));
        proxy = new TunnelProxy(registry.port());
        way = Map.of(
                "HTTPS_PROXY",
                proxy.address(""),
                "SSL_CERT_FILE",
                certificate.pem().toString());
        Map<String, String> builder = new HashMap<>(way);
        builder.putAll(Map.of("RELEASE_REGISTRY_USER", "ada", "RELEASE_REGISTRY_PASSWORD", "pa55"));
        Path tar = FixtureApp.tar(shared.resolve("app.tar"), "1");
        RegistryImages.push(tar, "docker.io/ada/app", builder);
        RegistryImages.push(tar, "docker.io/library/app", builder);
    }

    @AfterAll
    static void stop() throws IOException {
        proxy.close();
        registry.close();
    }

    @BeforeEach
    void setUp() {
        tool = new Tool(project);
        tool.config("dev", "app { greeting = one }");
        tool.config("test", "app { greeting = test }\nrelease { promote-from = dev }");
        tool.variables().putAll(way);
        tool.variables().put("DOCKER_CONFIG", project.toString());
        proxy.tunnels().clear();
        registry.quirk(new LoopbackRegistry.Quirk() {
            @Override
            public boolean answers(HttpExchange exchange) {
                String query = exchange.getRequestURI().getPath().equals("/token")
                        ? "?" + exchange.getRequestURI().getQuery()
                        : "";
                asked.add(exchange.getRequestHeaders().getFirst("Host") + query);
                return false;
            }
        });
    }

    private void login(String key) throws IOException {
        Files.writeString(project.resolve("config.json"), "{\"auths\":{\"" + key + "\":{\"auth\":\"" + PAIR + "\"}}}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "docker.io/ada/app:build",
                "index.docker.io/ada/app:build",
                "registry-1.docker.io/ada/app:build",
                "ada/app:build",
                "docker.io/library/app:build",
                "docker.io/app:build",
                "index.docker.io/app:build",
                "library/app:build",
                "app:build"
            })
    void everyNameIsTheRegistryBehindItWithItsLogin(String name) throws IOException {
        login("https://index.docker.io/v1/");
        String repository = name.contains("ada/") ? "ada/app" : "library/app";

        // Another content each time, so that something is pushed.
        tool.config("dev", "app { greeting = " + name.replaceAll("[^a-z]", "-") + " }");

        tool.mustRun("create", "dev", "--app", name);

        assertThat(tool.field("dev@v1", "/appImage/name")).startsWith("docker.io/" + repository + "@sha256:");
        assertThat(tool.field("dev@v1", "/releaseImage/name")).startsWith("docker.io/" + repository + "@sha256:");
        assertThat(new TreeSet<>(proxy.tunnels())).containsExactly("auth.docker.io:443", "registry-1.docker.io:443");
        assertThat(asked)
                .containsOnly(
                        "registry-1.docker.io",
                        "auth.docker.io?service=registry.docker.io&scope=repository:" + repository + ":pull",
                        "auth.docker.io?service=registry.docker.io&scope=repository:" + repository + ":pull,push");
    }

    @Test
    void aBuildIsReleasedPromotedRolledBackAndVerified() throws IOException {
        login("https://index.docker.io/v1/");

        tool.mustRun("create", "dev", "--app", "ada/app:build");
        tool.config("dev", "app { greeting = two }");
        tool.mustRun("create", "dev", "--app", "ada/app:build");
        tool.mustRun("promote", "dev", "test");
        tool.mustRun("rollback", "dev");
        tool.mustRun("verify", "--all", "--deep");
        tool.mustRun("repair");
        tool.mustRun("manifest", "test", "--format", "compose");

        assertThat(tool.out()).contains("docker.io/ada/app@sha256:");
        assertThat(new TreeSet<>(proxy.tunnels())).containsExactly("auth.docker.io:443", "registry-1.docker.io:443");
    }

    @Test
    void whatJibPushedThereIsFoundByTheFileThatItWrites() throws IOException {
        login("https://index.docker.io/v1/");
        tool.mustRun("create", "dev", "--app", "ada/app:build");
        String digest = tool.field("dev@v1", "/appImage/digest");
        // Jib leaves out the host of Docker Hub, and library/.
        for (String name : List.of("ada/app", "app")) {
            Path file = Files.writeString(
                    project.resolve("jib-image.json"),
                    "{\"image\":\"" + name + "\",\"imageId\":\"" + digest + "\",\"imageDigest\":\"" + digest
                            + "\",\"tags\":[\"build\"],\"imagePushed\":true}");

            tool.mustRun("create", "test", "--app", file.toString());

            assertThat(tool.out()).contains("test");
        }
    }

    @Test
    void aLoginOfAnotherRegistryIsNotShownThere() throws IOException {
        login("registry.invalid");

        assertThat(tool.run("create", "dev", "--app", "ada/app:build")).isEqualTo(7);

        assertThat(tool.err()).contains("docker.io: asks for a login, and there is none; renew it with docker login");
    }

    @Test
    void theVariablesLoginIsForDockerHubUnderEachOfItsNames() {
        for (String place : List.of("docker.io/ada/app", "index.docker.io/ada/app")) {
            tool.variables()
                    .putAll(Map.of(
                            "RELEASE_REGISTRY_USER", "ada",
                            "RELEASE_REGISTRY_PASSWORD", "pa55",
                            "RELEASE_IMAGES", place));

            tool.mustRun("check", "dev", "--app", "ada/app:build");
        }
    }
}
