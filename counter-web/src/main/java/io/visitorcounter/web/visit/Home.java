package io.visitorcounter.web.visit;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.web.http.Accept;
import io.visitorcounter.web.http.ClientMemory;
import io.visitorcounter.web.http.Endpoint;
import io.visitorcounter.web.http.Problem;
import io.visitorcounter.web.http.Response;
import io.visitorcounter.web.json.Json;
import io.visitorcounter.web.values.Greeting;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code GET /}: counts one visit, if the request is one, and returns the number as text, as a page or as JSON.
 *
 *  @param counter the counter to visit
 *  @param rule decides what is a visit
 *  @param visitors notes who visits
 *  @param byType the views of the number, one for each offered type
 *  @param fastText counts and responds faster to visits that ask for text; null for none */
public record Home(
        VisitorCounter counter,
        VisitRule rule,
        UniqueVisitors visitors,
        List<Function<Counted, CompletionStage<Response>>> byType,
        @Nullable HttpHandler fastText)
        implements HttpHandler {

    private static final List<String> OFFERED = List.of("text/plain", "text/html", "application/json");
    private static final int TEXT = 0;
    private static final int PAGE = 1;

    /** About the size of a page. */
    private static final int PAGE_BYTES = 16 * 1024;

    /** {@return a handler that shows the number as text, as a page or as JSON}
     *
     *  @param greeting begins the text
     *  @param release the running release, or null
     *  @param page makes the page for a number
     *  @param fastText as in the record, or null */
    public static Home of(
            VisitorCounter counter,
            Greeting greeting,
            VisitRule rule,
            UniqueVisitors visitors,
            @Nullable String release,
            Function<Counted, CompletionStage<Response>> page,
            @Nullable HttpHandler fastText) {
        return new Home(
                counter,
                rule,
                visitors,
                List.of(
                        counted -> done(Response.ok(Response.TEXT, greeting.text(counted.number()))),
                        page,
                        counted -> done(Response.ok(
                                Response.JSON,
                                Json.object(object -> object.put(
                                                "counter", counter.name().text())
                                        .put("number", counted.number())
                                        .put("release", release))))),
                fastText);
    }

    private static CompletionStage<Response> done(Response response) {
        return CompletableFuture.completedFuture(response);
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        int type = Accept.best(exchange, OFFERED);
        String why = rule.notCounted(exchange, type == PAGE);
        if (type == PAGE && !ClientMemory.payAhead(exchange, PAGE_BYTES)) {
            Problem.tooBusy().send(exchange); // before it is counted
            return;
        }
        if (why == null) {
            visitors.note(exchange, counter);
        }
        if (fastText != null && type == TEXT && why == null) {
            fastText.handleRequest(exchange);
        } else {
            Endpoint.handler(request -> Counted.of(counter, why)
                            .thenCompose(
                                    counted -> byType.get(type).apply(counted).thenApply(counted::told)))
                    .handleRequest(exchange);
        }
    }
}
