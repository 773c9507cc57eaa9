package io.visitorcounter.web.http;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.ServerConnection;
import io.undertow.util.AttachmentKey;
import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A budget of heap for what clients make the server keep: request heads, and unread responses. What would exceed it is
 *  refused, and one client address can't take all of it. Its own memory use grows with what is kept, not with the
 *  number of clients. Thread-safe.
 *
 *  <p>A request or response that costs no more than {@link #SMALL} is free, since the number of connections limits
 *  those. */
public final class ClientMemory {

    /** The highest cost that is free, in bytes. */
    public static final int SMALL = 2048;

    /** The fixed cost of an incomplete head, in addition to its content, in bytes. */
    public static final int INCOMPLETE = 2048;

    // What the server keeps for each in addition to its text, in bytes: a map entry, a list for the values, strings.
    static final int HEADER_COST = 160;
    static final int PARAMETER_COST = 300;

    /** On a request: returns what its head took. */
    private static final AttachmentKey<Runnable> CHARGE = AttachmentKey.create(Runnable.class);

    /** On a connection: the budget for its responses. */
    private static final AttachmentKey<ClientMemory> MEMORY = AttachmentKey.create(ClientMemory.class);

    /** On a request: its response is paid for, whatever its length. */
    private static final AttachmentKey<Boolean> PAID = AttachmentKey.create(Boolean.class);

    private final long budget;
    private final long perClient;
    private final ClientAddress address;
    private final AtomicLong used = new AtomicLong();
    private final ConcurrentMap<InetAddress, Long> byClient = new ConcurrentHashMap<>();

    /** Sets the limits.
     *
     *  @param budget for all clients, in bytes
     *  @param percent the share that one client address may take; trusted proxies may take all
     *  @param address knows which addresses are trusted proxies */
    public ClientMemory(long budget, int percent, ClientAddress address) {
        this.budget = budget;
        this.perClient = budget / 100 * percent;
        this.address = address;
    }

    /** {@return the cost of a head, by its length, headers and query parameters, in bytes} */
    public static int cost(int bytes, int headers, int parameters) {
        return bytes + headers * HEADER_COST + parameters * PARAMETER_COST;
    }

    /** Takes a part of the budget.
     *
     *  @param client the connection's own address
     *  @param bytes how much
     *  @return whether there was room; if not, nothing was taken */
    public boolean take(InetAddress client, long bytes) {
        if (used.addAndGet(bytes) > budget) {
            used.addAndGet(-bytes);
            return false;
        }
        if (address.isTrustedProxy(client)) {
            return true;
        }
        long now = byClient.merge(ClientAddress.network(client), bytes, Long::sum);
        if (now > perClient) {
            giveBack(client, bytes);
            return false;
        }
        return true;
    }

    /** Gives back what was taken. */
    public void giveBack(InetAddress client, long bytes) {
        used.addAndGet(-bytes);
        if (!address.isTrustedProxy(client)) {
            byClient.computeIfPresent(
                    ClientAddress.network(client), (key, taken) -> taken == bytes ? null : Long.valueOf(taken - bytes));
        }
    }

    /** Takes the cost of a request's head until the request has its response.
     *
     *  @return whether there was room */
    boolean charge(HttpServerExchange exchange, int cost) {
        Runnable charge = charged(exchange, cost);
        if (charge != null) {
            exchange.putAttachment(CHARGE, charge);
        }
        return charge != null;
    }

    /** {@return a task that returns what was taken, as the end of the response also does; null if there was no room} */
    private @Nullable Runnable charged(HttpServerExchange exchange, int cost) {
        InetAddress client = exchange.getSourceAddress().getAddress();
        if (!take(client, cost)) {
            return null;
        }
        AtomicBoolean taken = new AtomicBoolean(true);
        Runnable charge = () -> {
            if (taken.getAndSet(false)) {
                giveBack(client, cost);
            }
        };
        exchange.addExchangeCompleteListener((done, next) -> {
            charge.run();
            next.proceed();
        });
        return charge;
    }

    /** Charges the responses of the request's connection to this budget. */
    void lendTo(HttpServerExchange exchange) {
        ServerConnection connection = exchange.getConnection();
        if (connection.getAttachment(MEMORY) == null) {
            connection.putAttachment(MEMORY, this);
        }
    }

    /** Pays in advance for a response of about this many bytes, if it must not be refused later.
     *
     *  @return whether there was room */
    public static boolean payAhead(HttpServerExchange exchange, int bytes) {
        boolean paid = pay(exchange, bytes);
        if (paid) {
            exempt(exchange);
        }
        return paid;
    }

    /** Makes the response free, for a trusted client. */
    static void exempt(HttpServerExchange exchange) {
        exchange.putAttachment(PAID, true);
    }

    /** Pays for a response of this many bytes until it is sent.
     *
     *  @return whether there was room, or none was needed */
    static boolean pay(HttpServerExchange exchange, int bytes) {
        ClientMemory memory = bytes <= SMALL || exchange.getAttachment(PAID) != null
                ? null
                : exchange.getConnection().getAttachment(MEMORY);
        return memory == null || memory.charged(exchange, bytes) != null;
    }

    /** Drops a request's head before the response ends, since a long response does not need it. */
    public static void forgetHead(HttpServerExchange exchange) {
        exchange.getRequestHeaders().clear();
        exchange.getQueryParameters().clear();
        Runnable charge = exchange.getAttachment(CHARGE);
        if (charge != null) {
            charge.run();
        }
    }
}
