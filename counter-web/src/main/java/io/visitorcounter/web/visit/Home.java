package io.visitorcounter.web.visit;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.web.http.Accept;
import io.visitorcounter.web.http.Answer;
import io.visitorcounter.web.http.Endpoint;
import io.visitorcounter.web.json.Json;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@code GET /}: counts one visit, unless the request is none, and says the number as text, as a page or as JSON. */
public final class Home implements HttpHandler {

    private static final List<String> OFFERED = List.of("text/plain", "text/html", "application/json");

    private final VisitorCounter counter;
    private final HttpHandler fast;
    private final List<HttpHandler> byType;

    /** Says a number in one way. */
    @FunctionalInterface
    public interface View {

        /** {@return the answer that holds this number} */
        CompletionStage<Answer> of(long number);
    }

    /** Wires the ways to say the number.
     *
     *  @param counter whose visits they are
     *  @param greeting begins the text
     *  @param release which release runs, or null
     *  @param fast counts, and answers in text
     *  @param page makes the page of a number */
    public Home(VisitorCounter counter, String greeting, @Nullable String release, HttpHandler fast, View page) {
        this.counter = counter;
        this.fast = fast;
        View text = number ->
                CompletableFuture.completedFuture(Answer.ok(Answer.TEXT, GreetingBody.text(greeting, number)));
        View json = number -> CompletableFuture.completedFuture(Answer.ok(
                Answer.JSON,
                Json.object(object -> object.put("counter", counter.name().text())
                        .put("number", number)
                        .put("release", release))));
        this.byType = List.of(
                counting(text).handler(),
                counting(page).handler(),
                counting(json).handler());
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        int type = Accept.best(exchange.getRequestHeaders().getFirst(Headers.ACCEPT), OFFERED);
        if (type == 0 && VisitRule.notCounted(exchange) == null) {
            fast.handleRequest(exchange);
        } else {
            byType.get(type).handleRequest(exchange);
        }
    }

    private Endpoint counting(View view) {
        return exchange -> {
            String why = VisitRule.notCounted(exchange);
            return why == null
                    ? counter.visit().thenCompose(visit -> view.of(visit.number()))
                    : counter.value()
                            .thenCompose(now -> view.of(now.value()))
                            .thenApply(answer -> answer.with(VisitRule.VISIT_COUNTED, "?0;reason=" + why));
        };
    }
}
