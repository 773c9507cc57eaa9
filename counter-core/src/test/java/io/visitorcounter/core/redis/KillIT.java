package io.visitorcounter.core.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.Durability;
import io.visitorcounter.core.VisitId;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.core.contract.CallJournal;
import io.visitorcounter.core.contract.CountingProcess;
import io.visitorcounter.core.contract.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A Redis that syncs every write is killed and started again, or stands still, and so do the processes that count in
 *  it. */
final class KillIT {

    private static final long SEED = Long.getLong("test.seed", 20261122);
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final CounterName NAME = CounterName.of("killed");

    private final RedisServer redis =
            RedisServer.start("--appendonly", "yes", "--appendfsync", "always", "--loglevel", "warning");
    private final CallJournal journal = new CallJournal();

    @AfterEach
    void stopRedis() {
        redis.close();
    }

    private CounterStore open(Duration deadline) {
        return CounterStore.open(
                redis.uri(),
                CounterOptions.builder()
                        .deadline(deadline)
                        .durability(new Durability.Fsync())
                        .build());
    }

    @Test
    void nothingAnsweredIsLostWhenTheServerIsKilled() throws Exception {
        try (CounterStore store = open(DEADLINE)) {
            VisitorCounter counter = store.counter(NAME);
            CallJournal.Callers callers = journal.call(counter, 8, SEED);
            for (int kill = 0; kill < 20; kill++) {
                long before = journal.counted();
                Await.until(() -> journal.counted() > before + 200);
                redis.kill();
                redis.restart();
            }
            callers.close();

            System.out.println("20 kills, " + journal.summary());
            journal.check(counter.value().toCompletableFuture().join(), DEADLINE);
            assertThat(journal.maybe())
                    .as("each restart comes within the deadline")
                    .isZero();
        }
    }

    @Test
    void aVisitIdIsKnownAfterAKill() throws Exception {
        VisitId id = VisitId.random();
        try (CounterStore store = open(DEADLINE)) {
            VisitorCounter counter = store.counter(NAME);
            long first = counter.visit(id).toCompletableFuture().get().number();
            counter.visit(DEADLINE);

            redis.kill();
            redis.restart();

            assertThat(counter.visit(id).toCompletableFuture().get().number()).isEqualTo(first);
            assertThat(counter.value().toCompletableFuture().get().value()).isEqualTo(2);
        }
    }

    @Test
    void aServerThatStandsStillForLongerThanTheDeadlineCountsNothingTwice() throws Exception {
        Duration deadline = Duration.ofMillis(800);
        try (CounterStore store = open(deadline)) {
            VisitorCounter counter = store.counter(NAME);
            CallJournal.Callers callers = journal.call(counter, 4, SEED);
            for (int pause = 0; pause < 2; pause++) {
                long counted = journal.counted();
                Await.until(() -> journal.counted() > counted + 200);
                long maybe = journal.maybe();
                redis.pause();
                Await.until(() -> journal.maybe() > maybe && journal.refused() > 0);
                redis.resume();
            }
            long counted = journal.counted();
            Await.until(() -> journal.counted() > counted + 200);
            callers.close();

            System.out.println("2 pauses, " + journal.summary());
            journal.check(counter.value().toCompletableFuture().join(), deadline);
        }
    }

    @Test
    @Timeout(60)
    void oneVisitAfterAnotherEndsByItsDeadlineWhileAServerStandsStill() throws Exception {
        Duration deadline = Duration.ofMillis(500);
        try (CounterStore store = open(deadline)) {
            VisitorCounter counter = store.counter(NAME);
            journal.callOnce(counter, 1);

            redis.pause();
            for (int i = 0; i < 3; i++) {
                journal.callOnce(counter, 1);
            }
            redis.resume();

            Await.until(() -> {
                journal.callOnce(counter, 1);
                return journal.counted() > 1;
            });
            journal.check(counter.value().toCompletableFuture().join(), deadline);
            assertThat(journal.maybe()).as("the one that was sent").isPositive();
        }
    }

    @Test
    void processesThatAreKilledLeaveNothingHalfCounted() throws Exception {
        int kills = 4;
        List<CountingProcess> processes = new ArrayList<>();
        for (int i = 0; i < kills; i++) {
            processes.add(CountingProcess.start(redis.uri(), NAME));
        }
        List<Long> numbers = new ArrayList<>();
        for (CountingProcess process : processes) {
            Await.until(() -> process.said() > 100 || !process.isAlive());
            numbers.addAll(process.kill());
        }

        long value = Long.parseLong(redis.command("GET", NAME.text()));
        assertThat(numbers).hasSizeGreaterThan(kills * 100).doesNotHaveDuplicates();
        assertThat(value)
                .isBetween((long) numbers.size(), (long) numbers.size() + (long) kills * CountingProcess.THREADS);
        assertThat(numbers).allMatch(number -> number >= 1 && number <= value);
    }
}
