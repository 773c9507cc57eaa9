package io.visitorcounter.web.http;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.visitorcounter.web.values.AddressRange;
import java.util.List;

/** Serves only the clients of some address ranges. Refuses requests forwarded by an untrusted proxy: their client is
 *  unknown, and the proxy's own address must not count. */
public final class AddressAllowlist implements HttpHandler {

    private final HttpHandler next;
    private final ClientAddress address;
    private final List<AddressRange> ranges;
    private final Problem refusal;

    /** Closes a handler to all other clients.
     *
     *  @param next responds to the clients of the ranges
     *  @param address says who the client is
     *  @param ranges whose clients are served; an empty list means nobody
     *  @param detail what the others are told */
    public AddressAllowlist(HttpHandler next, ClientAddress address, List<AddressRange> ranges, String detail) {
        this.next = next;
        this.address = address;
        this.ranges = ranges;
        this.refusal = new Problem(403, "forbidden-address", detail);
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        if (!address.isHidden(exchange) && AddressRange.anyHolds(ranges, address.of(exchange))) {
            ClientMemory.exempt(exchange);
            next.handleRequest(exchange);
        } else {
            refusal.send(exchange);
        }
    }
}
