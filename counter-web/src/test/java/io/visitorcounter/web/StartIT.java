package io.visitorcounter.web;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.contract.RedisServer;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Most of a start is classes that are loaded, each of them once: so that is what is bounded here, and not a time. */
@Timeout(120)
class StartIT {

    // What a JDK loads of its own differs by some hundreds.
    private static final int MOST_CLASSES = 5000;
    private static final int MOST_OF_REACTOR = 350;

    @TempDir
    Path folder;

    @Test
    void theFirstVisitNeedsNoClassesThatOnlyOtherUsesNeed() throws Exception {
        Path log = folder.resolve("classes.log");
        try (RedisServer redis = RedisServer.start();
                AppProcess app = AppProcess.start(
                        folder,
                        Map.of("HTTP_PORT", "0", "HOST", redis.host(), "PORT", String.valueOf(redis.port())),
                        "-Xlog:class+load:file=" + log + ":none")) {
            assertThat(app.get("/").body()).endsWith("Visitor Count: 1");
            app.terminate();
            assertThat(app.exit()).isZero();
        }
        List<String> classes = Files.readAllLines(log).stream()
                .map(line -> line.substring(0, (line + " ").indexOf(' ')))
                .toList();

        assertThat(classes)
                .as("read from the log")
                .contains("io.lettuce.core.RedisClient", "io.undertow.server.HttpServerExchange")
                .as("the flight recorder, synchronous and reactive commands, the JVM's own metrics")
                .doesNotContain(
                        "jdk.jfr.internal.MetadataRepository",
                        "io.netty.buffer.FreeBufferEvent",
                        "io.lettuce.core.event.jfr.JfrEventRecorder",
                        "io.lettuce.core.FutureSyncInvocationHandler",
                        "io.lettuce.core.RedisReactiveCommandsImpl",
                        "io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics");
        assertThat(classes.stream().filter(name -> name.startsWith("reactor."))).hasSizeLessThan(MOST_OF_REACTOR);
        assertThat(classes).hasSizeLessThan(MOST_CLASSES);
    }

    @Test
    void whoComesWhileTheStoreIsBeingOpenedWaitsForIt() throws Exception {
        int port = RedisServer.freePort();
        try (RedisServer redis = RedisServer.start()) {
            redis.pause();
            try (AppProcess app = AppProcess.start(
                            folder,
                            Map.of(
                                    "HTTP_PORT",
                                    String.valueOf(port),
                                    "HOST",
                                    redis.host(),
                                    "PORT",
                                    String.valueOf(redis.port())));
                    Socket client = connected(app, port)) {
                client.getOutputStream()
                        .write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(US_ASCII));
                assertThat(client.getInputStream().available()).isZero();
                assertThat(app.stdout()).doesNotContain("listening");

                redis.resume();

                assertThat(new String(client.getInputStream().readAllBytes(), US_ASCII))
                        .startsWith("HTTP/1.1 200 ")
                        .endsWith("Visitor Count: 1");
            }
        }
    }

    private static Socket connected(AppProcess app, int port) throws Exception {
        while (true) {
            try {
                return new Socket(InetAddress.getLoopbackAddress(), port);
            } catch (ConnectException notYet) {
                assertThat(app.isAlive()).as(app.stderr()).isTrue();
                Thread.sleep(10);
            }
        }
    }
}
