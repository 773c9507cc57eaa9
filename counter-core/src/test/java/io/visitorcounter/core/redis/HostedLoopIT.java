package io.visitorcounter.core.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.core.contract.CallJournal;
import io.visitorcounter.core.contract.CounterStoreContract;
import io.visitorcounter.core.contract.CuttingProxy;
import io.visitorcounter.core.contract.CuttingProxy.Cut;
import io.visitorcounter.core.contract.RedisServer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The contract and the cuts, with the network work done on a thread of the application. */
final class HostedLoopIT extends CounterStoreContract {

    private static final long SEED = Long.getLong("test.seed", 20261123);
    private static final Duration DEADLINE = Duration.ofSeconds(3);
    private static final ThreadLoop LOOP = new ThreadLoop();

    private final RedisServer redis = RedisServer.shared();
    private final CounterName name = CounterName.of("hosted-" + UUID.randomUUID());

    @AfterAll
    static void closeLoop() {
        LOOP.close();
    }

    @Override
    protected CounterStore openStore(CounterOptions options) {
        return CounterStore.open(
                redis.uri(), options.toBuilder().eventLoop(LOOP).build());
    }

    @Override
    protected boolean notesVisitors() {
        return true;
    }

    private CounterStore open(CuttingProxy proxy) {
        return CounterStore.open(
                URI.create("redis://127.0.0.1:" + proxy.port()),
                CounterOptions.builder().deadline(DEADLINE).eventLoop(LOOP).build());
    }

    @Test
    void aVisitThatBeginsOnTheLoopIsAnsweredBeforeItsNextTask() {
        try (CounterStore store = openStore(CounterOptions.defaults())) {
            VisitorCounter counter = store.counter(name);

            List<Boolean> done = IntStream.range(0, 200)
                    .mapToObj(i -> LOOP.call(() -> {
                        CompletableFuture<?> visit = counter.visit(1).toCompletableFuture();
                        CompletableFuture<Boolean> answered = new CompletableFuture<>();
                        LOOP.execute(() -> answered.complete(visit.isDone()));
                        return visit.thenCombine(answered, (range, next) -> next);
                    }))
                    .map(CompletableFuture::join)
                    .toList();

            // A busy machine's Redis takes longer than the loop waits, now and then.
            assertThat(done).hasSize(200).contains(true);
            assertThat(redis.command("GET", name.text())).isEqualTo("200");
        }
    }

    @Test
    void aStoreOnTheLoopHasNoNetworkThreadOfItsOwn() {
        try (CounterStore store = openStore(CounterOptions.defaults())) {
            LOOP.counter(store.counter(name)).visit(1).toCompletableFuture().join();

            assertThat(LOOP.call(() -> store.counter(name).visit(1).thenApply(range -> Thread.currentThread()))
                            .toCompletableFuture()
                            .join())
                    .isEqualTo(LOOP.thread());
        }
    }

    @Test
    void anAnswerToAnotherThreadDoesNotWaitForAnIdleLook() {
        try (CounterStore store = openStore(CounterOptions.defaults())) {
            VisitorCounter counter = store.counter(name);
            counter.visit(1).toCompletableFuture().join();

            // Apart, so that the loop is idle before each.
            Executor later = CompletableFuture.delayedExecutor(150, TimeUnit.MILLISECONDS);
            long quickest = IntStream.range(0, 5)
                    .mapToLong(i -> CompletableFuture.supplyAsync(
                                    () -> {
                                        long began = System.nanoTime();
                                        counter.value().toCompletableFuture().join();
                                        return System.nanoTime() - began;
                                    },
                                    later)
                            .join())
                    .min()
                    .orElseThrow();

            assertThat(Duration.ofNanos(quickest)).isLessThan(Duration.ofMillis(15));
        }
    }

    @Test
    void aServerThatIsSilentHoldsTheLoopForAMoment() throws Exception {
        try (CuttingProxy proxy = new CuttingProxy(redis.host(), redis.port());
                CounterStore store = open(proxy)) {
            VisitorCounter counter = store.counter(name);
            LOOP.counter(counter).visit(1).toCompletableFuture().join();
            proxy.cut("EVALSHA", () -> Cut.STALL);

            CompletableFuture<?> visit = LOOP.call(() -> counter.visit(1).toCompletableFuture());
            CountDownLatch tasks = new CountDownLatch(100);
            IntStream.range(0, 100).forEach(i -> LOOP.execute(tasks::countDown));

            assertThat(tasks.await(1, TimeUnit.SECONDS)).isTrue();
            assertThat(visit).isNotDone();
            proxy.heal();
        }
    }

    @Test
    void answersThatAreCutOnTheLoopCountOnce() throws Exception {
        try (CuttingProxy proxy = new CuttingProxy(redis.host(), redis.port());
                CounterStore store = open(proxy)) {
            VisitorCounter counter = LOOP.counter(store.counter(name));
            CallJournal journal = new CallJournal();
            Random random = new Random(SEED);
            List<Cut> manners = List.of(Cut.FIN, Cut.RST, Cut.HALF);
            proxy.cut("EVALSHA", () -> random.nextInt(10) == 0 ? manners.get(random.nextInt(3)) : Cut.NONE);

            CallJournal.Callers callers = journal.call(counter, 8, SEED);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (proxy.cuts() < 60) {
                assertThat(System.nanoTime()).as("60 cuts within a minute").isLessThan(end);
                TimeUnit.MILLISECONDS.sleep(20);
            }
            proxy.heal();
            callers.close();

            CounterValue value = counter.value().toCompletableFuture().join();
            System.out.println("on the loop: cuts " + proxy.cuts() + ", " + journal.summary());
            journal.check(value, DEADLINE);
            assertThat(journal.maybe() + journal.refused())
                    .as("a resend settles every cut in time")
                    .isZero();
        }
    }
}
