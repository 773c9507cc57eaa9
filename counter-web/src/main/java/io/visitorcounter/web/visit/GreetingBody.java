package io.visitorcounter.web.visit;

import io.undertow.server.HttpServerExchange;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The text {@code <greeting> Visitor Count: <number>}, written into one buffer again and again. For one thread. */
final class GreetingBody {

    private static final int LONGEST_NUMBER = Long.toString(Long.MAX_VALUE).length();

    private final byte[] prefix;
    private ByteBuffer buffer;

    GreetingBody(String greeting) {
        prefix = (greeting + " Visitor Count: ").getBytes(StandardCharsets.UTF_8);
        buffer = fresh();
    }

    /** {@return the whole text} */
    static String text(String greeting, long number) {
        return greeting + " Visitor Count: " + number;
    }

    void send(HttpServerExchange exchange, long number) {
        ByteBuffer body = with(number);
        exchange.getResponseSender().send(body);
        if (body.hasRemaining()) {
            buffer = fresh(); // the socket took a part, and the sender holds on to the rest
        }
    }

    /** {@return the text, ready to be read; valid until the next call} */
    ByteBuffer with(long number) {
        buffer.clear();
        int end = prefix.length + digits(number);
        long rest = number;
        for (int i = end - 1; i >= prefix.length; i--) {
            buffer.put(i, (byte) ('0' + rest % 10));
            rest /= 10;
        }
        return buffer.limit(end).position(0);
    }

    private ByteBuffer fresh() {
        return ByteBuffer.allocateDirect(prefix.length + LONGEST_NUMBER)
                .put(prefix)
                .clear();
    }

    private static int digits(long number) {
        int digits = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        return digits;
    }
}
