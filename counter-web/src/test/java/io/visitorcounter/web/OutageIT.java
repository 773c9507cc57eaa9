package io.visitorcounter.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.contract.RedisServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that is told of sixteen processors counts by four connections of its own. An outage is one line when it begins and
 *  one when it is over, whoever meets it, and readiness is about all four. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class OutageIT {

    private static final int STORES = 4;
    private static final int CLIENTS = 16;
    private static final String BACKWARDS = "the stored value went backwards";

    @TempDir
    Path folder;

    private final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    private final List<Future<?>> visiting = new ArrayList<>();
    private final AtomicBoolean stop = new AtomicBoolean();
    private RedisServer redis;
    private AppProcess app;

    @BeforeEach
    void start() throws Exception {
        redis = RedisServer.start();
        app = AppProcess.overRedis(
                folder, redis, "http.host = \"127.0.0.1\", deadline = 1s", "-XX:ActiveProcessorCount=16");
        app.awaitListening();
    }

    @AfterEach
    void stop() {
        stop.set(true);
        clients.shutdownNow();
        app.close();
        redis.close();
    }

    @Test
    void aRedisThatIsGoneIsTwoLinesThoughNobodyVisitsOrAsks() throws Exception {
        redis.kill();
        await(() -> warnings().size() == 1);
        assertThat(warnings())
                .singleElement()
                .asString()
                .endsWith(" visits fail: " + redis.uri()
                        + ": not connected: connection refused; start a Redis there or change the address");

        redis.restart();
        await(() -> over().size() == 1);
        assertThat(app.get("/").body()).endsWith("Visitor Count: 1");
        assertThat(warnings()).hasSize(1);
        assertThat(over()).singleElement().asString().contains(" visits are counted again; 0 failed in ");
    }

    @Test
    void aRedisThatIsGoneUnderVisitsOfAllThreadsIsTwoLinesToo() throws Exception {
        visitOnAllThreads();

        redis.kill();
        await(() -> !warnings().isEmpty());
        assertThat(app.get("/health/ready").statusCode()).isEqualTo(503);
        TimeUnit.SECONDS.sleep(3); // the line is written once, and not some time later once more
        assertThat(warnings()).hasSize(1);

        redis.restart();
        await(() -> app.get("/health/ready").statusCode() == 200);
        await(() -> app.get("/").statusCode() == 200);
        TimeUnit.SECONDS.sleep(2);
        assertThat(warnings()).hasSize(1);
        assertThat(over()).hasSize(1);
        assertThat(lines(BACKWARDS)).as("it came back empty").hasSize(1);
    }

    /** A server that takes no connection more leaves the others as they are. */
    @Test
    void aProcessIsReadyWhenEachOfItsConnectionsCounts() throws Exception {
        visitOnAllThreads();
        stop.set(true);
        for (Future<?> client : visiting) {
            client.get();
        }
        List<String> connected = redis.command("CLIENT", "LIST", "TYPE", "normal")
                .lines()
                .filter(line -> line.contains("name=visitor-counter"))
                .map(line -> line.replaceAll("^id=([0-9]+) .*", "$1"))
                .toList();
        assertThat(connected).hasSize(STORES);

        for (String id : connected) {
            try (Socket own = new Socket(redis.host(), redis.port())) {
                tell(own, "CONFIG SET maxclients 1");
                tell(own, "CLIENT KILL ID " + id);
                await(() -> app.get("/health/ready").statusCode() == 503);
                tell(own, "CONFIG SET maxclients 1000");
                await(() -> app.get("/health/ready").statusCode() == 200);
            }
        }
        assertThat(warnings()).hasSizeBetween(1, STORES).allMatch(line -> line.contains("not connected"));
    }

    private static void tell(Socket server, String command) throws IOException {
        server.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
        int read;
        do {
            read = server.getInputStream().read();
        } while (read != '\n');
    }

    /** Visits from many clients, until every I/O thread has a store of its own; and goes on with it. */
    private void visitOnAllThreads() throws Exception {
        int port = app.port();
        for (int i = 0; i < CLIENTS; i++) {
            visiting.add(clients.submit(() -> visit(port)));
        }
        await(() -> redis.command("EVAL", "return #redis.call('KEYS', '{visitorCount}:lane:*')", "0")
                .equals(String.valueOf(STORES)));
    }

    /** Visits until the test stops it, by one connection after another. */
    private @Nullable Void visit(int port) throws Exception {
        byte[] visit = "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        while (!stop.get()) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                int read = 1;
                for (int i = 0; i < 100 && read > 0 && !stop.get(); i++) {
                    socket.getOutputStream().write(visit);
                    read = socket.getInputStream().read(new byte[4096]);
                    TimeUnit.MILLISECONDS.sleep(5);
                }
            }
        }
        return null;
    }

    private List<String> warnings() throws IOException {
        return lines(" WARN ").stream()
                .filter(line -> !line.contains(BACKWARDS))
                .toList();
    }

    private List<String> over() throws IOException {
        return lines("visits are counted again");
    }

    private List<String> lines(String with) throws IOException {
        return app.stdout().lines().filter(line -> line.contains(with)).toList();
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("within half a minute").isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
