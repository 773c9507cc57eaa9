package io.visitorcounter.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.contract.RedisServer;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An app with little memory, over a real Redis, against strangers who make it keep as much as they can. It answers
 *  throughout, its memory is bounded, its count is exact, and it ends when it is told to. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
abstract class StrangersContract {

    /** Anybody may name counters and watch them. A visit fails by no deadline, however slow the machine is. */
    static final String CONFIG = """
            other-counters = "*"
            live.streams-per-address = 0
            new-counters = 10
            deadline = 2m
            """;

    @TempDir
    Path folder;

    private RedisServer redis;
    private Strangers strangers;
    private Attacked app;

    /** An app that serves. */
    interface Attacked {

        int port() throws Exception;

        /** {@return the body of a response} */
        String body(String path) throws Exception;

        /** {@return the most memory that it ever had resident, in MiB} */
        long resident() throws Exception;

        /** Tells it to end, and fails unless it does so by itself, and well. */
        void end() throws Exception;

        void close() throws Exception;
    }

    /** {@return one that has {@link #CONFIG} and counts there} */
    abstract Attacked start(Path place, RedisServer server) throws Exception;

    /** {@return the resident memory that it stays below, in MiB} */
    abstract long maxResident();

    @BeforeEach
    void start() throws Exception {
        redis = RedisServer.start();
        app = start(folder, redis);
        strangers = new Strangers(app.port());
    }

    @AfterEach
    void stop() throws Exception {
        if (strangers != null) {
            strangers.close();
        }
        if (app != null) {
            app.close();
        }
        redis.close();
    }

    @Test
    void madeUpNamesCostNothing() throws Exception {
        survives(strangers::names);
    }

    @Test
    void liveStreamsOfMadeUpNamesCostNothingOnceTheyAreClosed() throws Exception {
        survives(() -> strangers.streams(() -> app.body("/metrics")
                .lines()
                .filter(line -> line.startsWith("live_streams "))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.indexOf(' '))))
                .findAny()
                .orElseThrow()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lines", "parameters", "text"})
    void headsThatAreNeverCompleteAreBounded(String of) throws Exception {
        survives(() -> {
            strangers.heads(of);
            assertThat(app.body("/metrics")).contains("http_server_refusals_total{reason=\"memory\"}");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"/openapi.json", "/assets/page.css", "/nothing", "/counters/visitorCount?history=720h"})
    void responsesThatNobodyReadsAreBounded(String path) throws Exception {
        survives(() -> strangers.unread(path));
    }

    private void survives(Strangers.Attack attack) throws Exception {
        int visits = strangers.visitsDuring(attack);

        long resident = app.resident();
        System.out.println("resident at most " + resident + " MiB");
        assertThat(resident).isLessThan(maxResident());
        long counted = Long.parseLong(redis.command("GET", "visitorCount"));
        assertThat(counted).isEqualTo(visits);
        assertThat(app.body("/")).endsWith("Visitor Count: " + (counted + 1));
        app.end();
    }
}
