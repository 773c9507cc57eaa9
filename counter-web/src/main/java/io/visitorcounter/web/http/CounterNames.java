package io.visitorcounter.web.http;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.StatusCodes;
import io.visitorcounter.core.CounterName;
import io.visitorcounter.web.values.CounterSet;

/** Which counters clients may name, and which of these they may visit. Not everything in a store is public: in a shared
 *  Redis, every key that holds a number is a counter.
 *
 *  @param home may always be named and visited
 *  @param others the other counters that may be named
 *  @param visitOthers whether those may be visited or only read */
public record CounterNames(CounterName home, CounterSet others, boolean visitOthers) {

    /** {@return the counter that the request's path names}
     *
     *  @throws Problem.Thrown if it is not a valid name, or clients may not name it */
    public CounterName toRead(HttpServerExchange exchange) {
        CounterName name;
        try {
            name = CounterName.of(Router.name(exchange));
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest(String.valueOf(e.getMessage())).thrown();
        }
        if (name.equals(home) || others.contains(name)) {
            return name;
        }
        throw new Problem(StatusCodes.NOT_FOUND, "no-such-counter", "no counter of this name is served here").thrown();
    }

    /** {@return as {@link #toRead}, for a visit}
     *
     *  @throws Problem.Thrown if it may not be visited */
    public CounterName toVisit(HttpServerExchange exchange) {
        CounterName name = toRead(exchange);
        if (visitOthers || name.equals(home)) {
            return name;
        }
        throw new Problem(StatusCodes.FORBIDDEN, "read-only", "this counter can only be read here").thrown();
    }
}
