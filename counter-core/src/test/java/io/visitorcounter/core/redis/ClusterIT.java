package io.visitorcounter.core.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.cluster.SlotHash;
import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.Durability;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.VisitId;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.core.contract.CallJournal;
import io.visitorcounter.core.contract.RedisAccess;
import io.visitorcounter.core.contract.RedisServer;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A Cluster of three primaries and three replicas: real processes. A slot moves, and then a primary dies. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ParameterizedClass
@EnumSource(NetworkThread.class)
final class ClusterIT {

    private static final long SEED = Long.getLong("test.seed", 20261122);
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final int SLOTS = RedisCluster.SLOTS;

    @SuppressWarnings("NullAway.Init") // set before each run of the class
    private static RedisCluster cluster;

    private final CallJournal journal = new CallJournal();
    private final NetworkThread network;

    ClusterIT(NetworkThread network) {
        this.network = network;
    }

    @BeforeParameterizedClassInvocation
    static void start() throws InterruptedException {
        cluster = RedisCluster.start(RedisAccess.PLAIN, 3);
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private CounterStore open(Durability durability) {
        return CounterStore.open(
                URI.create("redis-cluster://" + cluster.hosts()),
                network.options().deadline(DEADLINE).durability(durability).build());
    }

    @Test
    @Order(1)
    void countersOfEverySlotCount() {
        try (CounterStore store = open(new Durability.Memory())) {
            for (int i = 0; i < 50; i++) {
                VisitorCounter counter = network.begin(store.counter(CounterName.of("page-" + i)));
                VisitId id = VisitId.random();

                assertThat(counter.visit(3).toCompletableFuture().join().last()).isEqualTo(3);
                assertThat(counter.visit(id).toCompletableFuture().join().number())
                        .isEqualTo(4);
                assertThat(counter.visit(id).toCompletableFuture().join().number())
                        .isEqualTo(4);
                assertThat(counter.value().toCompletableFuture().join().value()).isEqualTo(4);
                Instant now = Instant.now();
                assertThat(counter
                                .history(now.minus(Duration.ofHours(1)), now.plus(Duration.ofHours(1)))
                                .toCompletableFuture()
                                .join()
                                .stream()
                                .mapToLong(HourlyVisits::visits)
                                .sum())
                        .isEqualTo(4);
            }
        }
    }

    @Test
    @Order(1)
    void countersOfEverySlotAreSetAndListed() {
        try (CounterStore store = open(new Durability.Memory())) {
            List<CounterName> names = IntStream.range(0, 50)
                    .mapToObj(i -> CounterName.of("listed-" + i))
                    .toList();
            for (CounterName name : names) {
                VisitorCounter counter = network.begin(store.counter(name));
                assertThat(counter.set(7).toCompletableFuture().join()).isEqualTo(new CounterValue(7, 1));
                assertThat(counter.visit().toCompletableFuture().join().number())
                        .isEqualTo(8);
            }

            assertThat(store.counters().toCompletableFuture().join()).containsAll(names);

            for (CounterName name : names) {
                store.counter(name).delete().toCompletableFuture().join();
            }
            assertThat(store.counters().toCompletableFuture().join()).doesNotContainAnyElementsOf(names);
        }
    }

    @Test
    @Order(2)
    void aSlotThatMovesLosesNothing() throws Exception {
        CounterName name = CounterName.of("moving");
        int slot = SlotHash.getSlot(name.text());
        RedisServer from = cluster.nodes().get((int) (slot * 3L / SLOTS));
        RedisServer to = cluster.nodes().get((int) ((slot * 3L / SLOTS + 1) % 3));
        try (CounterStore store = open(new Durability.Memory())) {
            VisitorCounter counter = network.begin(store.counter(name));
            CallJournal.Callers callers = journal.call(counter, 8, SEED);
            for (int move = 0; move < 4; move++) {
                long before = journal.counted();
                Await.until(() -> journal.counted() > before + 300);
                move(slot, move % 2 == 0 ? from : to, move % 2 == 0 ? to : from);
            }
            long before = journal.counted();
            Await.until(() -> journal.counted() > before + 300);
            callers.close();

            System.out.println(network + ": 4 moves, " + journal.summary());
            journal.check(counter.value().toCompletableFuture().join(), DEADLINE);
            assertThat(journal.maybe() + journal.refused()).isZero();
        }
    }

    private static void move(int slot, RedisServer from, RedisServer to) throws InterruptedException {
        String number = Integer.toString(slot);
        assertThat(to.command("CLUSTER", "SETSLOT", number, "IMPORTING", RedisCluster.id(from)))
                .isEqualTo("OK");
        assertThat(from.command("CLUSTER", "SETSLOT", number, "MIGRATING", RedisCluster.id(to)))
                .isEqualTo("OK");
        // One key at a time, so that the script meets a counter whose keys are on two nodes.
        for (String keys = from.command("CLUSTER", "GETKEYSINSLOT", number, "1");
                !keys.isEmpty();
                keys = from.command("CLUSTER", "GETKEYSINSLOT", number, "1")) {
            assertThat(from.command("MIGRATE", "127.0.0.1", Integer.toString(to.port()), keys, "0", "5000"))
                    .isIn("OK", "NOKEY");
        }
        // To every primary, and heard of by all: else the next move can begin while one still takes the owner before
        // for the owner, whose answers send a client to and fro between two nodes, for good.
        String owner = RedisCluster.id(to);
        assertThat(to.command("CLUSTER", "SETSLOT", number, "NODE", owner)).isEqualTo("OK");
        for (RedisServer primary : cluster.nodes().subList(0, RedisCluster.PRIMARIES)) {
            assertThat(primary.command("CLUSTER", "SETSLOT", number, "NODE", owner))
                    .isEqualTo("OK");
        }
        String epoch = epoch(to, owner);
        Await.until(() ->
                cluster.nodes().stream().allMatch(node -> epoch(node, owner).equals(epoch)));
    }

    /** {@return the version that a node knows of another one's slots} */
    private static String epoch(RedisServer asked, String of) {
        return asked.command("CLUSTER", "NODES")
                .lines()
                .filter(line -> line.startsWith(of))
                .map(line -> line.split(" ", -1)[6])
                .findFirst()
                .orElse("");
    }

    @Test
    @Order(3)
    void nothingThatAReplicaHasIsLostWhenAPrimaryDies() throws Exception {
        CounterName name = CounterName.of("orphaned");
        int owner = (int) (SlotHash.getSlot(name.text()) * 3L / SLOTS);
        try (CounterStore store = open(new Durability.Replicated(1))) {
            VisitorCounter counter = network.begin(store.counter(name));
            CallJournal.Callers callers = journal.call(counter, 8, SEED);
            Await.until(() -> journal.counted() > 300);

            cluster.nodes().get(owner).kill();
            Await.until(() -> cluster.nodes().get(owner + 3).command("ROLE").startsWith("master"));
            // The new primary has no replica until the old one is back as one, so nothing is answered before.
            cluster.nodes().get(owner).restart();

            long before = journal.counted();
            Await.until(() -> journal.counted() > before + 300);
            callers.close();

            System.out.println(network + ": 1 cluster failover, " + journal.summary());
            journal.check(counter.value().toCompletableFuture().join(), DEADLINE);
        }
    }
}
