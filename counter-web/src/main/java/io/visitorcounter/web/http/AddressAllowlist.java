package io.visitorcounter.web.http;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.visitorcounter.web.values.AddressRange;
import java.util.List;

/** Answers the clients of some address ranges alone. A request that a proxy sent on, which is not trusted to say for
 *  whom, is nobody's: or a proxy inside would open to all outside what is meant for its own network. */
public final class AddressAllowlist implements HttpHandler {

    private final HttpHandler next;
    private final ClientAddress address;
    private final List<AddressRange> ranges;
    private final Problem refusal;

    /** Closes a handler to the rest.
     *
     *  @param next what answers
     *  @param address says who the client is
     *  @param ranges whose clients are answered; none is nobody
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
            next.handleRequest(exchange);
        } else {
            refusal.send(exchange);
        }
    }
}
