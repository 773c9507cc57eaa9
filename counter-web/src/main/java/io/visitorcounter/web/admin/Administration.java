package io.visitorcounter.web.admin;

import io.undertow.server.HttpServerExchange;
import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.VisitId;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.web.http.IdempotencyKey;
import io.visitorcounter.web.http.Problem;
import io.visitorcounter.web.http.Response;
import io.visitorcounter.web.http.Router;
import io.visitorcounter.web.json.Json;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every counter of the store, including those that clients may not name: {@code /admin/counters} and
 *  {@code /admin/counters/NAME}. Each change is logged.
 *
 *  @param store the store with the counters */
public record Administration(CounterStore store) {

    private static final Logger LOG = LoggerFactory.getLogger(Administration.class);

    private static final Pattern VALUE = Pattern.compile("0|[1-9][0-9]{0,14}");

    /** {@return the names of the counters whose value is above 0} */
    public CompletionStage<Response> list(HttpServerExchange exchange) {
        return store.counters()
                .thenApply(names -> Response.ok(
                        Response.JSON,
                        Json.object(json -> json.putArray(
                                "counters", names, (object, name) -> object.put("counter", name.text())))));
    }

    /** {@return the value of any counter} */
    public CompletionStage<Response> read(HttpServerExchange exchange) {
        VisitorCounter counter = counter(exchange);
        return counter.value().thenApply(value -> response(counter, value));
    }

    /** {@return the new value, which {@code ?value=} gives} */
    public CompletionStage<Response> set(HttpServerExchange exchange) {
        VisitorCounter counter = counter(exchange);
        Deque<String> values = exchange.getQueryParameters().get("value");
        if (values == null
                || values.size() != 1
                || !VALUE.matcher(values.getFirst()).matches()) {
            throw Problem.badRequest("value: expected ?value=0 to " + CounterValue.MAX)
                    .thrown();
        }
        return counter.set(Long.parseLong(values.getFirst()), request(exchange))
                .thenApply(value -> changed("set", counter, value));
    }

    /** {@return the new state: 0 and the new generation} */
    public CompletionStage<Response> delete(HttpServerExchange exchange) {
        VisitorCounter counter = counter(exchange);
        return counter.delete(request(exchange)).thenApply(value -> changed("deleted", counter, value));
    }

    private static VisitId request(HttpServerExchange exchange) {
        return Objects.requireNonNullElseGet(IdempotencyKey.of(exchange), VisitId::random);
    }

    private static Response changed(String what, VisitorCounter counter, CounterValue value) {
        LOG.info(
                "counter \"{}\": {} by an administrator: value {}, generation {}",
                counter.name(),
                what,
                value.value(),
                value.generation());
        return response(counter, value);
    }

    private static Response response(VisitorCounter counter, CounterValue value) {
        return Response.ok(
                Response.JSON,
                Json.object(json -> json.put("counter", counter.name().text())
                        .put("value", value.value())
                        .put("generation", value.generation())));
    }

    private VisitorCounter counter(HttpServerExchange exchange) {
        String name = Router.name(exchange);
        if (!CounterName.isValid(name)) {
            throw Problem.badRequest("counter: expected 1..100 of A-Z a-z 0-9 . _ -, beginning with a letter or digit")
                    .thrown();
        }
        return store.counter(CounterName.of(name));
    }
}
