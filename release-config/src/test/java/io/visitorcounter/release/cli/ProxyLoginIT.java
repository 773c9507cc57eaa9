package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.visitorcounter.release.FixtureApp;
import io.visitorcounter.release.image.LoopbackRegistry;
import io.visitorcounter.release.image.RegistryImages;
import io.visitorcounter.release.image.TestCertificate;
import io.visitorcounter.release.image.TunnelProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A registry behind a proxy that asks for a login. In processes of their own, as the JDK decides only once whether a proxy
 *  may ask. */
@Timeout(60)
class ProxyLoginIT {

    @TempDir
    private Path project;

    private final Set<String> headers = new ConcurrentSkipListSet<>();
    private TestCertificate certificate;
    private LoopbackRegistry registry;
    private TunnelProxy proxy;
    private String app;

    @BeforeEach
    void start() throws IOException {
        certificate = TestCertificate.of(project, "registry.invalid");
        registry = new LoopbackRegistry(certificate);
        proxy = new TunnelProxy(registry.port());
        app = RegistryImages.push(
                FixtureApp.tar(project.resolve("app.tar"), "1"), "registry.invalid/team/app", variables(""));
        proxy.require("ada:p@55 word");
        proxy.tunnels().clear();
        Files.createDirectories(project.resolve("environments"));
        Files.writeString(project.resolve("environments/dev.conf"), "app { greeting = one }\n");
        registry.quirk(new LoopbackRegistry.Quirk() {
            @Override
            public boolean answers(HttpExchange exchange) {
                headers.addAll(exchange.getRequestHeaders().keySet());
                return false;
            }
        });
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        registry.close();
    }

    private Map<String, String> variables(String login) {
        return Map.of(
                "HTTPS_PROXY",
                proxy.address(login),
                "SSL_CERT_FILE",
                certificate.pem().toString(),
                "HOME",
                project.toString());
    }

    private ToolProcess create(String login) {
        return ToolProcess.start(project, variables(login), "create", "dev", "--app", app);
    }

    @Test
    void theProxyGetsItsLoginAndTheRegistryDoesNot() throws InterruptedException {
        ToolProcess create = create("ada:p%4055%20word");

        assertThat(create.await()).as(create.output()).isZero();
        assertThat(proxy.tunnels()).contains("registry.invalid:443");
        assertThat(headers)
                .isNotEmpty()
                .noneMatch(name -> name.toLowerCase(java.util.Locale.ROOT).contains("proxy-auth"));
    }

    @Test
    void aWrongLoginIsTriedOnceAndToldWithoutThePassword() throws InterruptedException {
        ToolProcess create = create("ada:wr0ng");

        assertThat(create.await()).isEqualTo(7);
        assertThat(create.output())
                .contains("HTTPS_PROXY: the proxy /127.0.0.1:")
                .contains(" refused the login of ada; mend it in HTTPS_PROXY")
                .doesNotContain("wr0ng");
        // Without a login, as the proxy is to ask, and with it.
        assertThat(proxy.tunnels()).isEqualTo(List.of("refused", "refused"));
    }

    @Test
    void aProxyThatAsksForALoginThatThereIsNotIsTold() throws InterruptedException {
        ToolProcess create = create("");

        assertThat(create.await()).isEqualTo(7);
        assertThat(create.output()).contains("asks for a login, and there is none; set HTTPS_PROXY to http://user:");
    }
}
