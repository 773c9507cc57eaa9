package io.visitorcounter.web.http;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HttpString;
import io.visitorcounter.core.VisitId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The header with which a client names its request, so that a repeat has no further effect. */
public final class IdempotencyKey {

    private static final HttpString HEADER = new HttpString("Idempotency-Key");

    private IdempotencyKey() {}

    /** {@return the id in the request's key, or null if there is none}. The draft requires a quoted string; most
     *  clients send a bare one.
     *
     *  @throws Problem.Thrown if there are several keys, or the key is not a valid id */
    public static @Nullable VisitId of(HttpServerExchange exchange) {
        List<String> keys = exchange.getRequestHeaders().get(HEADER);
        if (keys == null) {
            return null;
        }
        String key = keys.size() == 1 ? keys.get(0).strip() : "";
        String bare = key.length() > 1 && key.startsWith("\"") && key.endsWith("\"")
                ? key.substring(1, key.length() - 1)
                : key;
        try {
            return new VisitId(bare);
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("Idempotency-Key: expected one key of 1.." + VisitId.MAX_LENGTH
                            + " printable ASCII characters without spaces")
                    .thrown();
        }
    }
}
