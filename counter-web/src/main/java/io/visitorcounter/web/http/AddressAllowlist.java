package io.visitorcounter.web.http;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.visitorcounter.web.values.AddressRange;
import java.util.List;

/** Serves only the clients of some address ranges. Refuses requests forwarded by an untrusted proxy: their client is
 *  unknown, and the proxy's own address must not count.
 *
 *  @param next responds to the clients of the ranges
 *  @param address says who the client is
 *  @param ranges whose clients are served; an empty list means nobody
 *  @param detail what the others are told */
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
