package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.visitorcounter.release.FixtureApp;
import io.visitorcounter.release.ledger.GitService;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A ledger behind https that asks for a user and a password. */
@Timeout(120)
class HttpsLedgerIT {

    private static final String PASSWORD = "s3cret-of-the-ledger";

    private final SSLSocketFactory trustedBefore = HttpsURLConnection.getDefaultSSLSocketFactory();

    @TempDir
    Path folder;

    private GitService git;
    private SSLContext tls;
    private HttpsServer server;
    private String url;
    private Tool tool;
    private String app;

    @BeforeEach
    void setUp() throws Exception {
        git = new GitService(folder.resolve("there.git"));
        tls = tls();
        server = start(0);
        url = "https://localhost:" + server.getAddress().getPort() + "/ledger.git";
        HttpsURLConnection.setDefaultSSLSocketFactory(tls.getSocketFactory());
        tool = tool("one");
        app = FixtureApp.tar(folder.resolve("app.tar"), "1").toString();
        tool.config("dev", "app { greeting = one }");
    }

    @AfterEach
    void stop() {
        server.stop(0);
        HttpsURLConnection.setDefaultSSLSocketFactory(trustedBefore);
    }

    @Test
    void releasesAreWrittenAndReadWithTheLoginOfTheEnvironment() {
        tool.mustRun("create", "dev", "--app", app);
        tool.config("dev", "app { greeting = two }");
        tool.mustRun("create", "dev", "--app", app);
        tool.mustRun("rollback", "dev");

        Tool other = tool("other");
        other.mustRun("history", "dev", "--output", "json");
        assertThat(other.json().path("releases").size()).isEqualTo(3);
        other.mustRun("verify", "--all");
        assertThat(tool.out() + tool.err()).doesNotContain(PASSWORD);
    }

    @Test
    void schemeAndHostAreTakenInAnyCase() {
        tool.mustRun("create", "dev", "--app", app);
        tool.variables().put("RELEASE_LEDGER", url.replace("https://localhost", "HTTPS://LocalHost"));

        tool.mustRun("history", "dev");

        assertThat(tool.out()).contains("dev v1");
    }

    @Test
    void aWrongPasswordIsOneLineAndTheRightOneGoesOn() throws IOException {
        tool.mustRun("create", "dev", "--app", app);
        tool.config("dev", "app { greeting = two }");

        for (String wrong : List.of("wrong-password", "")) {
            tool.variables().put("RELEASE_LEDGER_PASSWORD", wrong);
            assertThat(tool.run("create", "dev", "--app", app)).isEqualTo(7);
            assertThat(tool.err())
                    .hasLineCount(1)
                    .startsWith(url + ": the ledger can't be read: ")
                    .contains("set RELEASE_LEDGER_USER and RELEASE_LEDGER_PASSWORD")
                    .doesNotContain("wrong-password");
        }
        assertThat(git.releases("dev")).isEqualTo(1);
        tool.variables().put("RELEASE_LEDGER_PASSWORD", PASSWORD);
        tool.mustRun("create", "dev", "--app", app);

        assertThat(tool.out()).startsWith("release  dev v2");
    }

    @Test
    void aRemoteThatIsGoneIsOneLineAndOnceItIsBackTheNextCommandWorks() throws Exception {
        tool.mustRun("create", "dev", "--app", app);
        tool.config("dev", "app { greeting = two }");
        int port = server.getAddress().getPort();
        server.stop(0);

        for (String command : List.of("create dev --app " + app, "rollback dev", "history dev", "status")) {
            assertThat(tool.run(command.split(" ", -1))).as(command).isEqualTo(7);
            assertThat(tool.err()).hasLineCount(1).startsWith(url + ": the ledger can't be read: ");
        }
        server = start(port);
        tool.mustRun("create", "dev", "--app", app);

        assertThat(tool.out()).startsWith("release  dev v2");
        assertThat(git.releases("dev")).isEqualTo(2);
    }

    @Test
    void aServerThatNobodyVouchesForIsNotSpokenTo() throws IOException {
        HttpsURLConnection.setDefaultSSLSocketFactory(trustedBefore);

        assertThat(tool.run("create", "dev", "--app", app)).isEqualTo(7);

        assertThat(tool.err()).hasLineCount(1).startsWith(url + ": the ledger can't be read: ");
        assertThat(git.releases("dev")).isZero();
    }

    private Tool tool(String name) {
        Tool made = new Tool(folder.resolve(name));
        made.variables().put("RELEASE_LEDGER", url);
        made.variables().put("RELEASE_LEDGER_USER", "ada");
        made.variables().put("RELEASE_LEDGER_PASSWORD", PASSWORD);
        return made;
    }

    private HttpsServer start(int port) throws IOException {
        HttpsServer made = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("localhost"), port), 0);
        made.setHttpsConfigurator(new HttpsConfigurator(tls));
        made.createContext("/ledger.git/", this::answer).setAuthenticator(new BasicAuthenticator("git") {
            @Override
            public boolean checkCredentials(String user, String password) {
                return user.equals("ada") && password.equals(PASSWORD);
            }
        });
        made.start();
        return made;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String query = exchange.getRequestURI().getQuery();
            boolean first = path.endsWith("/info/refs");
            String service = first ? query.substring("service=".length()) : path.substring(path.lastIndexOf('/') + 1);
            exchange.getResponseHeaders()
                    .set("Content-Type", "application/x-" + service + (first ? "-advertisement" : "-result"));
            boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            InputStream in = zipped ? new GZIPInputStream(exchange.getRequestBody()) : exchange.getRequestBody();
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                if (first) {
                    git.advertise(service, out);
                } else {
                    git.answer(service, in, out);
                }
            }
        }
    }

    /** A key of only this test, which vouches for itself. */
    private SSLContext tls() throws Exception {
        Path store = folder.resolve("key.p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process made = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-alias",
                        "git",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "changeit",
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(made.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "changeit".toCharArray());
        }
        KeyManagerFactory ours = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        ours.init(keys, "changeit".toCharArray());
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(keys);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(ours.getKeyManagers(), trusted.getTrustManagers(), null);
        return context;
    }
}
