package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.visitorcounter.release.FixtureApp;
import io.visitorcounter.release.image.RegistryImages;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole round through the distribution project's own registry, which asks for tokens. Needs {@code docker-registry} on
 *  the PATH; with {@code TEST_REGISTRY=required} it must be there. */
@Timeout(120)
class TokenRegistryIT {

    private static final String BASIC =
            "Basic " + Base64.getEncoder().encodeToString("ada:pa55".getBytes(StandardCharsets.UTF_8));

    @TempDir
    Path folder;

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer tokens;
    private Process registry;
    private KeyStore keys;
    private int port;

    @BeforeEach
    void start() throws Exception {
        if (!isThere()) {
            assertThat(System.getenv("TEST_REGISTRY"))
                    .as("docker-registry on the PATH")
                    .isNotEqualTo("required");
            abort("docker-registry is not on the PATH; apt-get install docker-registry");
        }
        Path store = folder.resolve("keys.p12");
        keytool(
                "-genkeypair",
                "-alias",
                "a",
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-dname",
                "CN=issuer",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString());
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "a",
                "-keystore",
                store.toString(),
                "-file",
                folder.resolve("ca.pem").toString());
        keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "changeit".toCharArray());
        }
        tokens = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        tokens.createContext("/token", this::token);
        tokens.start();
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Path config = Files.writeString(folder.resolve("registry.yml"), """
                version: 0.1
                storage: {filesystem: {rootdirectory: %s}}
                http: {addr: 127.0.0.1:%d}
                auth: {token: {realm: "http://127.0.0.1:%d/token", service: here, issuer: issuer, rootcertbundle: %s}}
                """.formatted(
                        folder.resolve("store"), port, tokens.getAddress().getPort(), folder.resolve("ca.pem")));
        registry = new ProcessBuilder("docker-registry", "serve", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("registry.log").toFile())
                .start();
        awaitPort();
    }

    @AfterEach
    void stop() throws Exception {
        if (registry != null) {
            registry.destroy();
            registry.waitFor();
        }
        if (tokens != null) {
            tokens.stop(0);
        }
    }

    @Test
    void aBuildIsReleasedPromotedRolledBackAndVerified() {
        Map<String, String> login = Map.of("RELEASE_REGISTRY_USER", "ada", "RELEASE_REGISTRY_PASSWORD", "pa55");
        String repository = "127.0.0.1:" + port + "/team/app";
        String app = RegistryImages.push(FixtureApp.tar(folder.resolve("app.tar"), "1"), repository, login);
        Tool tool = new Tool(folder.resolve("project"));
        tool.config("dev", "app { greeting = one }");
        tool.config("test", "app { greeting = one }\nrelease { promote-from = dev }");
        assertThat(tool.run("create", "dev", "--app", app)).isEqualTo(7);
        assertThat(tool.err()).contains("docker login");
        tool.variables().putAll(login);
        tool.variables().put("RELEASE_IMAGES", repository);

        tool.mustRun("create", "dev", "--app", app);
        tool.config("dev", "app { greeting = two }");
        tool.mustRun("create", "dev", "--app", app);
        tool.mustRun("promote", "dev", "test");
        tool.mustRun("rollback", "dev");

        tool.mustRun("verify", "--all", "--deep");
        tool.mustRun("repair");
        assertThat(asked).anyMatch(query -> query.contains("pull") && query.contains("push"));
    }

    private void token(HttpExchange exchange) throws IOException {
        try (exchange) {
            String query = exchange.getRequestURI().getQuery();
            asked.add(query);
            boolean isKnown = BASIC.equals(exchange.getRequestHeaders().getFirst("Authorization"));
            byte[] body =
                    isKnown ? ("{\"token\":\"" + signed(query) + "\"}").getBytes(StandardCharsets.UTF_8) : new byte[0];
            exchange.sendResponseHeaders(isKnown ? 200 : 401, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private String signed(String query) {
        String[] scope = query.replaceFirst(".*scope=", "").split(":", 3);
        long now = Instant.now().getEpochSecond();
        String actions = String.join("\",\"", scope[2].split(","));
        String claims = "{\"iss\":\"issuer\",\"sub\":\"ada\",\"aud\":\"here\",\"exp\":" + (now + 300) + ",\"nbf\":"
                + (now - 10) + ",\"iat\":" + now + ",\"jti\":\"1\",\"access\":[{\"type\":\"repository\",\"name\":\""
                + scope[1] + "\",\"actions\":[\"" + actions + "\"]}]}";
        try {
            String certificate =
                    Base64.getEncoder().encodeToString(keys.getCertificate("a").getEncoded());
            String header = "{\"typ\":\"JWT\",\"alg\":\"RS256\",\"x5c\":[\"" + certificate + "\"]}";
            String text =
                    url(header.getBytes(StandardCharsets.UTF_8)) + "." + url(claims.getBytes(StandardCharsets.UTF_8));
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign((PrivateKey) keys.getKey("a", "changeit".toCharArray()));
            signature.update(text.getBytes(StandardCharsets.US_ASCII));
            return text + "." + url(signature.sign());
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private void awaitPort() throws Exception {
        while (true) {
            assertThat(registry.isAlive())
                    .as(Files.readString(folder.resolve("registry.log")))
                    .isTrue();
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertThat(socket.isConnected()).isTrue();
                return;
            } catch (IOException e) {
                Thread.sleep(50);
            }
        }
    }

    private static boolean isThere() {
        return List.of(System.getenv("PATH").split(":")).stream()
                .anyMatch(each -> Files.isExecutable(Path.of(each, "docker-registry")));
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-storepass", "changeit"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
