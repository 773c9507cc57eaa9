package io.visitorcounter.web.fast;

import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.util.HeaderMap;
import io.undertow.util.HttpString;
import io.visitorcounter.web.values.Greeting;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PrerenderedResponseTest {

    private static final String NOW = "Mon, 23 Nov 2026 18:00:13 GMT";

    private final PrerenderedResponse response = new PrerenderedResponse(new Greeting("Grüße!"));

    private String of(long number, String now, String... others) {
        HeaderMap headers = new HeaderMap();
        for (int i = 0; i < others.length; i += 2) {
            headers.add(new HttpString(others[i]), others[i + 1]);
        }
        ByteBuffer whole = response.render(number, now, headers);
        byte[] bytes = new byte[whole.remaining()];
        whole.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void assertWhole(String text, long number, String... lines) {
        int end = text.indexOf("\r\n\r\n");
        String body = "Grüße! Visitor Count: " + number;
        assertThat(text.substring(end + 4)).isEqualTo(body);
        assertThat(text.substring(0, end)).startsWith("HTTP/1.1 200 OK\r\n");
        assertThat(text.substring(0, end).lines().skip(1))
                .contains(
                        "Cache-Control: no-store",
                        "Content-Type: text/plain; charset=utf-8",
                        "Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length)
                .contains(lines)
                .hasSize(4 + lines.length - 1);
    }

    @Test
    void digitsComeAndGo() {
        long[] numbers = {0, 9, 10, 99, 100, 7, 1_234_567, Long.MAX_VALUE, 8};
        for (long number : numbers) {
            assertWhole(of(number, NOW), number, "Date: " + NOW);
        }
    }

    @Test
    void theDateIsTheResponsesOwn() {
        String later = NOW.replace("13", "14");

        assertWhole(of(41, NOW), 41, "Date: " + NOW);
        assertWhole(of(42, later), 42, "Date: " + later);
        assertWhole(of(43, later), 43, "Date: " + later);
    }

    @Test
    void aHeaderThatAnotherHandlerSetsIsThere() {
        String date = "Date: " + NOW;

        assertWhole(of(1, NOW, "X-A", "1"), 1, date, "X-A: 1");
        assertWhole(of(2, NOW, "X-A", "2"), 2, date, "X-A: 2");
        assertWhole(of(3, NOW, "X-A", "2", "X-B", "3"), 3, date, "X-A: 2", "X-B: 3");
        assertWhole(of(4, NOW, "X-B", "3"), 4, date, "X-B: 3");
        assertWhole(of(5, NOW, "X-B", "3", "X-B", "4"), 5, date, "X-B: 3", "X-B: 4");
        assertWhole(of(6, NOW, "X-B", "3"), 6, date, "X-B: 3");
        assertWhole(of(7, NOW, "Cache-Control", "public"), 7, date);
        assertWhole(of(8, NOW), 8, date);
    }

    @Test
    void aLongHeadGetsALargerBuffer() {
        assertWhole(of(1, NOW), 1, "Date: " + NOW);
        assertWhole(of(2, NOW, "X-A", "x".repeat(5000)), 2, "Date: " + NOW, "X-A: " + "x".repeat(5000));
    }
}
