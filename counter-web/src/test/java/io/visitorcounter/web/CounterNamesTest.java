package io.visitorcounter.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which counters a client can get at. */
class CounterNamesTest {

    private static final List<String> WAYS = List.of("", "?history=1h", "/live", "/badge.svg", "/badge.svg?count=1");

    @Test
    void byDefaultOnlyTheHomeCounterIsThere() throws Exception {
        try (RunningApp app = RunningApp.start(Map.of("other-counters", ""))) {
            for (String way : WAYS) {
                assertThat(app.get("/counters/orders_next_id" + way).statusCode())
                        .as(way)
                        .isEqualTo(404);
            }
            assertThat(app.send("HEAD", "/counters/orders_next_id/live").statusCode())
                    .isEqualTo(404);
            assertThat(app.send("POST", "/counters/orders_next_id/visits").statusCode())
                    .isEqualTo(404);
            assertThat(app.get("/counters/-").statusCode()).isEqualTo(400);
            assertThat(app.send("POST", "/counters/visitorCount/visits").statusCode())
                    .isEqualTo(201);
            assertThat(app.value("visitorCount")).isEqualTo(1);
        }
    }

    @Test
    void aListNamesTheOthers() throws Exception {
        try (RunningApp app = RunningApp.start(Map.of("other-counters", "docs, blog.post-1"))) {
            assertThat(app.send("POST", "/counters/docs/visits").statusCode()).isEqualTo(201);
            assertThat(app.send("POST", "/counters/blog.post-1/visits").statusCode())
                    .isEqualTo(201);
            assertThat(app.send("POST", "/counters/doc/visits").statusCode()).isEqualTo(404);
            assertThat(app.get("/counters/docs").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void theOthersCanBeLeftToBeRead() throws Exception {
        try (RunningApp app =
                RunningApp.start(Map.<String, Object>of("other-counters", "docs", "visit-others", false))) {
            assertThat(app.send("POST", "/counters/docs/visits").statusCode()).isEqualTo(403);
            assertThat(app.get("/counters/docs/badge.svg?count=1").statusCode()).isEqualTo(403);
            assertThat(app.get("/counters/docs/badge.svg").statusCode()).isEqualTo(200);
            assertThat(app.get("/counters/docs").body()).contains("\"value\":0");
            assertThat(app.send("POST", "/counters/visitorCount/visits").statusCode())
                    .isEqualTo(201);
        }
    }
}
