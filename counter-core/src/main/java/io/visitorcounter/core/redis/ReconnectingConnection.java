package io.visitorcounter.core.redis;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connection in use, which is replaced when it is of no more use: it was cut, it stalls, it leads to a server that is
 *  no longer the primary. Thread-safe.
 *
 *  <p>The first replacement is tried at once. Each further one, whatever the reason, waits twice as long as the one before,
 *  up to a second, until a command succeeds: also where connecting succeeds and only the commands fail. That visits fail, and
 *  why, is told in the log by whoever makes them; this tells, at the level debug, what becomes of the connection. */
final class ReconnectingConnection {

    private static final Logger LOG = LoggerFactory.getLogger(ReconnectingConnection.class);

    private static final long MIN_PAUSE = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long MAX_PAUSE = TimeUnit.SECONDS.toNanos(1);
    private static final int MAX_DOUBLINGS = 9;

    /** How long a connection that mends itself may take, and how long a trouble lasts until it is logged, in ns. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);

    /** How long one try may take. */
    private static final Duration TRY = Duration.ofSeconds(3);

    private static final String CUT = "the connection was cut";

    private final Client client;
    private volatile RedisConnection connection;
    private volatile boolean closed;

    /** Whether something is wrong since the last command that succeeded. */
    private volatile boolean troubled;

    private volatile @Nullable String why;

    // Guarded by the object's lock:
    private long troubledSince;
    private boolean replacing;
    private boolean warned;
    private int replaced;

    ReconnectingConnection(Client client, RedisConnection first) {
        this.client = client;
        this.connection = first;
        first.whenCut(() -> replace(first, CUT));
    }

    /** {@return the connection to send on; it may be cut} */
    RedisConnection current() {
        return connection;
    }

    /** {@return whether the connection is open; has another one that was cut replaced} */
    boolean isOpen() {
        return isOpen(connection);
    }

    private boolean isOpen(RedisConnection asked) {
        if (asked.isOpen()) {
            return true;
        }
        replace(asked, CUT);
        return false;
    }

    /** {@return why it is not open, as far as that is known} */
    String why() {
        String reason = why;
        return reason == null ? "not connected" : "not connected: " + reason;
    }

    /** Notes that a command has succeeded. */
    void succeeded() {
        if (troubled) {
            over();
        }
    }

    private synchronized void over() {
        if (!troubled) {
            return;
        }
        if (warned) {
            LOG.debug("{}: connected again", client.address());
        }
        troubled = false;
        warned = false;
        why = null;
        replaced = 0;
    }

    /** Has a connection replaced, unless that is under way or done.
     *
     *  @param bad the connection to give up
     *  @param reason for the log */
    synchronized void replace(RedisConnection bad, String reason) {
        if (closed || bad != connection) {
            return;
        }
        long now = System.nanoTime();
        if (!troubled) {
            troubled = true;
            troubledSince = now;
        }
        if (!replacing) {
            why = reason;
        }
        warnOnce(now);
        if (!replacing && !(bad.mendsItself() && now - troubledSince < PATIENCE)) {
            replacing = true;
            tryAfterPause(bad);
        }
    }

    private void warnOnce(long now) {
        if (!warned && now - troubledSince >= PATIENCE) {
            warned = true;
            LOG.debug("{}: {}; trying to connect again", client.address(), why());
        }
    }

    private void tryAfterPause(RedisConnection bad) {
        if (replaced == 0) {
            connect(bad);
        } else {
            long full = Math.min(MIN_PAUSE << Math.min(replaced - 1, MAX_DOUBLINGS), MAX_PAUSE);
            client.later(() -> connect(bad), full - ThreadLocalRandom.current().nextLong(full / 4));
        }
        replaced++;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the dependents see to both ends
    private void connect(RedisConnection bad) {
        if (!closed) {
            client.connect(TRY).whenComplete((fresh, failure) -> connected(bad, fresh, failure));
        }
    }

    private void connected(RedisConnection bad, @Nullable RedisConnection fresh, @Nullable Throwable failure) {
        if (fresh != null) {
            synchronized (this) {
                connection = fresh;
                replacing = false;
            }
            bad.close();
            if (closed) {
                fresh.close();
            } else {
                fresh.whenCut(() -> replace(fresh, CUT));
            }
            return;
        }
        synchronized (this) {
            if (failure != null) {
                why = ConnectFailure.of(failure, client.address()).text();
            }
            warnOnce(System.nanoTime());
            tryAfterPause(bad);
        }
    }

    /** Stops replacing; the client closes the connection with itself. */
    void close() {
        closed = true;
    }
}
