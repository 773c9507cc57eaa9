package io.visitorcounter.core.redis;

import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.CounterStoreProvider;
import io.visitorcounter.core.EventLoop;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.spi.StoreFactory;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Opens {@code redis://[user:password@]host[:port][/database]}, {@code redis-sentinel://host[:port],…[/database]#master}
 *  and {@code redis-cluster://host[:port],…}; {@code rediss}, {@code rediss-sentinel} and {@code rediss-cluster} are the
 *  same with TLS. */
public final class RedisStoreProvider implements CounterStoreProvider {

    private static final Duration SHORTEST_ATTEMPT = Duration.ofMillis(100);
    private static final Duration LONGEST_ATTEMPT = Duration.ofSeconds(1);
    private static final long OPEN_SECONDS = 10;

    /** For the service loader. */
    public RedisStoreProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("redis", "rediss", "redis-sentinel", "rediss-sentinel", "redis-cluster", "rediss-cluster");
    }

    @Override
    public CounterStore open(URI uri, CounterOptions options) {
        RedisAddress address = RedisAddress.of(uri, options.credentials());
        options.eventLoop().ifPresent(host -> checkHost(address, host));
        Duration attempt = attempt(options.deadline());
        Client client = new Client(
                address,
                attempt,
                Trust.of(options.certificates(), address),
                options.eventLoop().orElse(null));
        boolean opened = false;
        try {
            RedisConnection connection = client.connect().toCompletableFuture().get(OPEN_SECONDS, TimeUnit.SECONDS);
            DurabilityCheck durability = new ServerCheck(address, options.durability()).check(connection);
            RedisBackend backend = new RedisBackend(client, connection, durability, attempt, options);
            opened = true;
            return StoreFactory.open(backend, options);
        } catch (StoreException e) {
            throw e;
        } catch (TimeoutException e) {
            throw new StoreException(address + ": no answer within " + OPEN_SECONDS + " s; is it a Redis?", e);
        } catch (ExecutionException e) {
            throw notOpened(address, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(address + ": interrupted while connecting", e);
        } catch (Exception e) {
            throw notOpened(address, e);
        } finally {
            if (!opened) {
                client.close();
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

    /** {@return how long one attempt may take: a quarter of the deadline, so that there is time for resends} */
    private static Duration attempt(Duration deadline) {
        Duration quarter = deadline.dividedBy(4);
        Duration least = quarter.compareTo(SHORTEST_ATTEMPT) < 0 ? SHORTEST_ATTEMPT : quarter;
        return least.compareTo(LONGEST_ATTEMPT) > 0 ? LONGEST_ATTEMPT : least;
    }

    private static StoreException notOpened(RedisAddress address, Exception e) {
        Throwable cause = ServerErrors.cause(e);
        while (cause.getCause() != null && !(cause instanceof io.lettuce.core.RedisCommandExecutionException)) {
            cause = cause.getCause();
        }
        String why = cause instanceof io.lettuce.core.RedisCommandExecutionException
                ? ServerErrors.permanent(cause)
                : ServerErrors.oneLine(cause);
        return new StoreException(
                address + ": can't connect: " + why + "; start a Redis there or change the address", cause);
    }
}
