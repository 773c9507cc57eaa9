package io.visitorcounter.core.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.Durability;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.core.contract.CallJournal;
import io.visitorcounter.core.contract.RedisAccess;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A master with two replicas, watched by a Sentinel: real processes, and the master dies. */
@ParameterizedClass
@EnumSource(NetworkThread.class)
final class SentinelIT {

    private static final long SEED = Long.getLong("test.seed", 20261122);
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final CounterName NAME = CounterName.of("watched");

    private final CallJournal journal = new CallJournal();

    private final NetworkThread network;

    private WatchedRedis redis;

    SentinelIT(NetworkThread network) {
        this.network = network;
    }

    @BeforeEach
    void start() throws InterruptedException {
        redis = WatchedRedis.start(RedisAccess.PLAIN, 2);
    }

    @AfterEach
    void stop() {
        redis.close();
    }

    @Test
    void nothingThatReplicasHaveIsLostWhenTheMasterDies() throws Exception {
        CounterOptions options = network.options()
                .deadline(DEADLINE)
                .durability(new Durability.Replicated(1))
                .build();
        URI uri = URI.create("redis-sentinel://127.0.0.1:" + redis.sentinel().port() + "#home");
        try (CounterStore store = CounterStore.open(uri, options)) {
            VisitorCounter counter = network.begin(store.counter(NAME));
            CallJournal.Callers callers = journal.call(counter, 8, SEED);
            Await.until(() -> journal.counted() > 500);
            int before = redis.masterPort();

            redis.master().kill();

            Await.until(() -> redis.masterPort() != before);
            long counted = journal.counted();
            Await.until(() -> journal.counted() > counted + 500);
            callers.close();

            System.out.println(network + ": 1 failover, " + journal.summary());
            journal.check(counter.value().toCompletableFuture().join(), DEADLINE);
            assertThat(journal.maybe() + journal.refused())
                    .as("the failover ends within the deadline")
                    .isZero();
        }
    }
}
