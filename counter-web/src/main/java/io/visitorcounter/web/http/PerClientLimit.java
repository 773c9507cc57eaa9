package io.visitorcounter.web.http;

import io.undertow.server.HttpServerExchange;
import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Limits how many of something each client address may hold at once. Its memory use grows with what is held, not with
 *  the number of clients. Thread-safe. */
public final class PerClientLimit {

    private final ClientAddress address;
    private final int max;
    private final Map<InetAddress, Integer> held = new ConcurrentHashMap<>();

    /** Sets how many one address may hold; 0 means no limit. */
    public PerClientLimit(ClientAddress address, int max) {
        this.address = address;
        this.max = max;
    }

    /** {@return a task that releases it, which may run more than once; null if the client is at its limit} */
    public @Nullable Runnable take(HttpServerExchange exchange) {
        return max == 0 ? () -> {} : takeFor(address.of(exchange));
    }

    /** {@return as the other method, for a connection without a request; trusted proxies have no limit} */
    public @Nullable Runnable take(InetAddress peer) {
        return max == 0 || address.isTrustedProxy(peer) ? () -> {} : takeFor(peer);
    }

    private @Nullable Runnable takeFor(InetAddress holder) {
        InetAddress client = ClientAddress.network(holder);
        AtomicBoolean taken = new AtomicBoolean();
        held.compute(client, (key, now) -> {
            int have = now == null ? 0 : now;
            taken.set(have < max);
            return have < max ? Integer.valueOf(have + 1) : now;
        });
        return taken.get() ? () -> giveBack(client, taken) : null;
    }

    private void giveBack(InetAddress client, AtomicBoolean taken) {
        if (taken.compareAndSet(true, false)) {
            held.computeIfPresent(client, (key, now) -> now == 1 ? null : Integer.valueOf(now - 1));
        }
    }
}
