package io.visitorcounter.core.redis;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connection in use. Lettuce mends a connection that was cut; one that it does not mend (it stalls, it leads to a server that is
 *  no longer the primary, or a TLS handshake failed and ended Lettuce's trying) is replaced here. Thread-safe. */
final class ReconnectingConnection {

    private static final Logger LOG = LoggerFactory.getLogger(ReconnectingConnection.class);

    /** How long a connection may be cut until it is replaced, and how long until the next try to replace it, in ns. */
    private static final long MENDING = TimeUnit.SECONDS.toNanos(1);

    private final Client client;
    private final AtomicBoolean replacing = new AtomicBoolean();

    /** Since when the connection is cut, in ns; 0 if it is not. */
    private final AtomicLong cutSince = new AtomicLong();

    private volatile long lastFailed = System.nanoTime() - MENDING;
    private volatile RedisConnection connection;
    private volatile boolean warned;
    private volatile boolean closed;

    ReconnectingConnection(Client client, RedisConnection first) {
        this.client = client;
        this.connection = first;
    }

    /** {@return the connection to send on; it may be cut} */
    RedisConnection current() {
        return connection;
    }

    /** {@return whether the connection is open; asks for another one that was cut for long} */
    boolean isOpen() {
        RedisConnection now = connection;
        if (now.isOpen()) {
            long since = cutSince.get();
            if (since != 0 && cutSince.compareAndSet(since, 0) && warned) {
                warned = false;
                LOG.info("{}: connected again", client.address());
            }
            return true;
        }
        if (!closed) {
            noteCut(now);
        }
        return false;
    }

    private void noteCut(RedisConnection cut) {
        long since = cutSince.get();
        long now = System.nanoTime();
        if (since == 0) {
            // Never 0, which stands for a connection that is not cut.
            cutSince.compareAndSet(0, now | 1);
        } else if (now - since > MENDING) {
            if (!warned) {
                warned = true;
                LOG.warn("{}: not connected; trying to connect again", client.address());
            }
            replace(cut);
        }
    }

    /** Connects anew and then gives up the connection, unless that is under way, done or was just tried.
     *
     *  @param bad the connection to give up
     *  @param why for the log */
    void replace(RedisConnection bad, String why) {
        if (replace(bad)) {
            LOG.info("{}: connecting anew: {}", client.address(), why);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the dependents see to both ends
    private boolean replace(RedisConnection bad) {
        if (closed
                || bad != connection
                || System.nanoTime() - lastFailed < MENDING
                || !replacing.compareAndSet(false, true)) {
            return false;
        }
        client.connect().whenComplete((fresh, failure) -> {
            if (failure == null) {
                connection = fresh;
                bad.close();
                if (closed) {
                    fresh.close();
                }
            } else {
                // The next command that finds the connection bad asks again.
                lastFailed = System.nanoTime();
            }
            replacing.set(false);
        });
        return true;
    }

    /** Stops replacing; the client closes the connection with itself. */
    void close() {
        closed = true;
    }
}
