package io.visitorcounter.core.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import io.visitorcounter.core.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens connections to an address. Lettuce must never send a command a second time by itself, so commands are refused while
 *  there is no connection and fail when it is cut: since 6.7, and in Clusters since 7.7, that leaves every resend to the
 *  lane. */
final class Client implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Client.class);

    /** How long a connection may take until it is there. */
    private static final Duration CONNECT = Duration.ofSeconds(3);

    /** How long closing may take: once for the connections, once for what they ran on. */
    private static final Duration CLOSE = Duration.ofSeconds(3);

    private static final Duration LONGEST_RECONNECT_DELAY = Duration.ofMillis(500);

    /** The commands of one connection that may wait for an answer: lanes have one batch each under way. */
    private static final int REQUESTS = 100_000;

    /** One connection needs one thread; Lettuce refuses fewer than two. */
    private static final int FEWEST_THREADS = 2;

    private final RedisAddress address;
    private final DeadlineTimer timer;
    private final @Nullable HostedLoop hosted;
    private final ClientResources resources;
    private final List<RedisURI> uris;
    private final @Nullable RedisClient single;
    private final @Nullable RedisClusterClient cluster;

    /** Makes a client; it does not connect yet.
     *
     *  @param attempt how long one command may take until it is given up
     *  @param trust whom TLS connections trust, or null for whom the JVM trusts
     *  @param host where the network work is done, or null for threads of its own */
    Client(RedisAddress address, Duration attempt, @Nullable TrustManagerFactory trust, @Nullable EventLoop host) {
        this.address = address;
        this.timer = new DeadlineTimer("visitor-counter-redis-timer");
        this.hosted = host == null ? null : new HostedLoop(host);
        DefaultClientResources.Builder builder = DefaultClientResources.builder();
        if (hosted == null) {
            builder.ioThreadPoolSize(FEWEST_THREADS);
        } else {
            builder.eventLoopGroupProvider(hosted);
        }
        this.resources = builder.computationThreadPoolSize(FEWEST_THREADS)
                .reconnectDelay(
                        Delay.exponential(Duration.ofMillis(1), LONGEST_RECONNECT_DELAY, 2, TimeUnit.MILLISECONDS))
                .timer(timer)
                .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                .build();
        this.uris = address.lettuce(CONNECT);
        if (address.kind() == RedisAddress.Kind.CLUSTER) {
            single = null;
            cluster = RedisClusterClient.create(resources, uris);
            cluster.setOptions(clusterOptions(attempt, trust));
        } else {
            cluster = null;
            single = RedisClient.create(resources);
            single.setOptions(options(ClientOptions.builder(), attempt, trust).build());
        }
    }

    private static ClusterClientOptions clusterOptions(Duration attempt, @Nullable TrustManagerFactory trust) {
        ClusterClientOptions.Builder builder = ClusterClientOptions.builder();
        options(builder, attempt, trust);
        return builder.topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                        .enablePeriodicRefresh(Duration.ofSeconds(10))
                        .adaptiveRefreshTriggersTimeout(Duration.ofSeconds(1))
                        .build())
                .validateClusterNodeMembership(false)
                .build();
    }

    private static <B extends ClientOptions.Builder> B options(
            B builder, Duration attempt, @Nullable TrustManagerFactory trust) {
        builder.autoReconnect(true)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(REQUESTS)
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .timeoutOptions(TimeoutOptions.builder().fixedTimeout(attempt).build())
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(CONNECT)
                        .keepAlive(true)
                        .tcpNoDelay(true)
                        .build());
        if (trust != null) {
            builder.sslOptions(
                    SslOptions.builder().jdkSslProvider().trustManager(trust).build());
        }
        return builder;
    }

    /** Connects. */
    CompletionStage<RedisConnection> connect() {
        if (cluster != null) {
            return cluster.refreshPartitionsAsync()
                    .thenCompose(done -> cluster.connectAsync(Utf8.CODEC))
                    .thenApply(RedisConnection.Cluster::new);
        }
        RedisClient client = single;
        if (client == null) {
            throw new IllegalStateException("neither a server nor a cluster");
        }
        return client.connectAsync(Utf8.CODEC, uris.get(0))
                .toCompletableFuture()
                .thenApply(RedisConnection.Single::new);
    }

    /** Learns anew which node has which slot, where an error says that it changed. */
    @SuppressWarnings("FutureReturnValueIgnored") // a later command shows whether it helped
    void moved(Throwable error) {
        if (cluster != null && String.valueOf(error.getMessage()).startsWith("MOVED ")) {
            cluster.refreshPartitionsAsync();
        }
    }

    /** Waits a moment for an answer where that spares the calling thread a hand-over. */
    void await(CompletionStage<?> answer) {
        if (hosted != null) {
            hosted.await(answer);
        }
    }

    /** {@return whether the network work is done on this thread} */
    boolean isHost(Thread thread) {
        return hosted != null && hosted.isOn(thread);
    }

    /** {@return whether the application's thread has ended that the network work was done on: no answer comes any more} */
    boolean hostHasEnded() {
        return hosted != null && hosted.hasEnded();
    }

    RedisAddress address() {
        return address;
    }

    @Override
    public void close() {
        AbstractRedisClient client = cluster != null ? cluster : single;
        CompletableFuture<?> closed =
                client == null ? CompletableFuture.completedFuture(null) : client.shutdownAsync(0, 2, TimeUnit.SECONDS);
        if (hostHasEnded()) {
            LOG.warn("{}: the event loop ended before the store; its connections end with the process", address);
        } else {
            await(closed, CLOSE);
        }
        var ended = resources.shutdown(0, 2, TimeUnit.SECONDS);
        if (!hostHasEnded()) {
            ended.awaitUninterruptibly(CLOSE.toSeconds(), TimeUnit.SECONDS);
        }
        timer.stop();
    }

    private void await(CompletableFuture<?> closed, Duration longest) {
        try {
            closed.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("{}: its connections were not closed in time", address, e);
        }
    }
}
