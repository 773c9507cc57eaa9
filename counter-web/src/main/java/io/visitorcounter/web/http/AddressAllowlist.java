package io.visitorcounter.web.http;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.visitorcounter.web.values.AddressRange;
import java.util.List;

/** Serves only clients in certain address ranges. Refuses requests that an untrusted proxy forwarded: their client is
 *  unknown, and the proxy's own address must not count.
 *
 *  @param next responds to allowed clients
 *  @param address determines the client's address
 *  @param ranges the allowed ranges; an empty list allows nobody
 *  @param detail the error text for others */
public record AddressAllowlist(HttpHandler next, ClientAddress address, List<AddressRange> ranges, String detail)
        implements HttpHandler {

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        if (!address.isHidden(exchange) && AddressRange.anyHolds(ranges, address.of(exchange))) {
            ClientMemory.exempt(exchange);
            next.handleRequest(exchange);
        } else {
            new Problem(403, "forbidden-address", detail).send(exchange);
        }
    }
}
