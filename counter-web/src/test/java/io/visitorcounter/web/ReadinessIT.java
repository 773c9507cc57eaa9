package io.visitorcounter.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.contract.RedisServer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a platform, a stranger and the log are told while a real Redis can't count. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ReadinessIT {

    @TempDir
    Path folder;

    private RedisServer redis;
    private AppProcess app;

    @BeforeEach
    void start() throws Exception {
        redis = RedisServer.start();
        app = AppProcess.overRedis(folder, redis, "other-counters = \"*\"");
        app.awaitListening();
    }

    @AfterEach
    void stop() {
        app.close();
        redis.close();
    }

    @Test
    void aHomeCounterThatCantBeCountedIsNotReady() throws Exception {
        assertThat(app.get("/health/started").statusCode()).isEqualTo(200);
        assertThat(app.get("/health/ready").statusCode()).isEqualTo(200);
        redis.command("SET", "visitorCount", "abc");

        awaitReady(503);
        HttpResponse<String> ready = app.get("/health/ready");
        HttpResponse<String> visit = app.get("/");
        HttpResponse<String> page = app.get("/", "Accept", "text/html");

        assertThat(ready.body()).isEqualTo("{\"status\":\"down\"}");
        assertThat(visit.statusCode()).isEqualTo(503);
        assertThat(visit.headers().firstValue("retry-after"))
                .as("it does not pass by itself")
                .isEmpty();
        assertThat(visit.body() + page.body())
                .contains("can't be counted at the moment")
                .doesNotContain("redis:", String.valueOf(redis.port()), "SET", "abc");
        assertThat(page.headers().firstValue("content-type")).contains("text/html; charset=utf-8");
        assertThat(app.get("/health/started").statusCode()).as("started once").isEqualTo(200);
        assertThat(app.get("/health/live").statusCode()).isEqualTo(200);
        assertThat(app.stdout().lines().filter(line -> line.contains(" WARN ")))
                .singleElement()
                .asString()
                .contains("visits fail: ", "visitorCount");

        redis.command("SET", "visitorCount", "41");

        awaitReady(200);
        assertThat(app.get("/").body()).endsWith("Visitor Count: 42");
        assertThat(app.stdout()).containsOnlyOnce("visits are counted again");
    }

    @Test
    void whatStrangersAskForIsNoMatterOfReadiness() throws Exception {
        redis.command("HSET", "sessions", "a", "1");
        redis.command("SET", "text", "abc");

        for (int i = 0; i < 20; i++) {
            assertThat(app.get("/counters/sessions").statusCode()).isEqualTo(503);
            assertThat(app.get("/counters/text").statusCode()).isEqualTo(503);
            assertThat(app.get("/counters/text/badge.svg?count=1").statusCode()).isEqualTo(503);
            assertThat(app.get("/health/ready").statusCode()).isEqualTo(200);
            assertThat(app.get("/").body()).endsWith("Visitor Count: " + (i + 1));
        }
    }

    @Test
    void aValueThatWentBackwardsIsOneLine() throws Exception {
        for (int i = 1; i <= 3; i++) {
            assertThat(app.get("/").body()).endsWith("Visitor Count: " + i);
        }

        redis.command("DEL", "visitorCount");
        assertThat(app.get("/").body()).endsWith("Visitor Count: 1");
        assertThat(app.get("/").body()).endsWith("Visitor Count: 2");

        assertThat(app.stdout().lines().filter(line -> line.contains(" WARN ")))
                .singleElement()
                .asString()
                .endsWith("counter \"visitorCount\": the stored value went backwards: expected at least 3, found 0;"
                        + " generation 1 begins");
    }

    private void awaitReady(int status) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (app.get("/health/ready").statusCode() != status) {
            assertThat(System.nanoTime()).as("/health/ready is not " + status).isLessThan(end);
            Thread.sleep(20);
        }
    }
}
