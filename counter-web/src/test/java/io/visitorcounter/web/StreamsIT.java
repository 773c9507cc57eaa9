package io.visitorcounter.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many idle streams in a small heap. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class StreamsIT {

    private static final int STREAMS = 2000;

    @TempDir
    Path folder;

    @Test
    void twoThousandStreamsFitIntoAHeapOf128MiBAndCostNoThread() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try (AppProcess app = AppProcess.start(folder, Map.of("CONFIG_FILE", config()), "-Xmx128m")) {
            double threadsBefore = metric(app, "jvm_threads_live_threads ");
            for (int i = 0; i < STREAMS; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), app.port());
                sockets.add(socket);
                socket.setSoTimeout(30_000);
                socket.getOutputStream()
                        .write("GET /counters/visitorCount/live HTTP/1.1\r\nHost: x\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
            }
            for (Socket socket : sockets) {
                awaitText(socket, "{\"value\":0,");
            }

            app.get("/");
            for (Socket socket : sockets) {
                awaitText(socket, "{\"value\":1,");
            }

            assertThat(metric(app, "live_streams ")).isEqualTo(STREAMS);
            assertThat(metric(app, "jvm_threads_live_threads ")).isLessThanOrEqualTo(threadsBefore + 4);
            app.terminate();
            assertThat(app.exit()).isZero();
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    /** {@return a config that lets one address have all streams} */
    private String config() throws Exception {
        return Files.writeString(
                        folder.resolve("app.conf"),
                        AppProcess.reference()
                                + "http { host = \"127.0.0.1\", port = 0 }\nlive.streams-per-address = 0\n")
                .toString();
    }

    private static void awaitText(Socket socket, String text) throws Exception {
        InputStream in = socket.getInputStream();
        StringBuilder got = new StringBuilder();
        while (got.indexOf(text) < 0) {
            int c = in.read();
            assertThat(c).as("the stream ended").isNotNegative();
            got.append((char) c);
        }
    }

    private static double metric(AppProcess app, String name) throws Exception {
        return app.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name))
                .map(line -> Double.parseDouble(line.substring(name.length())))
                .findFirst()
                .orElseThrow();
    }
}
