package io.visitorcounter.web.http;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Refuses requests of a client address that sends too many. The probes under {@code /health/} are exempt. */
public final class RateLimit implements HttpHandler {

    private static final int PLACES = 1 << 16;

    private final HttpHandler next;
    private final ClientAddress address;
    private final Rate rate;

    public RateLimit(HttpHandler next, ClientAddress address, int perSecond, LongSupplier nanoTime) {
        this.next = next;
        this.address = address;
        this.rate = new Rate(perSecond, Duration.ofSeconds(1), PLACES, nanoTime);
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        Duration wait = exchange.getRequestPath().startsWith("/health/")
                ? Duration.ZERO
                : rate.use(number(ClientAddress.network(address.of(exchange))));
        if (wait.isZero()) {
            next.handleRequest(exchange);
        } else {
            Problem.tooMany("this address sends too many requests", wait).send(exchange);
        }
    }

    /** {@return an IPv4 address, or the first half of an IPv6 address, which is its network} */
    private static long number(InetAddress network) {
        ByteBuffer bytes = ByteBuffer.wrap(network.getAddress());
        return network instanceof Inet4Address ? bytes.getInt() : bytes.getLong();
    }
}
