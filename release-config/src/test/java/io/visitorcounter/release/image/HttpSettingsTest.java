package io.visitorcounter.release.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
        "https://registry.example/v2/,registry.example:443,false",
        "https://registry.example:5000/v2/,registry.example:443,true",
        "https://10.1.2.3:5000/v2/,10.0.0.0/8,false",
        "https://10.1.2.3/v2/,'10.1.2.0/30,a',false",
        "https://10.1.2.4/v2/,10.1.2.0/30,true",
        "https://10.1.2.4/v2/,10.1.2.4/99,true",
        "https://registry.example/v2/,0.0.0.0/0,true",
        "https://[2001:db8::1]:5000/v2/,2001:db8::1,false",
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

    @ParameterizedTest
    @ValueSource(
            strings = {"http://ada:pa 55@proxy.example:1", "https://ada:pa55@proxy.example", "ada:p@55@proxy", "::"})
    void aProxyThatIsNoneIsRefusedWithoutItsPassword(String address) {
        HttpSettings settings = new HttpSettings(Map.of("HTTPS_PROXY", address));

        assertThatThrownBy(() -> settings.proxy(URI.create("https://registry.example/v2/")))
                .isInstanceOf(ReleaseException.Usage.class)
                .hasMessageContaining("HTTPS_PROXY: expected a proxy such as http://host:3128")
                .hasMessageNotContaining("55");
    }

    @Test
    void aRegistryWithTlsOnThisMachineIsTrustedByItsAuthority() throws Exception {
        TestCertificate certificate = TestCertificate.of(folder, "localhost");
        try (LoopbackRegistry registry = new LoopbackRegistry(certificate)) {
            ImageReference image = ImageReference.parse(registry.host() + "/app:1");

            assertThatThrownBy(() -> client(Map.of(), List.of(), image).manifest(image))
                    .isInstanceOf(ReleaseException.Unreachable.class)
                    .hasMessageContaining("SSL_CERT_FILE");

            assertThat(client(Map.of("SSL_CERT_FILE", certificate.pem().toString()), List.of(), image)
                            .manifest(image))
                    .isEmpty();
            Path certificates =
                    Files.createDirectories(folder.resolve("certs.d").resolve(registry.host()));
            Files.copy(certificate.pem(), certificates.resolve("ca.crt"));
            assertThat(client(Map.of(), List.of(folder.resolve("certs.d")), image)
                            .manifest(image))
                    .isEmpty();
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
}
