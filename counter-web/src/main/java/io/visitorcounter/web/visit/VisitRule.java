package io.visitorcounter.web.visit;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.visitorcounter.web.values.IgnoredBots;
import org.jspecify.annotations.Nullable;

/** Decides whether a request is a visit.
 *
 *  @param ignored which bots are not counted */
public record VisitRule(IgnoredBots ignored) {

    /** {@code ?0} if a request was not counted; its parameter says why (RFC 9651). */
    static final HttpString VISIT_COUNTED = new HttpString("Visit-Counted");

    private static final HttpString SEC_PURPOSE = new HttpString("Sec-Purpose");
    private static final HttpString PURPOSE = new HttpString("Purpose");
    private static final HttpString X_MOZ = new HttpString("X-Moz");

    /** {@return why the request is not a visit, in one word, or null if it is one}
     *
     *  @param page whether it asks for the page */
    @Nullable String notCounted(HttpServerExchange exchange, boolean page) {
        if (Methods.HEAD.equals(exchange.getRequestMethod())) {
            return "head";
        }
        HeaderMap headers = exchange.getRequestHeaders();
        if (prefetches(headers.get(SEC_PURPOSE))
                || prefetches(headers.get(PURPOSE))
                || prefetches(headers.get(X_MOZ))) {
            return "prefetch";
        }
        boolean looksAtBots = ignored == IgnoredBots.ALL || (page && ignored == IgnoredBots.PAGE);
        return looksAtBots && Bots.isBot(headers.getFirst(Headers.USER_AGENT)) ? "bot" : null;
    }

    /** Checks every value: a proxy may have added a header before the browser's. */
    private static boolean prefetches(@Nullable HeaderValues purposes) {
        if (purposes != null) {
            for (String purpose : purposes) {
                if (purpose.contains("prefetch") || purpose.contains("prerender")) {
                    return true;
                }
            }
        }
        return false;
    }
}
