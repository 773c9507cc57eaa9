package io.visitorcounter.core.redis;

import io.visitorcounter.core.contract.RedisAccess;
import io.visitorcounter.core.contract.RedisServer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Real processes that are a Cluster; the slots are shared out evenly and in order.
 *
 *  @param nodes the primaries first, then as many replicas, if any, in the order of their primaries */
record RedisCluster(List<RedisServer> nodes) implements AutoCloseable {

    static final int SLOTS = 16384;
    static final int PRIMARIES = 3;

    static RedisCluster start(RedisAccess access, int replicas) throws InterruptedException {
        RedisCluster cluster = new RedisCluster(new ArrayList<>());
        try {
            cluster.startNodes(access, replicas);
        } catch (RuntimeException | InterruptedException e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    private void startNodes(RedisAccess access, int replicas) throws InterruptedException {
        for (int i = 0; i < PRIMARIES + replicas; i++) {
            nodes.add(RedisServer.start(
                    access,
                    "--cluster-enabled",
                    "yes",
                    "--cluster-node-timeout",
                    "1000",
                    "--repl-diskless-sync-delay",
                    "0"));
        }
        for (RedisServer node : nodes) {
            nodes.get(0).command("CLUSTER", "MEET", "127.0.0.1", Integer.toString(node.port()));
        }
        for (int i = 0; i < PRIMARIES; i++) {
            Stream<String> slots = IntStream.range(i * SLOTS / PRIMARIES, (i + 1) * SLOTS / PRIMARIES)
                    .mapToObj(Integer::toString);
            nodes.get(i)
                    .command(Stream.concat(Stream.of("CLUSTER", "ADDSLOTS"), slots)
                            .toArray(String[]::new));
        }
        Await.until(() -> nodes.stream()
                .allMatch(node -> node.command("CLUSTER", "NODES").lines().count() == nodes.size()));
        List<RedisServer> followers = nodes.subList(PRIMARIES, nodes.size());
        for (int i = 0; i < followers.size(); i++) {
            RedisServer replica = followers.get(i);
            String primary = id(nodes.get(i));
            Await.until(() -> replica.command("CLUSTER", "REPLICATE", primary).equals("OK"));
        }
        Await.until(() -> nodes.stream()
                        .allMatch(node -> node.command("CLUSTER", "INFO").contains("cluster_state:ok"))
                && nodes.subList(0, followers.size()).stream()
                        .allMatch(node -> node.command("INFO", "replication").contains("connected_slaves:1")));
        for (int i = 0; i < followers.size(); i++) {
            Await.replicated(nodes.get(i), List.of(followers.get(i)));
        }
    }

    static String id(RedisServer node) {
        return node.command("CLUSTER", "MYID");
    }

    /** {@return two of its nodes, as an address names them} */
    String hosts() {
        return nodes.stream().limit(2).map(node -> "127.0.0.1:" + node.port()).collect(Collectors.joining(","));
    }

    @Override
    public void close() {
        nodes.forEach(RedisServer::close);
    }
}
