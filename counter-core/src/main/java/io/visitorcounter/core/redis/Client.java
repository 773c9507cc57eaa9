package io.visitorcounter.core.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
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
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens connections to an address. Lettuce must never resend a command by itself. So commands are refused while there
 *  is no connection, and fail when it is cut; since Lettuce 6.7, and in Clusters since 7.7, this leaves every resend to
 *  the lane. */
final class Client implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Client.class);

    /** How long a host may take to accept a connection. */
    private static final Duration ACCEPT = Duration.ofSeconds(3);

    /** How long a node of a Cluster may take until it is ready for commands. */
    private static final Duration NODE = Duration.ofSeconds(10);

    /** How long closing may take: once for the connections, once for their threads. */
    private static final Duration CLOSE = Duration.ofSeconds(3);

    /** The longest pause between Lettuce's attempts to connect to a node of a Cluster. */
    private static final Duration MAX_RECONNECT_DELAY = Duration.ofSeconds(1);

    /** How many commands of one connection may wait for a reply; each lane has at most one batch in flight. */
    private static final int MAX_REQUESTS = 100_000;

    /** One connection needs one thread; Lettuce refuses fewer than two. */
    private static final int MIN_THREADS = 2;

    private final RedisAddress address;
    private final DeadlineTimer timer;
    private final @Nullable HostedLoop hosted;
    private final ClientResources resources;
    private final AbstractRedisClient lettuce; // of a Cluster, or of one server

    /** Creates a client; it does not connect yet.
     *
     *  @param attempt the timeout of one command
     *  @param caFile the certificates that servers are checked against, or null for the JVM's
     *  @param host where the network work is done, or null for the client's own threads */
    Client(RedisAddress address, Duration attempt, @Nullable Path caFile, @Nullable EventLoop host) {
        this.address = address;
        this.timer = new DeadlineTimer("visitor-counter-redis-timer");
        this.hosted = host == null ? null : new HostedLoop(host);
        DefaultClientResources.Builder builder = DefaultClientResources.builder();
        if (hosted == null) {
            builder.ioThreadPoolSize(MIN_THREADS);
        } else {
            builder.eventLoopGroupProvider(hosted);
        }
        this.resources = builder.computationThreadPoolSize(MIN_THREADS)
                .reconnectDelay(Delay.exponential(Duration.ofMillis(1), MAX_RECONNECT_DELAY, 2, TimeUnit.MILLISECONDS))
                .timer(timer)
                .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                .build();
        if (address.kind() == RedisAddress.Kind.CLUSTER) {
            RedisClusterClient cluster = RedisClusterClient.create(resources, address.lettuce(NODE));
            cluster.setOptions(clusterOptions(attempt, caFile));
            lettuce = cluster;
        } else {
            RedisClient single = new AsyncOnlyClient(resources);
            single.setOptions(
                    options(ClientOptions.builder(), false, attempt, caFile).build());
            lettuce = single;
        }
    }

    // A connection to one server is replaced, not reconnected: see ReconnectingConnection.
    private static ClusterClientOptions clusterOptions(Duration attempt, @Nullable Path caFile) {
        ClusterClientOptions.Builder builder = ClusterClientOptions.builder();
        options(builder, true, attempt, caFile);
        return builder.topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                        .enablePeriodicRefresh(Duration.ofSeconds(10))
                        .adaptiveRefreshTriggersTimeout(Duration.ofSeconds(1))
                        .build())
                .validateClusterNodeMembership(false)
                .build();
    }

    private static <B extends ClientOptions.Builder> B options(
            B builder, boolean cluster, Duration attempt, @Nullable Path caFile) {
        builder.autoReconnect(cluster)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(MAX_REQUESTS)
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .timeoutOptions(TimeoutOptions.builder().fixedTimeout(attempt).build())
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(ACCEPT)
                        .keepAlive(true)
                        .tcpNoDelay(true)
                        .build());
        if (caFile != null) {
            builder.sslOptions(SslOptions.builder()
                    .jdkSslProvider()
                    .trustManager(caFile.toFile())
                    .build());
        }
        return builder;
    }

    /** Connects.
     *
     *  @param longest how long a server may take until it is ready for commands; a Cluster's nodes have their own limit */
    CompletionStage<RedisConnection> connect(Duration longest) {
        if (lettuce instanceof RedisClusterClient cluster) {
            return cluster.refreshPartitionsAsync()
                    .thenCompose(done -> cluster.connectAsync(Utf8.CODEC))
                    .thenApply(RedisConnection.Cluster::new);
        }
        return ((RedisClient) lettuce)
                .connectAsync(Utf8.CODEC, address.lettuce(longest).get(0))
                .toCompletableFuture()
                .thenApply(RedisConnection.Single::new);
    }

    /** Reloads the Cluster's slot map, if an error says that it has changed. */
    @SuppressWarnings("FutureReturnValueIgnored") // a later command shows whether it helped
    void moved(Throwable error) {
        if (lettuce instanceof RedisClusterClient cluster
                && String.valueOf(error.getMessage()).startsWith("MOVED ")) {
            cluster.refreshPartitionsAsync();
        }
    }

    void later(Runnable task, long nanos) {
        try {
            timer.newTimeout(due -> task.run(), nanos, TimeUnit.NANOSECONDS);
        } catch (IllegalStateException closed) {
            LOG.debug("{}: closed before its next task", address);
        }
    }

    /** Waits briefly for a reply if that saves a thread switch. */
    void await(CompletionStage<?> answer) {
        if (hosted != null) {
            hosted.await(answer);
        }
    }

    /** {@return whether the network work is done on this thread} */
    boolean isHost(Thread thread) {
        return hosted != null && hosted.isOn(thread);
    }

    /** {@return whether the application's thread for the network work has ended, so that no more replies will come} */
    boolean hostHasEnded() {
        return hosted != null && hosted.hasEnded();
    }

    RedisAddress address() {
        return address;
    }

    @Override
    public void close() {
        CompletableFuture<?> closed = lettuce.shutdownAsync(0, 2, TimeUnit.SECONDS);
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
