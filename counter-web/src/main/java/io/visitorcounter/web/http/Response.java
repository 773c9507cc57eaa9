package io.visitorcounter.web.http;

import io.undertow.io.DefaultIoCallback;
import io.undertow.io.Sender;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** A complete response to one request. Immutable.
 *
 *  @param status the HTTP status
 *  @param type the content type; empty for a response without a body
 *  @param body as text, sent in UTF-8
 *  @param headers further headers, in order */
public record Response(int status, String type, String body, Map<HttpString, String> headers) {

    /** The content type of plain text. */
    public static final String TEXT = "text/plain; charset=utf-8";

    /** The content type of JSON. */
    public static final String JSON = "application/json";

    // Undertow keeps the buffer that it wrote together with a head until the connection's next response, however long
    // that takes. So only this many bytes of a body are written with the head, and the rest separately.
    private static final int WITH_HEAD = 512;

    /** {@return a response with status 200 that caches must not store} */
    public static Response ok(String type, String body) {
        return of(200, type, body);
    }

    /** {@return a response that caches must not store} */
    public static Response of(int status, String type, String body) {
        return new Response(status, type, body, Map.of(Headers.CACHE_CONTROL, "no-store"));
    }

    /** {@return this response with one header added or replaced} */
    public Response with(HttpString name, String value) {
        Map<HttpString, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Response(status, type, body, more);
    }

    /** Sends it, on the exchange's I/O thread. If there is no memory for it, for example because many clients don't
     *  read their responses, sends that problem instead. */
    public void send(HttpServerExchange exchange) {
        byte[] bytes = bytes();
        if (ClientMemory.pay(exchange, bytes.length)) {
            begin(exchange);
            end(exchange, bytes);
        } else {
            Problem.tooBusy().send(exchange);
        }
    }

    /** {@return a handler that sends this response to everybody from one shared array} */
    public HttpHandler shared() {
        byte[] bytes = bytes();
        ByteBuffer all = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        return exchange -> {
            begin(exchange);
            exchange.getResponseSender().send(all.duplicate());
        };
    }

    private byte[] bytes() {
        return body.getBytes(StandardCharsets.UTF_8);
    }

    private void begin(HttpServerExchange exchange) {
        exchange.setStatusCode(status);
        headers.forEach((name, value) -> exchange.getResponseHeaders().put(name, value));
        if (!type.isEmpty()) {
            exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, type);
        }
    }

    private void end(HttpServerExchange exchange, byte[] bytes) {
        if (type.isEmpty()) {
            exchange.endExchange();
        } else if (bytes.length <= WITH_HEAD) {
            exchange.getResponseSender().send(ByteBuffer.wrap(bytes));
        } else {
            exchange.setResponseContentLength(bytes.length);
            exchange.getResponseSender()
                    .send(ByteBuffer.wrap(Arrays.copyOf(bytes, WITH_HEAD)), new DefaultIoCallback() {
                        @Override
                        public void onComplete(HttpServerExchange begun, Sender sender) {
                            sender.send(ByteBuffer.wrap(bytes, WITH_HEAD, bytes.length - WITH_HEAD));
                        }
                    });
        }
    }
}
