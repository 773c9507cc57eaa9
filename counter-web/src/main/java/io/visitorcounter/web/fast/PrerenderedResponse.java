package io.visitorcounter.web.fast;

import io.undertow.UndertowLogger;
import io.undertow.server.Connectors;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpServerConnection;
import io.undertow.util.DateUtils;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.visitorcounter.web.http.Response;
import io.visitorcounter.web.values.Greeting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.xnio.Buffers;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.conduits.ConduitStreamSinkChannel;

/** The text of {@code GET /}, head and body, in one buffer that goes to the connection in one write. From one response
 *  to the next usually only the digits change. The date changes once a second, and the other headers if an earlier
 *  handler sets different ones: the head has the headers of the exchange and of the ordinary {@link Response}, so none
 *  is missed.
 *
 *  <p>A connection that is to be closed gets the ordinary response. Listeners for the end of the exchange are called as
 *  usual. For one thread. */
final class PrerenderedResponse {

    private static final int MAX_NUMBER = Long.toString(Long.MAX_VALUE).length();

    private final Greeting greeting;
    private final byte[] prefix;
    private HeaderMap headers = new HeaderMap();
    private String date = "";
    private ByteBuffer whole = ByteBuffer.allocateDirect(0);
    private int digits;
    private int numberAt;

    PrerenderedResponse(Greeting greeting) {
        this.greeting = greeting;
        this.prefix = greeting.prefix().getBytes(StandardCharsets.UTF_8);
    }

    /** Responds. Called on the exchange's I/O thread, outside any of its handlers.
     *
     *  @param number at least 0 */
    void send(HttpServerExchange exchange, long number) {
        if (exchange.isPersistent() && exchange.getConnection() instanceof HttpServerConnection connection) {
            ByteBuffer text = render(number, DateUtils.getCurrentDateTime(exchange), exchange.getResponseHeaders());
            Connectors.updateResponseBytesSent(exchange, prefix.length + digits);
            write(exchange, connection, text);
        } else {
            Response.ok(Response.TEXT, greeting.text(number)).send(exchange);
        }
    }

    /** {@return head and body, ready to be written; valid until the next call}
     *
     *  @param now the value of the header Date
     *  @param others the headers besides those of the response */
    ByteBuffer render(long number, String now, HeaderMap others) {
        int needed = digits(number);
        if (needed != digits || !now.equals(date) || !isSame(others, headers)) {
            digits = needed;
            date = now;
            headers = copy(others);
            byte[] head = head();
            whole = fitting(head.length + prefix.length + MAX_NUMBER)
                    .clear()
                    .put(head)
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

    private byte[] head() {
        HeaderMap all = copy(headers);
        Response.ok(Response.TEXT, "").headers().forEach(all::put);
        all.put(Headers.CONTENT_TYPE, Response.TEXT);
        all.put(Headers.CONTENT_LENGTH, String.valueOf(prefix.length + digits));
        all.put(Headers.DATE, date);
        StringBuilder head = new StringBuilder("HTTP/1.1 200 OK\r\n");
        all.forEach(values -> values.forEach(value ->
                head.append(values.getHeaderName()).append(": ").append(value).append("\r\n")));
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private ByteBuffer fitting(int length) {
        return whole.capacity() >= length ? whole : ByteBuffer.allocateDirect(length);
    }

    private static boolean isSame(HeaderMap some, HeaderMap others) {
        if (some.size() != others.size()) {
            return false;
        }
        for (long at = some.fastIterate(); at != -1; at = some.fiNext(at)) {
            HeaderValues values = some.fiCurrent(at);
            HeaderValues other = others.get(values.getHeaderName());
            if (other == null
                    || values.size() != 1
                    || other.size() != 1
                    || !values.getFirst().equals(other.getFirst())) {
                return false;
            }
        }
        return true;
    }

    private static HeaderMap copy(HeaderMap headers) {
        HeaderMap copy = new HeaderMap();
        headers.forEach(values -> copy.addAll(values.getHeaderName(), values));
        return copy;
    }

    private static int digits(long number) {
        int digits = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        return digits;
    }

    private static void write(HttpServerExchange exchange, HttpServerConnection connection, ByteBuffer text) {
        try {
            connection.getOriginalSinkConduit().write(text);
        } catch (IOException e) {
            broken(exchange, e);
            return;
        }
        if (text.hasRemaining()) {
            writeRest(exchange, text);
        } else {
            Connectors.terminateResponse(exchange);
        }
    }

    /** Writes the rest if the client reads more slowly than it sends requests. */
    private static void writeRest(HttpServerExchange exchange, ByteBuffer text) {
        ByteBuffer rest = ByteBuffer.allocate(text.remaining()).put(text).flip();
        ConduitStreamSinkChannel sink = Connectors.getConduitSinkChannel(exchange);
        sink.setWriteListener(ChannelListeners.writingChannelListener(
                Buffers.pooledWrapper(rest),
                written -> {
                    sink.suspendWrites();
                    Connectors.terminateResponse(exchange);
                },
                (failed, e) -> broken(exchange, e)));
        sink.resumeWrites();
    }

    private static void broken(HttpServerExchange exchange, IOException e) {
        UndertowLogger.REQUEST_IO_LOGGER.ioException(e);
        // Closed first: a part of the response may have been sent, and nothing may be written after it.
        IoUtils.safeClose(exchange.getConnection());
        exchange.endExchange();
    }
}
