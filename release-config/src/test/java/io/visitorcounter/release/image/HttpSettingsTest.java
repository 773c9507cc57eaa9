package io.visitorcounter.release.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Proxies and certificate authorities. */
class HttpSettingsTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "https://registry.example/v2/,'',true",
        "https://registry.example/v2/,other.example,true",
        "https://registry.example/v2/,registry.example,false",
        "https://registry.example/v2/,'a, registry.example',false",
        "https://registry.example/v2/,example,false",
        "https://registry.example/v2/,.example,false",
        "https://registry.example/v2/,*.example,false",
        "https://registry.example/v2/,*,false",
        "https://notregistry.example/v2/,registry.example,true",
        "https://registry.example:5000/v2/,registry.example:5000,false",
        "https://localhost:5000/v2/,'',false",
        "http://registry.example/v2/,'',false"
    })
    void aProxyIsTakenUnlessTheHostIsExcepted(String to, String excepted, boolean taken) {
        HttpSettings settings =
                new HttpSettings(Map.of("HTTPS_PROXY", "http://proxy.example:3128", "no_proxy", excepted));

        assertThat(settings.proxy(URI.create(to)).isPresent()).isEqualTo(taken);
    }

    @Test
    void aRequestGoesThroughTheProxyWithItsLogin() throws IOException {
        List<String> seen = new CopyOnWriteArrayList<>();
        HttpServer proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        proxy.createContext("/", exchange -> {
            seen.add(exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Proxy-Authorization"));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        proxy.start();
        try {
            String variable = "http://ada:pa55@127.0.0.1:" + proxy.getAddress().getPort();
            RegistryHttp http = new RegistryHttp(new HttpSettings(Map.of("http_proxy", variable)));

            http.send(new RegistryHttp.Request("GET", URI.create("http://registry.invalid/v2/")))
                    .close();

            assertThat(seen)
                    .containsExactly("http://registry.invalid/v2/ Basic "
                            + Base64.getEncoder().encodeToString("ada:pa55".getBytes(StandardCharsets.UTF_8)));
        } finally {
            proxy.stop(0);
        }
    }

    @Test
    void aRegistryWithTlsOnThisMachineIsTrustedByItsAuthority() throws Exception {
        Path store = folder.resolve("keys.p12");
        keytool(
                "-genkeypair",
                "-alias",
                "a",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString());
        Path pem = folder.resolve("ca.pem");
        keytool("-exportcert", "-rfc", "-alias", "a", "-keystore", store.toString(), "-file", pem.toString());
        HttpsServer server = tls(store);
        try {
            String host = "localhost:" + server.getAddress().getPort();
            ImageReference image = ImageReference.parse(host + "/app:1");

            assertThatThrownBy(() -> client(Map.of(), List.of(), image).manifest(image))
                    .isInstanceOf(ReleaseException.Unreachable.class)
                    .hasMessageContaining("SSL_CERT_FILE");

            assertThat(client(Map.of("SSL_CERT_FILE", pem.toString()), List.of(), image)
                            .manifest(image))
                    .isEmpty();
            Path certificates =
                    Files.createDirectories(folder.resolve("certs.d").resolve(host));
            Files.copy(pem, certificates.resolve("ca.crt"));
            assertThat(client(Map.of(), List.of(folder.resolve("certs.d")), image)
                            .manifest(image))
                    .isEmpty();
        } finally {
            server.stop(0);
        }
    }

    private static RegistryClient client(Map<String, String> variables, List<Path> folders, ImageReference image) {
        return new RegistryClient(
                new RegistryConnection(
                        image,
                        false,
                        new RegistryCredentials(variables, Optional.empty()),
                        new RegistryHttp(new HttpSettings(variables, folders))),
                new RetryPolicy(time -> {}, () -> 0.5),
                Uploads.NONE);
    }

    private static HttpsServer tls(Path store) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "changeit".toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "changeit".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(exchange.getRequestURI().getPath().equals("/v2/") ? 200 : 404, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-storepass", "changeit"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
