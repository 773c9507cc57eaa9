package io.visitorcounter.core.redis;

import io.visitorcounter.core.contract.RedisAccess;
import io.visitorcounter.core.contract.RedisServer;
import java.util.ArrayList;
import java.util.List;

/** A master with replicas, watched by a Sentinel that calls it {@code home}: real processes.
 *
 *  @param processes the master, the replicas, the Sentinel */
record WatchedRedis(List<RedisServer> processes) implements AutoCloseable {

    static WatchedRedis start(RedisAccess access, int replicas) throws InterruptedException {
        WatchedRedis watched = new WatchedRedis(new ArrayList<>());
        try {
            watched.startAll(access, replicas);
        } catch (RuntimeException | InterruptedException e) {
            watched.close();
            throw e;
        }
        return watched;
    }

    private void startAll(RedisAccess access, int replicas) throws InterruptedException {
        processes.add(RedisServer.start(access, "--repl-diskless-sync-delay", "0"));
        for (int i = 0; i < replicas; i++) {
            processes.add(RedisServer.start(
                    access,
                    "--replicaof",
                    "127.0.0.1",
                    Integer.toString(master().port()),
                    "--repl-diskless-sync-delay",
                    "0"));
        }
        // A Sentinel that starts earlier asks again after 10 s only.
        Await.replicated(master(), processes.subList(1, processes.size()));
        processes.add(RedisServer.startSentinel("home", master()));
        Await.until(() -> replicaCount() == replicas);
    }

    /** {@return the first master} */
    RedisServer master() {
        return processes.get(0);
    }

    RedisServer sentinel() {
        return processes.get(processes.size() - 1);
    }

    private int replicaCount() {
        List<String> lines =
                sentinel().command("SENTINEL", "MASTER", "home").lines().toList();
        return Integer.parseInt(lines.get(lines.indexOf("num-slaves") + 1));
    }

    /** {@return where the Sentinel says that the master is} */
    int masterPort() {
        return Integer.parseInt(sentinel()
                .command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "home")
                .lines()
                .skip(1)
                .findFirst()
                .orElseThrow());
    }

    @Override
    public void close() {
        processes.forEach(RedisServer::close);
    }
}
