package io.visitorcounter.web.visit;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.web.http.Accept;
import io.visitorcounter.web.http.Endpoint;
import io.visitorcounter.web.http.Response;
import io.visitorcounter.web.json.Json;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@code GET /}: counts one visit, unless the request is none, and says the number as text, as a page or as JSON. */
public final class Home implements HttpHandler {

    private static final List<String> OFFERED = List.of("text/plain", "text/html", "application/json");

    private final VisitorCounter counter;
    private final VisitRule rule;
    private final HttpHandler fast;
    private final List<HttpHandler> byType;

    /** Says a number in one way. */
    @FunctionalInterface
    public interface View {

        /** {@return the response that holds the number} */
        CompletionStage<Response> of(Counted counted);
    }

    /** Wires the ways to say the number.
     *
     *  @param counter whose visits they are
     *  @param greeting begins the text
     *  @param rule what is a visit
     *  @param release which release runs, or null
     *  @param fast counts, and answers in text
     *  @param page makes the page of a number */
    public Home(
            VisitorCounter counter,
            String greeting,
            VisitRule rule,
            @Nullable String release,
            HttpHandler fast,
            View page) {
        this.counter = counter;
        this.rule = rule;
        this.fast = fast;
        View text = counted -> CompletableFuture.completedFuture(
                Response.ok(Response.TEXT, GreetingResponse.text(greeting, counted.number())));
        View json = counted -> CompletableFuture.completedFuture(Response.ok(
                Response.JSON,
                Json.object(object -> object.put("counter", counter.name().text())
                        .put("number", counted.number())
                        .put("release", release))));
        this.byType = List.of(counting(text, false), counting(page, true), counting(json, false));
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        int type = Accept.best(exchange, OFFERED);
        if (type == 0 && rule.notCounted(exchange, false) == null) {
            fast.handleRequest(exchange);
        } else {
            byType.get(type).handleRequest(exchange);
        }
    }

    private HttpHandler counting(View view, boolean page) {
        return Endpoint.handler(exchange -> rule.apply(exchange, counter, page)
                .thenCompose(counted -> view.of(counted).thenApply(counted::told)));
    }
}
