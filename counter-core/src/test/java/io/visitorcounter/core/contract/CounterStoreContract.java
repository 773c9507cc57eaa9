package io.visitorcounter.core.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.core.CounterListener;
import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.NotCountedException;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.Visit;
import io.visitorcounter.core.VisitId;
import io.visitorcounter.core.VisitRange;
import io.visitorcounter.core.VisitorCounter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What callers may rely on, whichever store they use. Extend it and say how to open yours; every test counts under
 *  names of its own, so one server or file may serve them all. */
public abstract class CounterStoreContract {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final List<CounterStore> opened = new ArrayList<>();

    /** For subclasses. */
    protected CounterStoreContract() {}

    /** {@return a newly opened store; one that {@link #shares()} sees what the others of the same test counted}
     *
     *  @param options as the test wants them */
    protected abstract CounterStore openStore(CounterOptions options);

    /** {@return whether two stores that are open at the same time count together; false for one that keeps to itself} */
    protected boolean shares() {
        return true;
    }

    @AfterEach
    final void closeStores() {
        opened.forEach(CounterStore::close);
    }

    private CounterStore open(CounterOptions options) {
        CounterStore store = openStore(options);
        opened.add(store);
        return store;
    }

    private static CounterOptions patient() {
        return CounterOptions.builder().deadline(SOON).build();
    }

    private static CounterName freshName() {
        return CounterName.of("contract-" + UUID.randomUUID());
    }

    private static <T> T now(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(SOON.toSeconds() * 2, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new AssertionError(e);
        } catch (Exception e) {
            throw new AssertionError("no answer", e);
        }
    }

    @Test
    void aNewCounterStandsAtZero() {
        VisitorCounter counter = open(patient()).counter(freshName());

        assertThat(now(counter.value())).isEqualTo(new CounterValue(0, 0));
    }

    @Test
    void visitsAreNumberedFromOne() {
        VisitorCounter counter = open(patient()).counter(freshName());

        assertThat(now(counter.visit())).isEqualTo(new Visit(1, 0, false));
        assertThat(now(counter.visit())).isEqualTo(new Visit(2, 0, false));
        assertThat(now(counter.value()).value()).isEqualTo(2);
    }

    @Test
    void aBlockingVisitGetsItsNumberToo() throws InterruptedException {
        VisitorCounter counter = open(patient()).counter(freshName());

        assertThat(counter.visit(SOON).number()).isEqualTo(1);
    }

    @Test
    void visitsInOneStepGetAdjacentNumbers() {
        VisitorCounter counter = open(patient()).counter(freshName());

        now(counter.visit());
        VisitRange range = now(counter.visit(30));

        assertThat(range).isEqualTo(new VisitRange(2, 31, 0));
        assertThat(now(counter.visit()).number()).isEqualTo(32);
    }

    @Test
    void aStepOfNoneOrOfMoreThanTheQueueIsRefused() {
        VisitorCounter counter = open(CounterOptions.builder().queue(5).build()).counter(freshName());

        assertThatIllegalArgumentException().isThrownBy(() -> counter.visit(0)).withMessageContaining("1..5");
        assertThatIllegalArgumentException().isThrownBy(() -> counter.visit(6)).withMessageContaining("got 6");
        assertThat(now(counter.value()).value()).isZero();
    }

    @Test
    void callsOfOneThreadKeepTheirOrder() {
        VisitorCounter counter = open(patient()).counter(freshName());

        List<CompletionStage<Visit>> calls =
                IntStream.range(0, 500).mapToObj(i -> counter.visit()).toList();

        assertThat(calls.stream().map(call -> now(call).number()))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 500).boxed().toList());
    }

    @Test
    void manyThreadsGetEachNumberOnce() throws Exception {
        VisitorCounter counter = open(patient()).counter(freshName());
        int threads = 8;
        int each = 250;

        List<Long> numbers = inParallel(threads, i -> {
            List<Long> mine = new ArrayList<>();
            for (int n = 0; n < each; n++) {
                if (n % 5 == 0) {
                    VisitRange range = now(counter.visit(3));
                    LongStream.rangeClosed(range.first(), range.last()).forEach(mine::add);
                } else {
                    mine.add(now(counter.visit()).number());
                }
            }
            assertThat(mine).isSorted();
            return mine;
        });

        long total = now(counter.value()).value();
        assertThat(numbers)
                .hasSize((int) total)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, total).boxed().toList());
    }

    @Test
    void twoStoresCountTogether() throws Exception {
        if (!shares()) {
            return;
        }
        CounterName name = freshName();
        CounterStore one = open(patient());
        CounterStore two = open(patient());

        List<Long> numbers = inParallel(4, i -> {
            VisitorCounter counter = (i % 2 == 0 ? one : two).counter(name);
            List<Long> mine = new ArrayList<>();
            for (int n = 0; n < 50; n++) {
                mine.add(now(counter.visit()).number());
            }
            return mine;
        });

        assertThat(numbers)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, 200).boxed().toList());
        assertThat(now(two.counter(name).value())).isEqualTo(new CounterValue(200, 0));
    }

    @Test
    void aRepeatedVisitIdKeepsItsFirstNumber() {
        VisitorCounter counter = open(patient()).counter(freshName());
        VisitId id = VisitId.random();

        Visit first = now(counter.visit(id));
        now(counter.visit());
        Visit again = now(counter.visit(id));

        assertThat(first).isEqualTo(new Visit(1, 0, false));
        assertThat(again).isEqualTo(new Visit(1, 0, true));
        assertThat(now(counter.value()).value()).isEqualTo(2);
    }

    @Test
    void aVisitIdIsKnownInEveryStoreThatShares() {
        CounterName name = freshName();
        VisitId id = VisitId.random();
        CounterStore one = open(patient());
        CounterStore two = shares() ? open(patient()) : one;

        Visit first = now(one.counter(name).visit(id));
        Visit again = now(two.counter(name).visit(id));

        assertThat(again.number()).isEqualTo(first.number());
        assertThat(again.duplicate()).isTrue();
    }

    @Test
    void theSameIdBelongsToEachCounterAnew() {
        CounterStore store = open(patient());
        VisitId id = VisitId.random();

        assertThat(now(store.counter(freshName()).visit(id)).duplicate()).isFalse();
        assertThat(now(store.counter(freshName()).visit(id)).duplicate()).isFalse();
    }

    @Test
    void oneIdFromManyThreadsIsCountedOnce() throws Exception {
        VisitorCounter counter = open(patient()).counter(freshName());
        VisitId id = VisitId.random();

        List<Long> numbers = inParallel(8, i -> List.of(now(counter.visit(id)).number()));

        assertThat(numbers).containsOnly(1L);
        assertThat(now(counter.value()).value()).isEqualTo(1);
    }

    @Test
    void countersDoNotTouchEachOther() {
        CounterStore store = open(patient());
        VisitorCounter one = store.counter(freshName());
        VisitorCounter two = store.counter(freshName());

        now(one.visit(7));
        now(two.visit());

        assertThat(now(one.value()).value()).isEqualTo(7);
        assertThat(now(two.value()).value()).isEqualTo(1);
    }

    @Test
    void theSameNameIsTheSameCounter() {
        CounterStore store = open(patient());
        CounterName name = freshName();

        assertThat(store.counter(name)).isSameAs(store.counter(name));
        assertThat(store.counter(name).name()).isEqualTo(name);
    }

    @Test
    void visitsAreCountedInTheirHour() {
        VisitorCounter counter = open(patient()).counter(freshName());
        Instant before = Instant.now().truncatedTo(ChronoUnit.HOURS);

        now(counter.visit(3));
        now(counter.visit(VisitId.random()));
        List<HourlyVisits> hours =
                now(counter.history(before.minus(Duration.ofDays(1)), before.plus(Duration.ofHours(2))));

        assertThat(hours.stream().mapToLong(HourlyVisits::visits).sum()).isEqualTo(4);
        assertThat(hours)
                .allSatisfy(hour -> assertThat(hour.hour())
                        .isEqualTo(hour.hour().truncatedTo(ChronoUnit.HOURS))
                        .isAfterOrEqualTo(before));
    }

    @Test
    void hoursWithoutVisitsAreLeftOut() {
        VisitorCounter counter = open(patient()).counter(freshName());
        now(counter.visit());

        assertThat(now(counter.history(Instant.EPOCH, Instant.EPOCH.plus(Duration.ofDays(400)))))
                .isEmpty();
    }

    @Test
    void aHistoryOfMoreThan400DaysIsRefused() {
        VisitorCounter counter = open(patient()).counter(freshName());
        Instant now = Instant.now();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> counter.history(now.minus(Duration.ofDays(402)), now))
                .withMessageContaining("400 days");
        assertThatIllegalArgumentException().isThrownBy(() -> counter.history(now, now.minusSeconds(1)));
    }

    @Test
    void aFullQueueRefusesAtOnceAndWhatWasRefusedIsNotCounted() {
        CounterStore store =
                open(CounterOptions.builder().queue(4).deadline(SOON).build());
        VisitorCounter counter = store.counter(freshName());

        List<CompletionStage<Visit>> calls = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            calls.add(counter.visit());
        }
        long counted = 0;
        for (CompletionStage<Visit> call : calls) {
            try {
                now(call);
                counted++;
            } catch (NotCountedException refused) {
                assertThat(refused).hasMessageContaining("not counted").hasMessageContaining("already wait");
            }
        }

        assertThat(now(counter.value()).value()).isEqualTo(counted).isPositive();
    }

    @Test
    void closingLetsTakenVisitsFinish() {
        CounterName name = freshName();
        CounterStore store = open(patient());
        List<CompletionStage<Visit>> calls = IntStream.range(0, 200)
                .mapToObj(i -> store.counter(name).visit())
                .toList();

        store.close();

        assertThat(calls)
                .allSatisfy(call -> assertThat(call.toCompletableFuture()).isCompleted());
        if (shares()) {
            assertThat(now(open(patient()).counter(name).value()).value()).isEqualTo(200);
        }
    }

    @Test
    void aClosedStoreCountsNothing() {
        CounterStore store = open(patient());
        VisitorCounter counter = store.counter(freshName());

        store.close();
        store.close();

        assertThatThrownBy(() -> now(counter.visit()))
                .isInstanceOf(NotCountedException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> now(counter.visit(VisitId.random()))).isInstanceOf(NotCountedException.class);
        assertThatThrownBy(() -> now(counter.value())).isInstanceOf(StoreException.class);
        assertThat(store.health().up()).isFalse();
    }

    @Test
    void anOpenStoreIsHealthy() {
        assertThat(open(patient()).health().up()).isTrue();
    }

    @Test
    void theListenerHearsOfEveryVisitInABatch() {
        AtomicInteger heard = new AtomicInteger();
        CounterListener listener = new CounterListener() {
            @Override
            public void onBatch(CounterName counter, int visits, Duration took) {
                heard.addAndGet(visits);
            }
        };
        CounterStore store =
                open(CounterOptions.builder().deadline(SOON).listener(listener).build());
        VisitorCounter counter = store.counter(freshName());

        List<CompletionStage<Visit>> calls =
                IntStream.range(0, 100).mapToObj(i -> counter.visit()).toList();
        calls.forEach(CounterStoreContract::now);
        store.close();

        assertThat(heard).hasValue(100);
    }

    @Test
    void aListenerThatThrowsHarmsNobody() {
        CounterListener listener = new CounterListener() {
            @Override
            public void onBatch(CounterName counter, int visits, Duration took) {
                throw new IllegalStateException("a listener of the test");
            }
        };
        VisitorCounter counter = open(CounterOptions.builder()
                        .deadline(SOON)
                        .listener(listener)
                        .build())
                .counter(freshName());

        assertThat(now(counter.visit()).number()).isEqualTo(1);
        assertThat(now(counter.visit()).number()).isEqualTo(2);
    }

    @Test
    void stagesEndOnTheExecutorThatWasAskedFor() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor(task -> new Thread(task, "the caller's own"));
        try {
            VisitorCounter counter = open(CounterOptions.builder()
                            .deadline(SOON)
                            .executor(executor)
                            .build())
                    .counter(freshName());
            var names = ConcurrentHashMap.<String>newKeySet();
            CompletableFuture<?>[] calls = IntStream.range(0, 50)
                    .mapToObj(i -> counter.visit()
                            .thenAccept(
                                    visit -> names.add(Thread.currentThread().getName()))
                            .toCompletableFuture())
                    .toArray(CompletableFuture<?>[]::new);

            now(CompletableFuture.allOf(calls));

            assertThat(names)
                    .isSubsetOf("the caller's own", Thread.currentThread().getName());
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void aVisitMadeWhenAnotherEndsIsCounted() {
        VisitorCounter counter = open(patient()).counter(freshName());

        Visit third = now(counter.visit().thenCompose(v -> counter.visit()).thenCompose(v -> counter.visit()));

        assertThat(third.number()).isEqualTo(3);
    }

    /** Work of one thread. */
    private interface Work {
        List<Long> of(int thread);
    }

    private static List<Long> inParallel(int threads, Work work) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<List<Long>>> parts = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int thread = i;
                parts.add(pool.submit(() -> work.of(thread)));
            }
            List<Long> all = new ArrayList<>();
            for (Future<List<Long>> part : parts) {
                all.addAll(part.get(60, TimeUnit.SECONDS));
            }
            return all;
        } finally {
            pool.shutdownNow();
        }
    }
}
