package io.visitorcounter.core.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.contract.RedisServer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Await for what other threads and processes do, a minute at most. */
final class Await {

    private Await() {}

    static void until(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("within a minute").isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    /** Until each of these replicas receives what its primary executes. A link that is up is not enough: the primary sends
     *  nothing before it has heard the replica's acknowledgement, and one that it misses is made again after 1 s. */
    static void replicated(RedisServer primary, List<RedisServer> replicas) throws InterruptedException {
        until(() -> replicas.stream()
                .allMatch(replica -> replica.command("INFO", "replication").contains("master_link_status:up")));
        // It asks for one acknowledgement more than there can be, which the primary writes into what it sends.
        primary.command("WAIT", Integer.toString(replicas.size() + 1), "1");
        long sent = offset(primary, "master_repl_offset");
        assertThat(sent).isPositive();
        until(() -> replicas.stream().allMatch(replica -> offset(replica, "slave_repl_offset") >= sent));
    }

    private static long offset(RedisServer server, String name) {
        return server.command("INFO", "replication")
                .lines()
                .filter(line -> line.startsWith(name + ":"))
                .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }
}
