package io.visitorcounter.core.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.Durability;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.core.contract.CallJournal;
import io.visitorcounter.core.contract.RedisServer;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A master with two replicas, watched by a Sentinel: real processes, and the master dies. */
final class SentinelIT {

    private static final long SEED = Long.getLong("test.seed", 20261122);
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final CounterName NAME = CounterName.of("watched");

    private final List<RedisServer> processes = new ArrayList<>();
    private final CallJournal journal = new CallJournal();

    @BeforeEach
    void start() throws InterruptedException {
        RedisServer master = RedisServer.start();
        processes.add(master);
        for (int i = 0; i < 2; i++) {
            processes.add(RedisServer.start(
                    "--replicaof", "127.0.0.1", Integer.toString(master.port()), "--repl-diskless-sync-delay", "0"));
        }
        // A Sentinel that starts earlier asks again after 10 s only.
        await(() -> processes.subList(1, 3).stream()
                .allMatch(replica -> replica.command("INFO", "replication").contains("master_link_status:up")));
        processes.add(RedisServer.startSentinel("home", master));
        await(() -> replicaCount() == 2);
    }

    @AfterEach
    void stop() {
        processes.forEach(RedisServer::close);
    }

    private RedisServer sentinel() {
        return processes.get(3);
    }

    private int replicaCount() {
        String master = sentinel().command("SENTINEL", "MASTER", "home");
        List<String> lines = master.lines().toList();
        return Integer.parseInt(lines.get(lines.indexOf("num-slaves") + 1));
    }

    private int masterPort() {
        return Integer.parseInt(sentinel()
                .command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "home")
                .lines()
                .skip(1)
                .findFirst()
                .orElseThrow());
    }

    @Test
    void nothingThatReplicasHaveIsLostWhenTheMasterDies() throws Exception {
        CounterOptions options = CounterOptions.builder()
                .deadline(DEADLINE)
                .durability(new Durability.Replicated(1))
                .build();
        URI uri = URI.create("redis-sentinel://127.0.0.1:" + sentinel().port() + "#home");
        try (CounterStore store = CounterStore.open(uri, options)) {
            VisitorCounter counter = store.counter(NAME);
            CallJournal.Callers callers = journal.call(counter, 8, SEED);
            await(() -> journal.counted() > 500);
            int before = masterPort();

            processes.get(0).kill();

            await(() -> masterPort() != before);
            long counted = journal.counted();
            await(() -> journal.counted() > counted + 500);
            callers.close();

            System.out.println("1 failover, " + journal.summary());
            journal.check(counter.value().toCompletableFuture().join(), DEADLINE);
            assertThat(journal.maybe() + journal.refused())
                    .as("the failover ends within the deadline")
                    .isZero();
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("within a minute").isLessThan(until);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
