package io.visitorcounter.web.visit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class GreetingResponseTest {

    private static final String NOW = "Mon, 23 Nov 2026 18:00:13 GMT";

    private final GreetingResponse response = new GreetingResponse("Grüße!");

    private String of(long number, String now) {
        ByteBuffer whole = response.with(number, now);
        byte[] bytes = new byte[whole.remaining()];
        whole.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String expected(long number, int length, String now) {
        return "HTTP/1.1 200 OK\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
                + "Content-Type: text/plain; charset=utf-8\r\nContent-Length: " + length + "\r\nDate: " + now
                + "\r\n\r\nGrüße! Visitor Count: " + number;
    }

    @Test
    void digitsComeAndGo() {
        int prefix = 8 + " Visitor Count: ".length();
        long[] numbers = {0, 9, 10, 99, 100, 7, 1_234_567, Long.MAX_VALUE, 8};
        for (long number : numbers) {
            assertThat(of(number, NOW))
                    .isEqualTo(expected(number, prefix + Long.toString(number).length(), NOW));
        }
    }

    @Test
    void theDateIsTheAnswersOwn() {
        String later = NOW.replace("13", "14");

        assertThat(of(41, NOW)).contains("Date: " + NOW);
        assertThat(of(42, later)).isEqualTo(expected(42, 26, later));
        assertThat(of(43, later)).isEqualTo(expected(43, 26, later));
    }
}
