package io.visitorcounter.core.redis;

import io.visitorcounter.core.StoreHealth;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The current connection. It is replaced if it was cut, stalls, or leads to a server that is no longer the primary.
 *  Thread-safe.
 *
 *  <p>The first replacement is tried at once. Each further one waits twice as long as the one before, up to a second,
 *  until a command succeeds. This also holds if connecting succeeds and only the commands fail.
 *
 *  <p>An outage of a second or more is reported, and so is its end, because without visits nothing else would notice
 *  it. */
final class ReconnectingConnection {

    private static final Logger LOG = LoggerFactory.getLogger(ReconnectingConnection.class);

    private static final long MIN_PAUSE = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long MAX_PAUSE = TimeUnit.SECONDS.toNanos(1);
    private static final int MAX_DOUBLINGS = 9;

    /** How long a self-reconnecting connection may take, and how long an outage must last before it is reported, in ns. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);

    /** How long one attempt to connect may take. */
    private static final Duration TRY = Duration.ofSeconds(3);

    static final String CUT = "the connection was cut";

    /** After how many attempts in a row without a reply the reason is replaced by theirs. When a server refuses a handshake, Lettuce
     *  now and then reports a closed connection instead, so one such attempt proves nothing. */
    private static final int SILENT_TRIES = 3;

    /** The pause before a server that is not ready yet is asked again, in ns. */
    private static final long ASK_AGAIN = TimeUnit.SECONDS.toNanos(1);

    private final Client client;
    private final Consumer<StoreHealth> told;
    private volatile RedisConnection connection;
    private volatile boolean closed;

    /** Whether something has failed since the last successful command. */
    private volatile boolean troubled;

    private volatile @Nullable String why;

    // Guarded by the object's lock:
    private long troubledSince;
    private boolean replacing;
    private boolean isTold;
    private boolean commandsFail;
    private boolean reasonLasts;
    private int silentTries;
    private int replaced;

    /** Begins with an open connection.
     *
     *  @param told the listener of {@link io.visitorcounter.core.spi.Backend#watch} */
    ReconnectingConnection(Client client, RedisConnection first, Consumer<StoreHealth> told) {
        this.client = client;
        this.told = told;
        this.connection = first;
        first.whenCut(() -> replace(first, CUT));
    }

    /** {@return the connection to send on; it may be cut} */
    RedisConnection current() {
        return connection;
    }

    /** {@return whether the connection is open; starts a replacement if it was cut} */
    boolean isOpen() {
        RedisConnection asked = connection;
        boolean open = asked.isOpen();
        if (!open) {
            replace(asked, CUT);
        }
        return open;
    }

    String why() {
        String reason = why;
        return reason == null ? "not connected" : "not connected: " + reason;
    }

    void succeeded() {
        if (troubled) {
            over();
        }
    }

    private void over() {
        boolean wasTold;
        synchronized (this) {
            wasTold = isTold;
            troubled = false;
            isTold = false;
            commandsFail = false;
            why = null;
            reasonLasts = false;
            replaced = 0;
        }
        if (wasTold) {
            LOG.debug("{}: connected again", client.address());
            told.accept(new StoreHealth(true, client.address() + ": connected"));
        }
    }

    /** Replaces a connection, unless that is in progress or done. The reason is for the log. */
    void replace(RedisConnection bad, String reason) {
        boolean isLost;
        synchronized (this) {
            if (closed || bad != connection) {
                return;
            }
            long now = System.nanoTime();
            if (!troubled) {
                troubled = true;
                troubledSince = now;
            }
            commandsFail |= !reason.equals(CUT);
            if (!replacing) {
                why = reason;
                reasonLasts = false;
            }
            isLost = isToBeTold(now);
            if (!replacing && !(bad.mendsItself() && now - troubledSince < PATIENCE)) {
                replacing = true;
                tryAfterPause(bad);
            }
        }
        if (isLost) {
            tellLost();
        }
    }

    private boolean isToBeTold(long now) {
        boolean first = !isTold && now - troubledSince >= PATIENCE;
        isTold |= first;
        return first;
    }

    private void tellLost() {
        LOG.debug("{}: {}; trying to connect again", client.address(), why());
        told.accept(new StoreHealth(false, client.address() + ": " + why()));
    }

    private void tryAfterPause(RedisConnection bad) {
        int before = replaced++;
        if (before == 0) {
            connect(bad);
        } else {
            long full = Math.min(MIN_PAUSE << Math.min(before - 1, MAX_DOUBLINGS), MAX_PAUSE);
            client.later(() -> connect(bad), full - ThreadLocalRandom.current().nextLong(full / 4));
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the dependents handle both outcomes
    private void connect(RedisConnection bad) {
        if (closed) {
            return;
        }
        CompletionStage<RedisConnection> next;
        try {
            next = client.connect(TRY);
        } catch (RuntimeException e) {
            next = CompletableFuture.failedFuture(e); // else nothing would ever try again
        }
        next.whenComplete((fresh, failure) -> connected(bad, fresh, failure));
    }

    private void connected(RedisConnection bad, @Nullable RedisConnection fresh, @Nullable Throwable failure) {
        if (fresh != null) {
            boolean ask;
            synchronized (this) {
                connection = fresh;
                replacing = false;
                ask = isTold && !commandsFail;
            }
            bad.close();
            if (closed) {
                fresh.close();
                return;
            }
            fresh.whenCut(() -> replace(fresh, CUT));
            if (ask) {
                ask(fresh);
            }
            return;
        }
        boolean isLost;
        synchronized (this) {
            if (failure != null) {
                note(ConnectFailure.of(failure, client.address()));
            }
            isLost = isToBeTold(System.nanoTime());
            tryAfterPause(bad);
        }
        if (isLost) {
            tellLost();
        }
    }

    private void note(ConnectFailure failure) {
        silentTries = failure.passes() ? silentTries + 1 : 0;
        if (!failure.passes() || !reasonLasts || silentTries >= SILENT_TRIES) {
            why = failure.text();
            reasonLasts = !failure.passes();
        }
    }

    /** Checks whether a server that is reachable again also answers; without visits nothing else would. */
    @SuppressWarnings("FutureReturnValueIgnored") // the dependent is all that there is to do
    private void ask(RedisConnection fresh) {
        if (closed || !troubled || connection != fresh || !fresh.isOpen()) {
            return;
        }
        fresh.commands().ping().whenComplete((pong, failure) -> {
            if (failure == null || !ServerErrors.passes(failure)) {
                succeeded();
            } else {
                client.later(() -> ask(fresh), ASK_AGAIN);
            }
        });
    }

    /** Stops replacing; the client closes the connection when it closes. */
    void close() {
        closed = true;
    }
}
