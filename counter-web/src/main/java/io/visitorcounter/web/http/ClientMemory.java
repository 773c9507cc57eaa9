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

/** A part of the heap for what clients make the server keep: request heads, and responses that they do not read. What would
 *  exceed it is refused, and one client address can't take all of it. Its own memory grows with what is kept, not with who
 *  asks. Thread-safe.
 *
 *  <p>A request or response that costs no more than {@link #SMALL} is free: the number of connections bounds those. */
public final class ClientMemory {

    /** What a request may cost without being charged, in bytes. */
    public static final int SMALL = 2048;

    /** What a head costs beside what is in it, while it is not complete, in bytes. */
    public static final int INCOMPLETE = 2048;

    // What the server keeps for each, beside its text, in bytes: an entry of a map, a list for the values, strings.
    static final int HEADER_COST = 160;
    static final int PARAMETER_COST = 300;

    /** Of a request: what gives back what its head took. */
    private static final AttachmentKey<Runnable> CHARGE = AttachmentKey.create(Runnable.class);

    /** Of a connection: whose memory its responses take. */
    private static final AttachmentKey<ClientMemory> MEMORY = AttachmentKey.create(ClientMemory.class);

    /** Of a request whose response is paid for, whatever its length. */
    private static final AttachmentKey<Boolean> PAID = AttachmentKey.create(Boolean.class);

    private final long budget;
    private final long perClient;
    private final ClientAddress address;
    private final AtomicLong used = new AtomicLong();
    private final ConcurrentMap<InetAddress, Long> byClient = new ConcurrentHashMap<>();

    /** Sets the bounds.
     *
     *  @param budget for all, in bytes
     *  @param percent of it that one client address may take; trusted proxies may take all
     *  @param address says which addresses are trusted proxies */
    public ClientMemory(long budget, int percent, ClientAddress address) {
        this.budget = budget;
        this.perClient = budget / 100 * percent;
        this.address = address;
    }

    /** {@return what a head costs that is so long, with so many headers and parameters of its query, in bytes} */
    public static int cost(int bytes, int headers, int parameters) {
        return bytes + headers * HEADER_COST + parameters * PARAMETER_COST;
    }

    /** Takes a part.
     *
     *  @param client the connection's own address
     *  @param bytes how much
     *  @return whether there was room; else nothing was taken */
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

    /** Takes what a request's head costs, until the request has its response.
     *
     *  @return whether there was room */
    boolean charge(HttpServerExchange exchange, int cost) {
        Runnable charge = charged(exchange, cost);
        if (charge != null) {
            exchange.putAttachment(CHARGE, charge);
        }
        return charge != null;
    }

    /** {@return what gives back what was taken, as the end of the response does; null if there was no room} */
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

    /** Lets the responses of the request's connection take from this. */
    void lendTo(HttpServerExchange exchange) {
        ServerConnection connection = exchange.getConnection();
        if (connection.getAttachment(MEMORY) == null) {
            connection.putAttachment(MEMORY, this);
        }
    }

    /** Pays for a response of about so many bytes beforehand, where it must not be refused once it is known.
     *
     *  @return whether there was room */
    public static boolean payAhead(HttpServerExchange exchange, int bytes) {
        boolean paid = pay(exchange, bytes);
        if (paid) {
            exempt(exchange);
        }
        return paid;
    }

    /** Takes nothing for the response: who asks is trusted. */
    static void exempt(HttpServerExchange exchange) {
        exchange.putAttachment(PAID, true);
    }

    /** Pays for a response of so many bytes, until it was sent.
     *
     *  @return whether there was room, or need for it */
    static boolean pay(HttpServerExchange exchange, int bytes) {
        ClientMemory memory = bytes <= SMALL || exchange.getAttachment(PAID) != null
                ? null
                : exchange.getConnection().getAttachment(MEMORY);
        return memory == null || memory.charged(exchange, bytes) != null;
    }

    /** Lets go of a request's head before the response ends, as a long response has no more use for it. */
    public static void forgetHead(HttpServerExchange exchange) {
        exchange.getRequestHeaders().clear();
        exchange.getQueryParameters().clear();
        Runnable charge = exchange.getAttachment(CHARGE);
        if (charge != null) {
            charge.run();
        }
    }
}
