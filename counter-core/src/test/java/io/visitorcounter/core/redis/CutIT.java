package io.visitorcounter.core.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.StoreHealth;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.core.contract.CallJournal;
import io.visitorcounter.core.contract.CuttingProxy;
import io.visitorcounter.core.contract.CuttingProxy.Cut;
import io.visitorcounter.core.contract.RedisServer;
import java.net.URI;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The answers to writes are lost on the way, in every manner, and nothing is lost or counted twice. */
final class CutIT {

    private static final long SEED = Long.getLong("test.seed", 20261122);
    private static final Duration DEADLINE = Duration.ofSeconds(3);

    private final RedisServer redis = RedisServer.shared();
    private final CuttingProxy proxy = new CuttingProxy(redis.host(), redis.port());
    private final CounterName name = CounterName.of("cut-" + UUID.randomUUID());
    private final CallJournal journal = new CallJournal();

    @AfterEach
    void closeProxy() {
        proxy.close();
    }

    private CounterStore open() {
        return open(DEADLINE);
    }

    private CounterStore open(Duration deadline) {
        return CounterStore.open(
                URI.create("redis://127.0.0.1:" + proxy.port()),
                CounterOptions.builder().deadline(deadline).build());
    }

    @ParameterizedTest
    @CsvSource({"FIN, 80", "RST, 80", "HALF, 50"})
    void answersThatAreCutCostNothingAndCountOnce(Cut manner, int cuts) throws Exception {
        try (CounterStore store = open()) {
            VisitorCounter counter = store.counter(name);
            Random random = new Random(SEED);
            proxy.cut("EVALSHA", () -> random.nextInt(10) == 0 ? manner : Cut.NONE);

            CallJournal.Callers callers = journal.call(counter, 8, SEED);
            Await.until(() -> proxy.cuts() >= cuts);
            proxy.heal();
            callers.close();

            checked(counter);
            assertThat(journal.maybe()).as("a resend settles every cut in time").isZero();
            assertThat(journal.refused())
                    .as("a resend settles every cut in time")
                    .isZero();
        }
    }

    @Test
    void aConnectionThatFallsSilentIsReplaced() throws Exception {
        try (CounterStore store = open()) {
            VisitorCounter counter = store.counter(name);
            Random random = new Random(SEED);
            proxy.cut("EVALSHA", () -> random.nextInt(200) == 0 ? Cut.SILENCE : Cut.NONE);

            CallJournal.Callers callers = journal.call(counter, 8, SEED);
            Await.until(() -> proxy.cuts() >= 4);
            proxy.heal();
            callers.close();

            checked(counter);
            assertThat(journal.maybe())
                    .as("another connection settles it in time")
                    .isZero();
        }
    }

    @Test
    void answersThatComeAfterTheDeadlineLeaveTheVisitsMaybeCounted() throws Exception {
        try (CounterStore store = open(Duration.ofSeconds(1))) {
            VisitorCounter counter = store.counter(name);
            journal.callOnce(counter, 1);
            // On every connection, so that no other one settles it.
            proxy.cut("EVALSHA", () -> Cut.STALL);

            CallJournal.Callers callers = journal.call(counter, 4, SEED);
            Await.until(() -> journal.maybe() > 0 && journal.refused() > 0);
            proxy.heal();
            long before = journal.counted();
            Await.until(() -> journal.counted() > before + 100);
            callers.close();

            checked(counter);
        }
    }

    @Test
    void aServerThatCanNotBeReachedCountsNothing() throws Exception {
        try (CounterStore store = open(Duration.ofSeconds(1))) {
            VisitorCounter counter = store.counter(name);
            journal.callOnce(counter, 3);
            proxy.refuse();
            Await.until(() -> !store.health().up());

            journal.callOnce(counter, 1);
            journal.callOnce(counter, 5);
            assertThat(journal.refused()).isEqualTo(6);
            proxy.heal();
            Await.until(() -> store.health().up());
            journal.callOnce(counter, 1);

            checked(counter);
            assertThat(journal.counted()).isEqualTo(4);
        }
    }

    /** A check that is on its way when the connection ends tells what the connection tells. */
    @ParameterizedTest
    @EnumSource(names = {"FIN", "RST", "HALF"})
    void aCheckThatIsCutSaysThatTheConnectionWas(Cut manner) throws Exception {
        try (CounterStore store = open()) {
            VisitorCounter counter = store.counter(name);
            journal.callOnce(counter, 1);
            proxy.cut("EVALSHA", () -> manner);

            StoreHealth health = counter.health().toCompletableFuture().get(10, TimeUnit.SECONDS);

            assertThat(health.up()).isFalse();
            assertThat(health.detail()).contains("not connected");
        }
    }

    private void checked(VisitorCounter counter) {
        CounterValue value = counter.value().toCompletableFuture().join();
        System.out.println("cuts " + proxy.cuts() + ", " + journal.summary() + ", value " + value.value());
        journal.check(value, DEADLINE);
        assertThat(redis.command("GET", name.text())).isEqualTo(Long.toString(value.value()));
    }
}
