package io.visitorcounter.core.redis;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A failure of the whole server: it accepts no writes, or does not reply. A failure that concerns a single key or the
 *  rights to it is not included, since callers may choose keys. Thread-safe. */
final class ServerTrouble {

    private static final long PROBE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final AtomicLong probed = new AtomicLong(System.nanoTime() - PROBE_NANOS);
    private volatile @Nullable Seen seen;

    /** A failure that may concern all counters.
     *
     *  @param why one line
     *  @param key the key of the counter that met it */
    record Seen(String why, String key) {}

    /** {@return what is wrong, or null} */
    @Nullable Seen seen() {
        return seen;
    }

    void failed(Throwable cause, String key) {
        if (ServerErrors.passes(cause)) {
            seen = new Seen(ServerErrors.told(cause), key);
        }
    }

    /** Notes that a command succeeded, or failed for a reason that concerns only itself. */
    void over() {
        if (seen != null) {
            seen = null;
        }
    }

    /** {@return whether it is time to check if it is over; true once a second} */
    boolean isProbeDue() {
        long last = probed.get();
        long now = System.nanoTime();
        return now - last >= PROBE_NANOS && probed.compareAndSet(last, now);
    }
}
