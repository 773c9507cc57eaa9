package io.visitorcounter.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.contract.RedisServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Most of a start is classes that are loaded, each of them once: so that is what is bounded here, and not a time. */
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
}
