package io.visitorcounter.web.http;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HttpString;
import io.visitorcounter.core.VisitId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The header by which a client names its request, so that a repeat is done once. */
public final class IdempotencyKey {

    private static final HttpString HEADER = new HttpString("Idempotency-Key");

    private IdempotencyKey() {}

    /** {@return the id that the request's key is, or null if there is no key}. The draft wants a quoted string, most clients
     *  send a bare one.
     *
     *  @throws Problem.Thrown if it is not one key, or no id */
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
