package io.visitorcounter.core.redis;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The link in use. Lettuce mends a link that was cut; one that it does not mend (it stalls, it leads to a server that is
 *  no longer the primary, or a TLS handshake failed and ended Lettuce's trying) is replaced here. Thread-safe. */
final class Line {

    private static final Logger LOG = LoggerFactory.getLogger(Line.class);

    /** How long a link may be cut until it is replaced, in ns. */
    private static final long MENDING = java.util.concurrent.TimeUnit.SECONDS.toNanos(2);

    private final Client client;
    private final AtomicBoolean replacing = new AtomicBoolean();
    private final AtomicLong cutSince = new AtomicLong();
    private volatile Link link;
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
            cutSince.setOpaque(0);
            return true;
        }
        long since = cutSince.get();
        if (since == 0) {
            cutSince.compareAndSet(0, System.nanoTime() | 1);
        } else if (System.nanoTime() - since > MENDING) {
            replace(now, "it is cut and does not come back");
        }
        return false;
    }

    /** Connects anew and then gives up the link, unless that is under way or done.
     *
     *  @param bad the link to give up */
    @SuppressWarnings("FutureReturnValueIgnored") // the dependents see to both ends
    void replace(Link bad, String why) {
        if (closed || bad != link || !replacing.compareAndSet(false, true)) {
            return;
        }
        LOG.info("{}: connecting anew: {}", client.address(), why);
        client.connect().whenComplete((fresh, failure) -> {
            if (failure == null) {
                link = fresh;
                cutSince.set(0);
                bad.close();
                if (closed) {
                    fresh.close();
                }
            }
            // After a failure the next command that finds the link bad asks again.
            replacing.set(false);
        });
    }

    /** Stops replacing; the client closes the link with itself. */
    void close() {
        closed = true;
    }
}
