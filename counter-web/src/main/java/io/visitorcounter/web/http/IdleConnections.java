package io.visitorcounter.web.http;

import io.undertow.server.AbstractServerConnection;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import java.util.Comparator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.XnioExecutor;

/** Makes room for new clients when the limit of connections is nearly reached: like nginx, it closes the connections
 *  that have been idle the longest. Otherwise clients that hold connections without sending requests would block
 *  everybody else until the idle timeout. A connection whose response is not complete is not idle, nor is one that
 *  watches a counter. Thread-safe. */
public final class IdleConnections {

    /** One in this many connections is kept free for new clients. */
    private static final int RESERVE = 20;

    /** A client that is merely between two requests is not idle. */
    private static final long MIN_IDLE = TimeUnit.SECONDS.toNanos(1);

    private static final long LOOK_MILLIS = 250;

    private static final long BUSY = Long.MIN_VALUE;

    private static final AttachmentKey<ConnectionUse> USE = AttachmentKey.create(ConnectionUse.class);

    private final int full;
    private final int room;
    private final Runnable whenClosed;
    private final ConcurrentMap<StreamConnection, ConnectionUse> open = new ConcurrentHashMap<>();
    private final AtomicBoolean looking = new AtomicBoolean();

    public IdleConnections(int max, Runnable whenClosed) {
        this.whenClosed = whenClosed;
        this.full = max - max / RESERVE;
        this.room = Math.max(1, max / RESERVE / 2);
    }

    /** Since when a connection has been idle, in ns of the JVM's clock; {@link #BUSY} while it has a request. Written
     *  on its I/O thread without a fence, so readers may see it slightly late; they ask that thread before closing
     *  anything. */
    private static final class ConnectionUse {

        private final AtomicLong since = new AtomicLong(now());
        private final RequestWatch requests;

        ConnectionUse(RequestWatch requests) {
            this.requests = requests;
        }

        /** {@return how long it has been idle, in ns; negative if it has a request} */
        long idleAt(long now) {
            long from = since.getOpaque();
            return from == BUSY ? -1 : now - from;
        }

        /** {@return the clock, which never returns BUSY} */
        static long now() {
            long now = System.nanoTime();
            return now == BUSY ? now + 1 : now;
        }
    }

    /** A connection was opened.
     *
     *  @param requests is told of its requests */
    public void opened(StreamConnection connection, RequestWatch requests) {
        open.put(connection, new ConnectionUse(requests));
        if (open.size() > full && looking.compareAndSet(false, true)) {
            makeRoom(connection.getIoThread());
        }
    }

    /** A connection is closed. */
    public void closed(StreamConnection connection) {
        open.remove(connection);
    }

    void began(HttpServerExchange exchange) {
        ConnectionUse use = use(exchange);
        if (use != null) {
            use.since.setOpaque(BUSY);
            use.requests.began(exchange);
        }
    }

    void ended(HttpServerExchange exchange) {
        ConnectionUse use = use(exchange);
        if (use != null) {
            use.since.setOpaque(ConnectionUse.now());
            use.requests.ended(exchange);
        }
    }

    private @Nullable ConnectionUse use(HttpServerExchange exchange) {
        ConnectionUse use = exchange.getConnection().getAttachment(USE);
        if (use == null && exchange.getConnection() instanceof AbstractServerConnection connection) {
            use = open.get(connection.getChannel());
            if (use != null) {
                connection.putAttachment(USE, use);
            }
        }
        return use;
    }

    /** Repeats until there is room; without it, nobody can connect. */
    private void makeRoom(XnioExecutor executor) {
        closeSome();
        executor.executeAfter(
                () -> {
                    if (open.size() > full) {
                        makeRoom(executor);
                    } else {
                        looking.set(false);
                    }
                },
                LOOK_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    private void closeSome() {
        long now = System.nanoTime();
        open.entrySet().stream()
                .map(of -> new IdleConnection(
                        of.getKey(), of.getValue(), of.getValue().idleAt(now)))
                .filter(of -> of.nanos() > MIN_IDLE)
                .sorted(Comparator.comparingLong(IdleConnection::nanos).reversed())
                .limit(Math.max(0, open.size() - full) + room)
                .forEach(this::close);
    }

    private record IdleConnection(StreamConnection connection, ConnectionUse use, long nanos) {}

    /** Closes it, unless a request has arrived meanwhile, which only its own thread knows. */
    private void close(IdleConnection idle) {
        idle.connection.getIoThread().execute(() -> {
            if (idle.use.idleAt(System.nanoTime()) >= idle.nanos) {
                IoUtils.safeClose(idle.connection);
                whenClosed.run();
            }
        });
    }
}
