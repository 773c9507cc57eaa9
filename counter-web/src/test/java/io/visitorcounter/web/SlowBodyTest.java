package io.visitorcounter.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that come later than their heads, or never. */
class SlowBodyTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "abc"})
    void aClientWhoseBodyNeverComesIsCut(String begun) throws Exception {
        try (RunningApp app = RunningApp.start(Map.of("http.read-timeout", "300ms"));
                Socket slow = new Socket(InetAddress.getLoopbackAddress(), app.port())) {
            slow.setSoTimeout(10_000);
            String request = "POST /counters/visitorCount/visits HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n";
            slow.getOutputStream().write((request + begun).getBytes(StandardCharsets.US_ASCII));

            int end = slow.getInputStream().read();

            assertThat(end).isEqualTo(-1);
            assertThat(app.value("visitorCount")).isZero();
            app.awaitMetric("http_server_problems_total{status=\"408\"} 1.0\n");
            app.awaitMetric("\nhttp_server_open 1.0\n");
        }
    }

    @Test
    void aBodyThatComesInTimeLeavesTheConnectionOpen() throws Exception {
        try (RunningApp app = RunningApp.start(Map.of("http.read-timeout", "3s"));
                Socket twoParts = new Socket(InetAddress.getLoopbackAddress(), app.port())) {
            twoParts.setSoTimeout(10_000);
            String request = "POST /counters/c/visits HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n";
            for (int i = 1; i <= 2; i++) {
                twoParts.getOutputStream().write((request + "ab").getBytes(StandardCharsets.US_ASCII));
                assertThat(app.get("/health/live").statusCode()).isEqualTo(200); // so that the rest is read by itself
                twoParts.getOutputStream().write("cd".getBytes(StandardCharsets.US_ASCII));

                assertThat(AppProcess.line(twoParts.getInputStream())).isEqualTo("HTTP/1.1 201 Created");
                int length = 0;
                for (String line = head(twoParts); !line.isEmpty(); line = head(twoParts)) {
                    if (line.startsWith("Content-Length: ")) {
                        length = Integer.parseInt(line.substring("Content-Length: ".length()));
                    }
                }
                assertThat(new String(twoParts.getInputStream().readNBytes(length), StandardCharsets.US_ASCII))
                        .startsWith("{")
                        .endsWith("}");
                if (i == 1) {
                    Thread.sleep(3_300); // longer than a body may take
                }
            }
            assertThat(app.value("c")).isEqualTo(2);
        }
    }

    private static String head(Socket socket) throws Exception {
        return AppProcess.line(socket.getInputStream());
    }
}
