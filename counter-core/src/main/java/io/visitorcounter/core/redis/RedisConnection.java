package io.visitorcounter.core.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One connection to the server or Cluster with the counters. Thread-safe. */
sealed interface RedisConnection {

    StatefulConnection<String, String> connection();

    /** {@return whether a command would be sent now} */
    default boolean isOpen() {
        return connection().isOpen();
    }

    RedisClusterAsyncCommands<String, String> commands();

    /** {@return the commands of the node that holds a key; only that node can say whether its replicas or its disk have
     *  what was written} */
    CompletionStage<? extends RedisClusterAsyncCommands<String, String>> commandsOf(String key);

    /** {@return the commands of each node that takes writes} */
    List<CompletionStage<? extends RedisClusterAsyncCommands<String, String>>> primaries();

    /** {@return whether Lettuce reconnects by itself, node by node} */
    boolean mendsItself();

    /** Runs a task when the connection is cut, if Lettuce reports that. */
    void whenCut(Runnable task);

    /** Closes it, without waiting. */
    @SuppressWarnings("FutureReturnValueIgnored") // nothing depends on when it is closed
    default void close() {
        connection().closeAsync();
    }

    /** To one server. */
    record Single(StatefulRedisConnection<String, String> connection) implements RedisConnection {

        @Override
        public RedisClusterAsyncCommands<String, String> commands() {
            return connection.async();
        }

        @Override
        public CompletionStage<? extends RedisClusterAsyncCommands<String, String>> commandsOf(String key) {
            return CompletableFuture.completedFuture(connection.async());
        }

        @Override
        public List<CompletionStage<? extends RedisClusterAsyncCommands<String, String>>> primaries() {
            return List.of(CompletableFuture.completedFuture(connection.async()));
        }

        @Override
        public boolean mendsItself() {
            return false;
        }

        @Override
        public void whenCut(Runnable task) {
            connection.addListener(new RedisConnectionStateListener() {
                @Override
                public void onRedisDisconnected(RedisChannelHandler<?, ?> cut) {
                    task.run();
                }
            });
        }
    }

    /** To the nodes of a Cluster. */
    record Cluster(StatefulRedisClusterConnection<String, String> connection) implements RedisConnection {

        @Override
        public RedisClusterAsyncCommands<String, String> commands() {
            return connection.async();
        }

        @Override
        public CompletionStage<? extends RedisClusterAsyncCommands<String, String>> commandsOf(String key) {
            RedisClusterNode owner = connection.getPartitions().getPartitionBySlot(SlotHash.getSlot(key));
            if (owner == null) {
                return CompletableFuture.failedFuture(
                        new IllegalStateException("no node of the cluster has the slot of " + key));
            }
            return connection.getConnectionAsync(owner.getNodeId()).thenApply(StatefulRedisConnection::async);
        }

        @Override
        public List<CompletionStage<? extends RedisClusterAsyncCommands<String, String>>> primaries() {
            List<CompletionStage<? extends RedisClusterAsyncCommands<String, String>>> primaries = new ArrayList<>();
            for (RedisClusterNode node : connection.getPartitions()) {
                if (node.is(RedisClusterNode.NodeFlag.UPSTREAM)
                        && !node.getSlots().isEmpty()) {
                    primaries.add(
                            connection.getConnectionAsync(node.getNodeId()).thenApply(StatefulRedisConnection::async));
                }
            }
            return primaries;
        }

        @Override
        public boolean mendsItself() {
            return true;
        }

        @Override
        public void whenCut(Runnable task) {
            // If one node is down, that is no reason to reconnect to all.
        }
    }
}
