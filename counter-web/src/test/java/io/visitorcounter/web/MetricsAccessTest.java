package io.visitorcounter.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may read the metrics, whatever the request says of itself. The test's client is 127.0.0.1. */
class MetricsAccessTest {

    private static final String INSIDE = "10.0.0.0/8";
    private static final String LOOPBACK = "127.0.0.0/8";

    private static HttpResponse<String> scrape(String allowed, String proxies, String... headers) throws Exception {
        try (RunningApp app = RunningApp.start(Map.of("metrics.allow", allowed, "http.trusted-proxies", proxies))) {
            return app.get("/metrics", headers);
        }
    }

    private static void assertClosed(HttpResponse<String> response) {
        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.body()).contains("metrics.allow").doesNotContain("jvm_");
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.0/8, 200", "127.0.0.1, 200", "10.0.0.0/8, 403", "'', 403"})
    void aDirectClientIsWhoItsConnectionSays(String allowed, int status) throws Exception {
        assertThat(scrape(allowed, "").statusCode()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "X-Forwarded-For, 10.1.2.3",
        "X-Forwarded-For, '10.1.2.3, 10.1.2.4'",
        "Forwarded, for=10.1.2.3",
        "X-Real-IP, 10.1.2.3",
        "Via, 1.1 10.1.2.3"
    })
    void aDirectClientCanNotSayThatItIsAnother(String header, String value) throws Exception {
        assertClosed(scrape(INSIDE, "", header, value));
    }

    @ParameterizedTest
    @CsvSource({
        "X-Forwarded-For, 8.8.8.8",
        "X-Forwarded-For, 127.0.0.1",
        "Forwarded, for=8.8.8.8",
        "X-Real-IP, 127.0.0.1",
        "Via, 1.1 proxy",
        "via, 1.1 proxy",
        "X-Forwarded-Proto, https",
        "X-Forwarded-Host, count.example",
        "X-Client-IP, 8.8.8.8",
        "CF-Connecting-IP, 8.8.8.8",
        "True-Client-IP, 127.0.0.1"
    })
    void whatAnUnknownProxySendsOnIsNobodys(String header, String value) throws Exception {
        assertClosed(scrape(LOOPBACK, "", header, value));
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3, 200",
        "8.8.8.8, 403",
        // What stands further left, a client wrote itself.
        "'10.1.2.3, 8.8.8.8', 403",
        "'8.8.8.8, 10.1.2.3', 200",
        "'10.1.2.3, unknown', 403",
        "'10.1.2.3, ', 403",
        "10.1.2.3:4711, 200",
        "8.8.8.8:4711, 403",
        "[10.1.2.3]:1, 200",
        "10.1.2.3:, 403",
        "10.1.2.3:4711:4711, 403"
    })
    void aTrustedProxyIsBelieved(String forwardedFor, int status) throws Exception {
        assertThat(scrape(INSIDE, LOOPBACK, "X-Forwarded-For", forwardedFor).statusCode())
                .isEqualTo(status);
    }

    /** The proxy's own address is inside; its clients' are not, and it does not always say so in the same header. */
    @ParameterizedTest
    @CsvSource({
        "X-Forwarded-For, 8.8.8.8",
        "X-Forwarded-For, 8.8.8.8:4711",
        "X-Forwarded-For, unknown",
        "X-Forwarded-For, '8.8.8.8, unknown, 127.0.0.1'",
        "Forwarded, for=8.8.8.8",
        "X-Real-IP, 8.8.8.8",
        "Via, 1.1 proxy"
    })
    void aClientOutsideDoesNotPassForItsTrustedProxy(String header, String value) throws Exception {
        assertClosed(scrape(LOOPBACK, LOOPBACK, header, value));
    }

    @ParameterizedTest
    @CsvSource({"X-Forwarded-For, 10.1.2.3, 200", "X-Forwarded-For, 8.8.8.8, 403"})
    void severalHeadersAreOneChain(String header, String last, int status) throws Exception {
        HttpResponse<String> response = scrape(INSIDE, LOOPBACK, header, "10.9.9.9", header, last);

        assertThat(response.statusCode()).isEqualTo(status);
    }
}
