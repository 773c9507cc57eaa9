package io.visitorcounter.core.redis;

import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.CounterStoreProvider;
import io.visitorcounter.core.EventLoop;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.spi.StoreFactory;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Opens {@code redis://[user:password@]host[:port][/database]}, {@code redis-sentinel://host[:port],…[/database]#master}
 *  and {@code redis-cluster://host[:port],…}; {@code rediss}, {@code rediss-sentinel} and {@code rediss-cluster} are the
 *  same with TLS. */
public final class RedisStoreProvider implements CounterStoreProvider {

    private static final Duration MIN_ATTEMPT = Duration.ofMillis(100);
    private static final Duration MAX_ATTEMPT = Duration.ofSeconds(10);

    /** How long opening may take, retries included, unless the options set another time. */
    private static final Duration OPEN = Duration.ofSeconds(10);

    /** How often a connection that is cut at once is tried; a port that requires TLS cuts it every time. */
    private static final int MAX_TRIES = 5;

    private static final long PAUSE_MILLIS = 100;
    private static final long MAX_PAUSE_MILLIS = 1000;

    /** For the service loader. */
    public RedisStoreProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("redis", "rediss", "redis-sentinel", "rediss-sentinel", "redis-cluster", "rediss-cluster");
    }

    @Override
    public CounterStore open(URI uri, CounterOptions options) {
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        ClientVersions.check(scheme, scheme.endsWith("-cluster"));
        try {
            return StoreFactory.open(openBackend(uri, options), options);
        } catch (LinkageError e) {
            throw ClientVersions.unfit(scheme, e);
        }
    }

    static RedisBackend openBackend(URI uri, CounterOptions options) {
        RedisAddress address = RedisAddress.of(uri, options.credentials());
        options.eventLoop().ifPresent(host -> checkHost(address, host));
        Duration attempt = attempt(options.deadline());
        Client client = new Client(
                address,
                attempt,
                CaFile.checked(options.certificates(), address),
                options.eventLoop().orElse(null));
        boolean opened = false;
        try {
            RedisBackend backend = backend(client, attempt, options);
            opened = true;
            return backend;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(address + ": interrupted while connecting", e);
        } finally {
            if (!opened) {
                client.close();
            }
        }
    }

    /** Connects and checks the server, and retries if that may help. */
    private static RedisBackend backend(Client client, Duration attempt, CounterOptions options)
            throws InterruptedException {
        boolean waits = !options.openTimeout().isZero();
        long end = System.nanoTime() + (waits ? options.openTimeout() : OPEN).toNanos();
        for (int tries = 1; ; tries++) {
            Duration left = Duration.ofNanos(end - System.nanoTime());
            try {
                RedisConnection connection =
                        client.connect(left).toCompletableFuture().get(left.toMillis(), TimeUnit.MILLISECONDS);
                DurabilityCheck durability = new ServerCheck(client.address(), options).check(connection);
                return new RedisBackend(client, connection, durability, attempt, options);
            } catch (StoreException | InterruptedException e) {
                throw e;
            } catch (Exception e) {
                ConnectFailure failure = ConnectFailure.of(e, client.address());
                boolean again =
                        waits ? failure.passes() || ConnectFailure.isAway(e) : failure.passes() && tries < MAX_TRIES;
                long pause = Math.min(PAUSE_MILLIS * tries, MAX_PAUSE_MILLIS);
                boolean time = end - System.nanoTime() > TimeUnit.MILLISECONDS.toNanos(2 * pause);
                if (!again || !time) {
                    throw new StoreException(client.address() + ": can't connect: " + failure.text(), e);
                }
                TimeUnit.MILLISECONDS.sleep(pause);
            }
        }
    }

    private static void checkHost(RedisAddress address, EventLoop host) {
        if (host.thread() == Thread.currentThread()) {
            throw new IllegalStateException(
                    address + ": can't be opened on the event loop that it is to work on; open it on another thread");
        }
        if (!host.thread().isAlive()) {
            throw new IllegalStateException(address + ": the event loop that it is to work on does not run; start it");
        }
    }

    /** {@return how long one attempt may take: half of the deadline, which is enough for a distant server and leaves
     *  time for a resend} */
    private static Duration attempt(Duration deadline) {
        Duration half = deadline.dividedBy(2);
        Duration atLeast = half.compareTo(MIN_ATTEMPT) < 0 ? MIN_ATTEMPT : half;
        return atLeast.compareTo(MAX_ATTEMPT) > 0 ? MAX_ATTEMPT : atLeast;
    }
}
