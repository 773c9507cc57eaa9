package io.visitorcounter.web.visit;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.DailyVisitors;
import io.visitorcounter.core.VisitId;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.web.http.ClientMemory;
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

/** The counters by name: {@code /counters/NAME}, {@code /counters/NAME/visits} and {@code /counters/NAME/visitors}.
 *
 *  @param store the store with the counters
 *  @param names which of them clients may name
 *  @param rule decides what is a visit
 *  @param visitors notes who visits
 *  @param firstVisits limits new counters
 *  @param ids limits visits with an id, since the store keeps a record of each
 *  @param clock determines where the hours of a history end */
public record Counters(
        CounterStore store,
        CounterNames names,
        VisitRule rule,
        UniqueVisitors visitors,
        FirstVisits firstVisits,
        Rate ids,
        Clock clock) {

    // Each hour of the response is a line; a plot goes back one month at most.
    private static final int MAX_HOURS = 31 * 24;

    /** About how much memory an hour of a history takes while it is read and sent. */
    private static final int BYTES_OF_AN_HOUR = 256;

    private static final Pattern SPAN = Pattern.compile("([1-9][0-9]{0,2})([hd])");
    private static final Pattern DAYS = Pattern.compile("[1-9][0-9]?");

    /** {@return the value and, with {@code ?history=24h}, the visits per hour; counts nothing} */
    public CompletionStage<Response> read(HttpServerExchange exchange) {
        VisitorCounter counter = toRead(exchange);
        int hours = hours(exchange);
        if (hours > 0 && !ClientMemory.payAhead(exchange, hours * BYTES_OF_AN_HOUR)) {
            throw Problem.tooBusy().thrown();
        }
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
        return allowed(exchange, counter)
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

    /** {@return the visit's number if the GET is a visit, else the value} */
    public CompletionStage<Counted> countedOrNot(HttpServerExchange exchange, VisitorCounter counter) {
        String why = rule.notCounted(exchange, false);
        return why == null
                ? allowed(exchange, counter).thenCompose(allowed -> Counted.of(counter, null))
                : Counted.of(counter, why);
    }

    /** {@return done, with the visitor noted, if the visit may be counted} */
    private CompletionStage<Void> allowed(HttpServerExchange exchange, VisitorCounter counter) {
        return firstVisits.allow(counter).thenAccept(allowed -> visitors.note(exchange, counter));
    }

    /** {@return an estimate of today's unique visitors and, with {@code ?days=30}, those of earlier days} */
    public CompletionStage<Response> visitors(HttpServerExchange exchange) {
        VisitorCounter counter = toRead(exchange);
        int days = days(exchange);
        if (!visitors.areNoted()) {
            throw new Problem(404, "no-visitors", "unique visitors are not noted here").thrown();
        }
        return visitors.days(counter, days)
                .thenApply(read -> Response.ok(
                        Response.JSON,
                        Json.object(json -> json.put("counter", counter.name().text())
                                .put("today", read.get(days - 1).visitors())
                                .putArray(
                                        "days",
                                        read,
                                        (object, day) -> object.put(
                                                        "day", day.day().toString())
                                                .put("visitors", day.visitors())))));
    }

    /** {@return the counter that the request's path names}
     *
     *  @throws Problem.Thrown if clients may not read it */
    public VisitorCounter toRead(HttpServerExchange exchange) {
        return store.counter(names.toRead(exchange));
    }

    /** {@return the counter that the request's path names}
     *
     *  @throws Problem.Thrown if clients may not visit it */
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

    private static int days(HttpServerExchange exchange) {
        Deque<String> asked = exchange.getQueryParameters().get("days");
        if (asked == null) {
            return 1;
        }
        int days = DAYS.matcher(asked.getFirst()).matches() ? Integer.parseInt(asked.getFirst()) : 0;
        if (days == 0 || days > DailyVisitors.KEPT_DAYS) {
            throw Problem.badRequest("days: expected 1.." + DailyVisitors.KEPT_DAYS)
                    .thrown();
        }
        return days;
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
