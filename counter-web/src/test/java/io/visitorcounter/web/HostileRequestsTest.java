package io.visitorcounter.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The app against clients that mean harm, over raw sockets. */
class HostileRequestsTest {

    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] ([0-9]{3}) ");

    private static RunningApp app;

    @BeforeAll
    static void start() {
        app = RunningApp.start(Map.of("http.read-timeout", "500ms", "http.idle-timeout", "1s"));
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    static List<HostileRequest> all() {
        return Stream.of(HostileFraming.all(), HostileTargets.all())
                .flatMap(List::stream)
                .toList();
    }

    @Test
    void thereAreAtLeastAHundredAndNoneTwice() {
        assertThat(all())
                .hasSizeGreaterThanOrEqualTo(100)
                .extracting(HostileRequest::name)
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("all")
    void aHostileRequestGetsACleanAnswerOrACleanClose(HostileRequest hostile) throws Exception {
        long before = app.value("visitorCount") + app.value("c");

        String answers = send(hostile.raw(), !hostile.name().contains("never end"));

        long counted = app.value("visitorCount") + app.value("c") - before;
        Matcher status = STATUS_LINE.matcher(answers);
        int first = status.find() ? Integer.parseInt(status.group(1)) : 0;
        assertThat(answers).doesNotContain("Exception", "\tat ", "io.undertow", "Set-Cookie");
        if (hostile.status() != 0) {
            assertThat(first).as(answers).isEqualTo(hostile.status());
        }
        switch (hostile.outcome()) {
            case REFUSED -> {
                assertThat(first == 0 || (first >= 400 && first < 500) || first == 501 || first == 505)
                        .as(answers)
                        .isTrue();
                assertThat(counted).as("visits").isZero();
                assertThat(status.find())
                        .as("answers after the first: %s", answers)
                        .isFalse();
            }
            case HARMLESS -> {
                assertThat(first).as(answers).isIn(200, 204);
                assertThat(counted).as("visits").isZero();
            }
            case COUNTED -> {
                assertThat(first).as(answers).isBetween(200, 201);
                assertThat(counted).as("visits").isEqualTo(1);
            }
        }
    }

    /** {@return all that the server says until it closes the connection, at most 5 s} */
    private static String send(byte[] request, boolean ends) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), app.port())) {
            socket.setSoTimeout(5_000);
            try {
                socket.getOutputStream().write(request);
                if (ends) {
                    socket.shutdownOutput();
                }
                socket.getInputStream().transferTo(all);
            } catch (SocketException closed) {
                // the server closed before it had read everything: what it said before that is what counts
            }
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }
}
