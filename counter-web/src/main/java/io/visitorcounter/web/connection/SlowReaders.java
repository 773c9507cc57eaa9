package io.visitorcounter.web.connection;

import io.visitorcounter.web.http.PerClientLimit;
import java.net.InetAddress;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Limits how many clients may read more slowly than they send requests: the system buffers what was sent to them and
 *  what they sent meanwhile, which counts as the container's memory. Thread-safe. */
public final class SlowReaders {

    private final Semaphore places;
    private final PerClientLimit perClient;

    /** Sets the limits for all clients together and for one address. */
    public SlowReaders(int max, PerClientLimit perClient) {
        this.places = new Semaphore(max);
        this.perClient = perClient;
    }

    /** {@return a task that releases the place, to be run once; null if there is none} */
    @Nullable Runnable take(InetAddress client) {
        if (!places.tryAcquire()) {
            return null;
        }
        Runnable share = perClient.take(client);
        if (share == null) {
            places.release();
            return null;
        }
        return () -> {
            share.run();
            places.release();
        };
    }
}
