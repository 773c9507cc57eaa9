package io.visitorcounter.web.connection;

import io.visitorcounter.web.http.PerClientLimit;
import java.net.InetAddress;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Lets so many clients read more slowly than they ask: the system keeps what was sent to them and what they sent meanwhile,
 *  which a container's memory pays for. Thread-safe. */
public final class SlowReaders {

    private final Semaphore places;
    private final PerClientLimit perClient;

    /** Sets how many of all clients together, and how many of one address. */
    public SlowReaders(int max, PerClientLimit perClient) {
        this.places = new Semaphore(max);
        this.perClient = perClient;
    }

    /** {@return what gives the place back, to be run once; null where there is none} */
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
