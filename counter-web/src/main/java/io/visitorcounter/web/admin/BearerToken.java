package io.visitorcounter.web.admin;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import io.visitorcounter.web.http.Problem;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** Serves only requests that carry a secret ({@code Authorization: Bearer TOKEN}). If no secret is configured, nothing
 *  is served. */
public final class BearerToken implements HttpHandler {

    private static final String SCHEME = "Bearer ";

    private static final Problem OFF =
            new Problem(StatusCodes.NOT_FOUND, "no-such-page", "administration is off; admin.token turns it on");
    private static final Problem REFUSED = new Problem(
            StatusCodes.UNAUTHORIZED, "no-token", "expected one header Authorization: Bearer TOKEN with admin.token");

    private final HttpHandler next;
    private final byte[] token;

    public BearerToken(HttpHandler next, String token) {
        this.next = next;
        this.token = token.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        if (token.length == 0) {
            OFF.send(exchange);
        } else if (carriesToken(exchange.getRequestHeaders().get(Headers.AUTHORIZATION))) {
            next.handleRequest(exchange);
        } else {
            exchange.getResponseHeaders().put(Headers.WWW_AUTHENTICATE, "Bearer");
            REFUSED.send(exchange);
        }
    }

    private boolean carriesToken(@Nullable HeaderValues values) {
        if (values == null || values.size() != 1) {
            return false;
        }
        String value = values.get(0);
        // Takes equally long for a wrong and the right secret.
        return value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && MessageDigest.isEqual(
                        value.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8), token);
    }
}
