package io.visitorcounter.core.redis;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The link in use. Lettuce mends a link that was cut; one that it does not mend (it stalls, it leads to a server that is
 *  no longer the primary, or a TLS handshake failed and ended Lettuce's trying) is replaced here. Thread-safe. */
final class Line {

    private static final Logger LOG = LoggerFactory.getLogger(Line.class);

    /** How long a link may be cut until it is replaced, and how long until the next try to replace it, in ns. */
    private static final long MENDING = TimeUnit.SECONDS.toNanos(1);

    private final Client client;
    private final AtomicBoolean replacing = new AtomicBoolean();

    /** Since when the link is cut, in ns; 0 if it is not. */
    private final AtomicLong cutSince = new AtomicLong();

    private volatile long lastFailed = System.nanoTime() - MENDING;
    private volatile Link link;
    private volatile boolean warned;
    private volatile boolean closed;

    Line(Client client, Link first) {
        this.client = client;
        this.link = first;
    }

    /** {@return the link to send on; it may be cut} */
    Link link() {
        return link;
    }

    /** {@return whether the link is open; asks for another one that was cut for long} */
    boolean isOpen() {
        Link now = link;
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

    private void noteCut(Link cut) {
        long since = cutSince.get();
        long now = System.nanoTime();
        if (since == 0) {
            // Never 0, which stands for a link that is not cut.
            cutSince.compareAndSet(0, now | 1);
        } else if (now - since > MENDING) {
            if (!warned) {
                warned = true;
                LOG.warn("{}: not connected; trying to connect again", client.address());
            }
            replace(cut);
        }
    }

    /** Connects anew and then gives up the link, unless that is under way, done or was just tried.
     *
     *  @param bad the link to give up
     *  @param why for the log */
    void replace(Link bad, String why) {
        if (replace(bad)) {
            LOG.info("{}: connecting anew: {}", client.address(), why);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the dependents see to both ends
    private boolean replace(Link bad) {
        if (closed
                || bad != link
                || System.nanoTime() - lastFailed < MENDING
                || !replacing.compareAndSet(false, true)) {
            return false;
        }
        client.connect().whenComplete((fresh, failure) -> {
            if (failure == null) {
                link = fresh;
                bad.close();
                if (closed) {
                    fresh.close();
                }
            } else {
                // The next command that finds the link bad asks again.
                lastFailed = System.nanoTime();
            }
            replacing.set(false);
        });
        return true;
    }

    /** Stops replacing; the client closes the link with itself. */
    void close() {
        closed = true;
    }
}
