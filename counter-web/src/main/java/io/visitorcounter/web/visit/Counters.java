package io.visitorcounter.web.visit;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.VisitId;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.web.http.CounterNames;
import io.visitorcounter.web.http.IdempotencyKey;
import io.visitorcounter.web.http.Problem;
import io.visitorcounter.web.http.Rate;
import io.visitorcounter.web.http.Response;
import io.visitorcounter.web.json.Json;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Deque;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The counters by name: {@code /counters/NAME} and {@code /counters/NAME/visits}. */
public final class Counters {

    // Each hour of the response is a line; a month is as far back as a plot goes.
    private static final int MAX_HOURS = 31 * 24;
    private static final Pattern SPAN = Pattern.compile("([1-9][0-9]{0,2})([hd])");

    private final CounterStore store;
    private final CounterNames names;
    private final VisitRule rule;
    private final FirstVisits firstVisits;
    private final Rate ids;
    private final Clock clock;

    /** Serves the counters of one store.
     *
     *  @param store where they are
     *  @param names which of them clients may name
     *  @param rule what is a visit
     *  @param firstVisits how many new counters there may be
     *  @param ids how many visits with an id: the store keeps a record of each
     *  @param clock says where the hours of a history end */
    public Counters(
            CounterStore store, CounterNames names, VisitRule rule, FirstVisits firstVisits, Rate ids, Clock clock) {
        this.store = store;
        this.names = names;
        this.rule = rule;
        this.firstVisits = firstVisits;
        this.ids = ids;
        this.clock = clock;
    }

    /** {@return the value and, where {@code ?history=24h} asks for it, the visits per hour; counts nothing} */
    public CompletionStage<Response> read(HttpServerExchange exchange) {
        VisitorCounter counter = toRead(exchange);
        int hours = hours(exchange);
        CompletionStage<CounterValue> value = counter.value();
        if (hours == 0) {
            return value.thenApply(now -> Response.ok(Response.JSON, Json.object(json -> head(json, counter, now))));
        }
        Instant now = clock.instant();
        return value.thenCombine(
                counter.history(Hours.earliest(now, hours), Hours.latest(now)),
                (read, visits) -> Response.ok(
                        Response.JSON,
                        Json.object(json -> head(json, counter, read)
                                .putArray(
                                        "history",
                                        Hours.until(now, hours, visits).all(visits),
                                        (object, hour) -> object.put(
                                                        "hour", hour.hour().toString())
                                                .put("visits", hour.visits())))));
    }

    private static Json head(Json json, VisitorCounter counter, CounterValue now) {
        return json.put("counter", counter.name().text())
                .put("value", now.value())
                .put("generation", now.generation());
    }

    /** {@return 201 with the visit's number; with an {@code Idempotency-Key}, a repeat gets the same number} */
    public CompletionStage<Response> visit(HttpServerExchange exchange) {
        VisitorCounter counter = toVisit(exchange);
        VisitId id = IdempotencyKey.of(exchange);
        String why = rule.notCounted(exchange, false);
        if (why != null) {
            return counter.value()
                    .thenApply(now -> new Counted(now.value(), why)
                            .told(Response.ok(Response.JSON, Json.object(json -> head(json, counter, now)))));
        }
        if (id != null) {
            limitIds();
        }
        return firstVisits
                .allow(counter)
                .thenCompose(allowed -> id == null ? counter.visit() : counter.visit(id))
                .thenApply(counted -> Response.of(
                                201,
                                Response.JSON,
                                Json.object(json -> json.put(
                                                "counter", counter.name().text())
                                        .put("number", counted.number())
                                        .put("generation", counted.generation())
                                        .put("duplicate", counted.duplicate())))
                        .with(Headers.LOCATION, "/counters/" + counter.name().text()));
    }

    /** {@return the number of the request's visit, or the value if it is not a visit}
     *
     *  @param exchange a GET
     *  @param counter as {@link #toVisit} gave it */
    public CompletionStage<Counted> countedOrNot(HttpServerExchange exchange, VisitorCounter counter) {
        String why = rule.notCounted(exchange, false);
        return why == null
                ? firstVisits.allow(counter).thenCompose(allowed -> Counted.of(counter, null))
                : Counted.of(counter, why);
    }

    /** {@return the counter that the request's path names}
     *
     *  @throws Problem.Thrown where clients may not read it */
    public VisitorCounter toRead(HttpServerExchange exchange) {
        return store.counter(names.toRead(exchange));
    }

    /** {@return the counter that the request's path names}
     *
     *  @throws Problem.Thrown where clients may not visit it */
    public VisitorCounter toVisit(HttpServerExchange exchange) {
        return store.counter(names.toVisit(exchange));
    }

    private void limitIds() {
        Duration wait = ids.use(0);
        if (!wait.isZero()) {
            throw Problem.tooMany("too many visits with an Idempotency-Key", wait)
                    .thrown();
        }
    }

    private static int hours(HttpServerExchange exchange) {
        Deque<String> asked = exchange.getQueryParameters().get("history");
        if (asked == null) {
            return 0;
        }
        Matcher span = SPAN.matcher(asked.getFirst());
        int hours = span.matches()
                ? Integer.parseInt(span.group(1)) * (span.group(2).equals("d") ? 24 : 1)
                : 0;
        if (hours == 0 || hours > MAX_HOURS) {
            throw Problem.badRequest("history: expected 1h..744h or 1d..31d").thrown();
        }
        return hours;
    }
}
