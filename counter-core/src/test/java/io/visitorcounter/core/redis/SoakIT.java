package io.visitorcounter.core.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.Durability;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.core.contract.CallJournal;
import io.visitorcounter.core.contract.CuttingProxy;
import io.visitorcounter.core.contract.CuttingProxy.Cut;
import io.visitorcounter.core.contract.RedisServer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every kind of harm at once, for some time: answers that are cut or fall silent, a server that is killed and started
 *  again, scripts that are forgotten, while four stores count: two by threads of their own, and two on threads of the
 *  application, as a server's I/O threads do. {@code -Dsoak.seconds=120} makes it longer, {@code
 *  -Dtest.seed=1} other. */
final class SoakIT {

    private static final long SEED = Long.getLong("test.seed", 20261122);
    private static final long SECONDS = Long.getLong("soak.seconds", 5);
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final CounterName NAME = CounterName.of("soaked");
    private static final List<Cut> MANNERS =
            List.of(Cut.FIN, Cut.RST, Cut.HALF, Cut.FIN, Cut.RST, Cut.HALF, Cut.SILENCE);

    @Test
    @Timeout(value = 1, unit = TimeUnit.DAYS) // as long as soak.seconds says
    void everyKindOfHarmAtOnceLosesNothingAndCountsNothingTwice() throws Exception {
        CallJournal journal = new CallJournal();
        Random cutting = new Random(SEED);
        Random killing = new Random(SEED + 1);
        int kills = 0;
        int flushes = 0;
        try (RedisServer redis = RedisServer.start("--appendonly", "yes", "--appendfsync", "always");
                CuttingProxy proxy = new CuttingProxy(redis.host(), redis.port());
                ThreadLoop loop = new ThreadLoop();
                ThreadLoop otherLoop = new ThreadLoop();
                CounterStore store = open(proxy, options());
                CounterStore other = open(proxy, options());
                CounterStore hosted = open(proxy, options().eventLoop(loop));
                CounterStore otherHosted = open(proxy, options().eventLoop(otherLoop))) {
            proxy.cut("EVALSHA", () -> cut(cutting));
            List<CallJournal.Callers> callers = List.of(
                    journal.call(store.counter(NAME), 4, SEED),
                    journal.call(other.counter(NAME), 4, SEED + 100),
                    journal.call(loop.counter(hosted.counter(NAME)), 4, SEED + 200),
                    journal.call(otherLoop.counter(otherHosted.counter(NAME)), 4, SEED + 300));
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            while (System.nanoTime() < until) {
                TimeUnit.MILLISECONDS.sleep(200);
                if (killing.nextInt(12) == 0) {
                    redis.kill();
                    redis.restart();
                    kills++;
                } else {
                    redis.command("SCRIPT", "FLUSH");
                    flushes++;
                }
            }
            proxy.heal();
            for (CallJournal.Callers each : callers) {
                each.close();
            }

            VisitorCounter counter = store.counter(NAME);
            CounterValue value = counter.value().toCompletableFuture().join();
            System.out.println("soak: seed " + SEED + ", " + SECONDS + " s, " + proxy.cuts() + " cuts, " + kills
                    + " kills, " + flushes + " script flushes, " + journal.summary() + ", value " + value.value());
            journal.check(value, DEADLINE);
            assertThat(redis.command("GET", NAME.text())).isEqualTo(Long.toString(value.value()));
            assertThat(proxy.cuts()).isPositive();
        }
    }

    private static synchronized Cut cut(Random random) {
        return random.nextInt(25) == 0 ? MANNERS.get(random.nextInt(MANNERS.size())) : Cut.NONE;
    }

    private static CounterOptions.Builder options() {
        return CounterOptions.builder().deadline(DEADLINE).durability(new Durability.Fsync());
    }

    private static CounterStore open(CuttingProxy proxy, CounterOptions.Builder options) {
        return CounterStore.open(URI.create("redis://127.0.0.1:" + proxy.port()), options.build());
    }
}
