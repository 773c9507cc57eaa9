package io.visitorcounter.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may set, delete and list counters, and what comes of it. The test's client is 127.0.0.1. */
class AdminTest {

    private static final String TOKEN = "a-secret-of-the-test";
    private static final String[] AUTHORIZED = {"Authorization", "Bearer " + TOKEN};

    private static RunningApp app;

    @BeforeAll
    static void start() {
        app = RunningApp.start(Map.of("admin.token", TOKEN, "other-counters", "listed"));
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    private static HttpResponse<String> send(String method, String path, String... more) throws Exception {
        String[] headers = new String[2 + more.length];
        System.arraycopy(AUTHORIZED, 0, headers, 0, 2);
        System.arraycopy(more, 0, headers, 2, more.length);
        return app.send(method, path, headers);
    }

    @Test
    void withoutATokenThereIsNoAdministration() throws Exception {
        try (RunningApp closed = RunningApp.start(Map.of())) {
            for (String authorization : new String[] {"Bearer ", "Bearer " + TOKEN}) {
                assertThat(closed.send("GET", "/admin/counters", "Authorization", authorization)
                                .statusCode())
                        .isEqualTo(404);
            }
            assertThat(closed.send("DELETE", "/admin/counters/visitorCount").statusCode())
                    .isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Bearer", "Bearer ", "Bearer a-secret-of-the-tes", "Bearer a-secret-of-the-test2", "Basic YTpi"})
    void aWrongTokenIsRefused(String authorization) throws Exception {
        HttpResponse<String> response =
                app.send("PUT", "/admin/counters/refused?value=4", "Authorization", authorization);

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        assertThat(response.body()).doesNotContain(TOKEN);
        assertThat(send("GET", "/admin/counters/refused").body()).contains("\"value\":0,");
    }

    @Test
    void aRequestWithoutATokenIsRefused() throws Exception {
        assertThat(app.send("GET", "/admin/counters").statusCode()).isEqualTo(401);
    }

    @Test
    void theTokenIsGoodOnlyAtTheAllowedAddresses() throws Exception {
        try (RunningApp far = RunningApp.start(Map.of("admin.token", TOKEN, "admin.allow", "10.0.0.0/8"))) {
            assertThat(far.send("GET", "/admin/counters", AUTHORIZED).statusCode())
                    .isEqualTo(403);
        }
        assertThat(send("GET", "/admin/counters", "X-Forwarded-For", "127.0.0.1")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void aCounterIsSetListedAndDeletedWhetherClientsMayNameItOrNot() throws Exception {
        assertThat(send("PUT", "/admin/counters/hidden?value=41").body())
                .isEqualTo("{\"counter\":\"hidden\",\"value\":41,\"generation\":1}");
        assertThat(send("PUT", "/admin/counters/listed?value=6").statusCode()).isEqualTo(200);
        assertThat(app.send("POST", "/counters/listed/visits").body()).contains("\"number\":7,\"generation\":1");
        assertThat(send("GET", "/admin/counters").body())
                .contains("{\"counter\":\"hidden\"}")
                .contains("{\"counter\":\"listed\"}");

        assertThat(send("DELETE", "/admin/counters/hidden").body())
                .isEqualTo("{\"counter\":\"hidden\",\"value\":0,\"generation\":2}");
        assertThat(send("GET", "/admin/counters").body()).doesNotContain("hidden");
        assertThat(send("GET", "/admin/counters/hidden").body()).contains("\"value\":0,\"generation\":2");
    }

    @Test
    void aRepeatWithTheSameKeyChangesNothing() throws Exception {
        String[] key = {"Idempotency-Key", "\"import-7\""};
        send("PUT", "/admin/counters/once?value=5", key);
        send("PUT", "/admin/counters/once?value=9");

        assertThat(send("PUT", "/admin/counters/once?value=5", key).body()).contains("\"value\":5,\"generation\":1");
        assertThat(send("GET", "/admin/counters/once").body()).contains("\"value\":9,\"generation\":2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/admin/counters/home",
                "/admin/counters/home?value=",
                "/admin/counters/home?value=-1",
                "/admin/counters/home?value=1000000000000000",
                "/admin/counters/home?value=1&value=2",
                "/admin/counters/%7Bhome%7D?value=1"
            })
    void whatIsNoValueOrNoCounterIsRefused(String path) throws Exception {
        assertThat(send("PUT", path).statusCode()).isEqualTo(400);
    }
}
