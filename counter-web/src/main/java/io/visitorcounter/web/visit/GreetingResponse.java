package io.visitorcounter.web.visit;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.DateUtils;
import io.visitorcounter.web.http.PrerenderedResponse;
import io.visitorcounter.web.http.Response;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The text {@code <greeting> Visitor Count: <number>} as a response. From one to the next, only the digits change in the
 *  buffer that holds it, and once a second the date. For one thread. */
final class GreetingResponse {

    private static final int MAX_HEAD = 512;
    private static final int MAX_NUMBER = Long.toString(Long.MAX_VALUE).length();

    private final String greeting;
    private final byte[] prefix;
    private final ByteBuffer whole;
    private String date = "";
    private int digits;
    private int numberAt;

    GreetingResponse(String greeting) {
        this.greeting = greeting;
        this.prefix = text(greeting, "").getBytes(StandardCharsets.UTF_8);
        this.whole = ByteBuffer.allocateDirect(MAX_HEAD + prefix.length + MAX_NUMBER);
    }

    /** {@return the whole text} */
    static String text(String greeting, long number) {
        return text(greeting, Long.toString(number));
    }

    private static String text(String greeting, String number) {
        return greeting + " Visitor Count: " + number;
    }

    /** Answers a request.
     *
     *  @param number at least 0 */
    void send(HttpServerExchange exchange, long number) {
        if (PrerenderedResponse.suits(exchange)) {
            ByteBuffer response = with(number, DateUtils.getCurrentDateTime(exchange));
            PrerenderedResponse.send(exchange, response, prefix.length + digits);
        } else {
            Response.ok(Response.TEXT, text(greeting, number)).send(exchange);
        }
    }

    /** {@return head and body, ready to be read; valid until the next call} */
    ByteBuffer with(long number, String now) {
        int needed = digits(number);
        if (needed != digits || !now.equals(date)) {
            digits = needed;
            date = now;
            whole.clear()
                    .put(PrerenderedResponse.head(Response.TEXT, prefix.length + digits, date))
                    .put(prefix);
            numberAt = whole.position();
        }
        int end = numberAt + digits;
        long rest = number;
        for (int i = end - 1; i >= numberAt; i--) {
            whole.put(i, (byte) ('0' + rest % 10));
            rest /= 10;
        }
        return whole.limit(end).position(0);
    }

    private static int digits(long number) {
        int digits = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        return digits;
    }
}
