package io.visitorcounter.web.visit;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import org.jspecify.annotations.Nullable;

/** Says whether a request is a visit. */
public final class VisitRule {

    /** Tells the client that it was not counted, and why: {@code ?0;reason=prefetch} (RFC 9651). */
    public static final HttpString VISIT_COUNTED = new HttpString("Visit-Counted");

    private static final HttpString SEC_PURPOSE = new HttpString("Sec-Purpose");
    private static final HttpString PURPOSE = new HttpString("Purpose");
    private static final HttpString X_MOZ = new HttpString("X-Moz");

    private VisitRule() {}

    /** {@return why the request is not a visit, one word, or null where it is one} */
    public static @Nullable String notCounted(HttpServerExchange exchange) {
        if (Methods.HEAD.equals(exchange.getRequestMethod())) {
            return "head";
        }
        HeaderMap headers = exchange.getRequestHeaders();
        return prefetches(headers.getFirst(SEC_PURPOSE))
                        || prefetches(headers.getFirst(PURPOSE))
                        || prefetches(headers.getFirst(X_MOZ))
                ? "prefetch"
                : null;
    }

    private static boolean prefetches(@Nullable String purpose) {
        return purpose != null && (purpose.contains("prefetch") || purpose.contains("prerender"));
    }
}
