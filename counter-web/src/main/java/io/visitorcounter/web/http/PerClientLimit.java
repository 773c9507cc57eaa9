package io.visitorcounter.web.http;

import io.undertow.server.HttpServerExchange;
import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Lets each client address hold so many of something at once. Its memory grows with what is held, not with who asks.
 *  Thread-safe. */
public final class PerClientLimit {

    private final ClientAddress address;
    private final int max;
    private final Map<InetAddress, Integer> held = new ConcurrentHashMap<>();

    /** Lets one address hold at most so many; 0 is any number. */
    public PerClientLimit(ClientAddress address, int max) {
        this.address = address;
        this.max = max;
    }

    /** {@return what gives the share back, for once or more often; null where the client holds as many as it may} */
    public @Nullable Runnable take(HttpServerExchange exchange) {
        return max == 0 ? () -> {} : takeFor(address.of(exchange));
    }

    /** {@return as the other, for a connection that has no request yet; a trusted proxy may hold any number} */
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
