package io.visitorcounter.web.http;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.visitorcounter.web.values.Origins;

/** Lets pages of other origins read responses (the Fetch standard's CORS protocol). No response depends on the user, so
 *  credentials are never allowed.
 *
 *  @param origins whose pages may read */
public record Cors(Origins origins) {

    private static final HttpString ORIGIN = new HttpString("Origin");
    private static final HttpString ALLOW_ORIGIN = new HttpString("Access-Control-Allow-Origin");
    private static final HttpString RESOURCE_POLICY = new HttpString("Cross-Origin-Resource-Policy");

    /** {@return the handler, with responses that the allowed origins may read} */
    public HttpHandler readable(HttpHandler next) {
        return exchange -> {
            allow(exchange);
            next.handleRequest(exchange);
        };
    }

    private void allow(HttpServerExchange exchange) {
        exchange.getResponseHeaders().put(RESOURCE_POLICY, "cross-origin");
        if (origins.all()) {
            exchange.getResponseHeaders().put(ALLOW_ORIGIN, "*");
        } else if (!origins.none()) {
            exchange.getResponseHeaders().add(Headers.VARY, "Origin");
            String origin = exchange.getRequestHeaders().getFirst(ORIGIN);
            if (origin != null && origins.contains(origin)) {
                exchange.getResponseHeaders().put(ALLOW_ORIGIN, origin);
            }
        }
    }
}
