package io.visitorcounter.web.page;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.visitorcounter.web.http.Accept;
import io.visitorcounter.web.http.Markup;
import io.visitorcounter.web.http.Problem;
import io.visitorcounter.web.http.Response;
import io.visitorcounter.web.visit.Counters;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@code /counters/NAME/badge.svg}. Without {@code ?count=1} it counts nothing and caches keep it for a minute. With
 *  it, each fetch is a visit and no cache keeps it.
 *
 *  @param counters the counters by name */
public record Badges(Counters counters) {

    private static final HttpString SECURITY_POLICY = new HttpString("Content-Security-Policy");

    private static final String SVG = "image/svg+xml";

    // An error is an image only if the client prefers images to all else, as browsers do for an img, and image proxies.
    private static final List<String> FORMS = List.of("application/problem+json", SVG);

    private static final Map<Integer, String> WORDS =
            Map.of(403, "read only", 404, "no such counter", 429, "too many requests");

    /** {@return the badge; if it fails and the client asks for images, an image that says so} */
    public CompletionStage<Response> read(HttpServerExchange exchange) {
        if (Accept.best(exchange, FORMS) == 0) {
            return draw(exchange);
        }
        CompletionStage<Response> drawn;
        try {
            drawn = draw(exchange);
        } catch (Problem.Thrown e) {
            drawn = CompletableFuture.failedFuture(e);
        }
        return drawn.exceptionally(failure -> refusal(Problem.of(failure)));
    }

    /** {@return an image that says why there is no number, with status 200, since image proxies show no others} */
    private static Response refusal(Problem problem) {
        String word = problem.status() >= 500 ? "not available" : WORDS.getOrDefault(problem.status(), "wrong address");
        return picture(new Badge("visitors", word, problem.status() >= 500 ? "#5b6270" : "#b3261e"));
    }

    private CompletionStage<Response> draw(HttpServerExchange exchange) {
        String label = Markup.allowed(query(exchange, "label", "visitors"));
        if (label.isBlank() || label.codePointCount(0, label.length()) > Badge.MAX_LABEL) {
            throw Problem.badRequest("label: expected 1.." + Badge.MAX_LABEL + " characters")
                    .thrown();
        }
        String color = Badge.color(query(exchange, "color", "blue"))
                .orElseThrow(() -> Problem.badRequest("color: expected blue, green, grey, orange, purple, red, teal,"
                                + " black, or three or six hexadecimal digits")
                        .thrown());
        String count = query(exchange, "count", "0");
        if (!count.equals("0") && !count.equals("1")) {
            throw Problem.badRequest("count: expected 0 or 1").thrown();
        }
        if (count.equals("1")) {
            return counters.countedOrNot(exchange, counters.toVisit(exchange))
                    .thenApply(counted -> counted.told(picture(label, counted.number(), color)));
        }
        return counters.toRead(exchange)
                .value()
                .thenApply(now -> picture(label, now.value(), color).with(Headers.CACHE_CONTROL, "public, max-age=60"));
    }

    private static Response picture(String label, long number, String color) {
        return picture(new Badge(label, Markup.grouped(number), color));
    }

    private static Response picture(Badge badge) {
        return Response.ok(SVG, badge.svg()).with(SECURITY_POLICY, "default-src 'none'");
    }

    private static String query(HttpServerExchange exchange, String name, String absent) {
        Deque<String> values = exchange.getQueryParameters().get(name);
        return values == null ? absent : values.getFirst();
    }
}
