package io.visitorcounter.web.http;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** A whole response to one request. Immutable.
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

    /** {@return a response with status 200 that no cache keeps} */
    public static Response ok(String type, String body) {
        return of(200, type, body);
    }

    /** {@return a response that no cache keeps} */
    public static Response of(int status, String type, String body) {
        return new Response(status, type, body, Map.of(Headers.CACHE_CONTROL, "no-store"));
    }

    /** {@return this response with one more header, or with another value for it} */
    public Response with(HttpString name, String value) {
        Map<HttpString, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Response(status, type, body, more);
    }

    /** Sends it; on the exchange's I/O thread. */
    public void send(HttpServerExchange exchange) {
        exchange.setStatusCode(status);
        headers.forEach((name, value) -> exchange.getResponseHeaders().put(name, value));
        if (type.isEmpty()) {
            exchange.endExchange();
            return;
        }
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, type);
        exchange.getResponseSender().send(ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)));
    }
}
