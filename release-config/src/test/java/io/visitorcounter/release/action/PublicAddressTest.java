package io.visitorcounter.release.action;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The address that users use, over real HTTP. */
class PublicAddressTest {

    private final Set<Integer> clients = ConcurrentHashMap.newKeySet();
    private HttpServer server;
    private volatile int ready = 200;
    private volatile int status = 200;
    private volatile String answer = "";

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        serve("/base/health/ready", () -> ready, () -> "UP");
        serve("/base/release", () -> status, () -> answer);
        server.start();
        answer = ReleaseFixture.answer();
    }

    private void serve(String path, java.util.function.IntSupplier code, java.util.function.Supplier<String> text) {
        server.createContext(path, exchange -> {
            clients.add(exchange.getRemoteAddress().getPort());
            byte[] body = text.get().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Location", "http://127.0.0.1:1/");
            exchange.sendResponseHeaders(code.getAsInt(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private PublicAddress address(String path) {
        return new PublicAddress(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path), ReleaseFixture.RELEASE);
    }

    @Test
    void oneThatIsReadyAndSaysThisReleaseIsRight() {
        assertThat(address("/base").fault()).isEmpty();
        assertThat(address("/base/").fault()).isEmpty();
    }

    @Test
    void aFaultNamesTheAddressThatWasAsked() {
        ready = 503;

        assertThat(address("/base/").fault().orElseThrow()).contains("/base/health/ready: ");

        ready = 200;
        answer = "{}";

        assertThat(address("/base/").fault().orElseThrow()).contains("/base/release: ");
    }

    @Test
    void everyQuestionIsAConnectionOfItsOwn() {
        for (int i = 0; i < 5; i++) {
            assertThat(address("/base").fault()).isEmpty();
        }

        assertThat(clients).hasSize(10);
    }

    @Test
    void whatIsNotReadyIsNotAskedFurther() {
        ready = 503;
        status = 500;

        assertThat(address("/base").fault().orElseThrow()).endsWith("/base/health/ready: expected 200, got 503");
    }

    @ParameterizedTest
    @CsvSource({"404", "500", "302"})
    void anotherStatusIsToldAndNoRedirectIsFollowed(int other) {
        status = other;

        assertThat(address("/base").fault().orElseThrow()).endsWith("/base/release: expected 200, got " + other);
    }

    @Test
    void everyMemberOfTheAnswerCounts() {
        Set<String> told = new HashSet<>();
        for (String member : new String[] {"environment", "version", "appDigest", "bundleDigest"}) {
            answer = ReleaseFixture.answer().replaceFirst("\"" + member + "\":\"?[^,\"}]*", "\"" + member + "\":\"x");
            if (member.equals("version")) {
                answer = ReleaseFixture.answer().replace("\"version\":7", "\"version\":8");
            }
            told.add(address("/base").fault().orElseThrow().replaceAll(".*/release: ([a-zA-Z]*): expected .*", "$1"));
        }

        assertThat(told).containsExactlyInAnyOrder("environment", "version", "appDigest", "bundleDigest");
    }

    @Test
    void whatIsNoJsonIsShown() {
        answer = "<html>welcome</html>";

        assertThat(address("/base").fault().orElseThrow())
                .contains("/base/release: expected JSON, got")
                .contains("<html>welcome</html>");
    }

    @Test
    void nobodyThereIsAFaultToo() {
        PublicAddress there = address("/base");
        server.stop(0);

        assertThat(there.fault().orElseThrow()).startsWith(there.base().toString());
    }
}
