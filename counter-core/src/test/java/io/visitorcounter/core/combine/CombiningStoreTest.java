package io.visitorcounter.core.combine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.MaybeCountedException;
import io.visitorcounter.core.NotCountedException;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.StoreHealth;
import io.visitorcounter.core.Visit;
import io.visitorcounter.core.VisitId;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.core.spi.Batch;
import io.visitorcounter.core.spi.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class CombiningStoreTest {

    private static final CounterName HOME = CounterName.of("home");

    private final ManualTicker ticker = new ManualTicker();
    private final ManualBackend backend = new ManualBackend();
    private final CombiningStore store = new CombiningStore(
            backend,
            ticker,
            CounterOptions.builder().deadline(Duration.ofSeconds(2)).queue(3).build(),
            10_000);

    @Test
    void countersThatNobodyUsesAreLetGo() {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        for (int i = 0; i < 10_000; i++) {
            store.counter(CounterName.of("page-" + i)).visit();
            backend.next().written(1);
        }
        assertThat(store.counters.slots).hasSize(10_000);
        // Not one for each counter, and of the few that the JVM may have begun meanwhile none of the store.
        Map<Thread, StackTraceElement[]> begun = new HashMap<>(Thread.getAllStackTraces());
        begun.keySet().removeAll(before);
        assertThat(begun)
                .hasSizeLessThan(100)
                .allSatisfy(
                        (thread, stack) -> assertThat(Arrays.toString(stack)).doesNotContain("visitorcounter"));
        VisitorCounter held = store.counter(HOME);

        ticker.pass(Duration.ofMinutes(11));
        long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (store.counters.slots.size() > 1 && System.nanoTime() < until) {
            System.gc();
            ticker.pass(Duration.ofMinutes(1));
        }

        assertThat(store.counters.slots).hasSize(1);
        assertThat(store.counter(HOME)).isSameAs(held);
    }

    @Test
    void aVisitWithAnIdIsSentAgainUnderTheSameId() {
        CompletableFuture<Visit> visit =
                store.counter(HOME).visit(new VisitId("x")).toCompletableFuture();
        ManualBackend.Attempt first = backend.next();
        first.maybeWritten(true);
        ticker.pass(Duration.ofMillis(5));
        ManualBackend.Attempt second = backend.next();

        assertThat(second.batch()).isEqualTo(first.batch());
        assertThat(second.batch().record()).isEqualTo("id:x");
        second.written(9);
        assertThat(visit).isCompletedWithValue(new Visit(9, 0, false));
    }

    @Test
    void aVisitWithAnIdThatGotNoAnswerCarriesItsId() {
        CompletableFuture<Visit> visit =
                store.counter(HOME).visit(new VisitId("x")).toCompletableFuture();

        ticker.pass(Duration.ofMillis(2_010));

        Throwable failure = visit.handle((value, thrown) -> thrown).join();
        assertThat(failure)
                .isInstanceOfSatisfying(
                        MaybeCountedException.class,
                        maybe -> assertThat(maybe.visitId()).contains(new VisitId("x")));
    }

    @Test
    void aVisitWithAnIdThatNeverLeftIsNotCounted() {
        backend.refuseAtOnce();
        CompletableFuture<Visit> visit =
                store.counter(HOME).visit(new VisitId("x")).toCompletableFuture();
        while (!visit.isDone()) {
            ticker.pass(Duration.ofMillis(1));
        }

        Throwable failure = visit.handle((value, thrown) -> thrown).join();
        assertThat(failure).isInstanceOf(NotCountedException.class);
        assertThat(ticker.now()).isLessThan(Duration.ofMillis(2_100).toNanos());
        assertThat(backend.writes()).isGreaterThan(5);
    }

    @Test
    void aVisitWithAnIdIsNotSentAgainOnceItsDeadlineHasCome() {
        // Deadlines are looked at every 5 ms at most: this one's at 2,000 ms, the next one's at 2,005 ms.
        store.counter(HOME).visit(new VisitId("earlier"));
        ticker.pass(Duration.ofMillis(1));
        CompletableFuture<Visit> visit =
                store.counter(HOME).visit(new VisitId("x")).toCompletableFuture();
        ticker.pass(Duration.ofNanos(1_999_500_000));
        backend.next();

        // The shortest wait is 1 ms, the longest after one failure 2 ms.
        backend.next().notWritten(true);
        ticker.pass(Duration.ofMillis(20));

        Throwable failure = visit.handle((value, thrown) -> thrown).join();
        assertThat(failure).isInstanceOf(NotCountedException.class);
        assertThat(backend.writes()).isEqualTo(2);
    }

    @Test
    void visitsWithIdsAreBoundedToo() {
        for (int i = 0; i < 3; i++) {
            store.counter(HOME).visit(VisitId.random());
        }

        CompletableFuture<Visit> oneMore =
                store.counter(HOME).visit(VisitId.random()).toCompletableFuture();

        Throwable failure = oneMore.handle((value, thrown) -> thrown).join();
        assertThat(failure)
                .isInstanceOf(NotCountedException.class)
                .hasMessageContaining("3 visits with an id already wait");
        assertThat(backend.open()).isEqualTo(3);
    }

    @Test
    void visitsWithIdsThatHaveEndedMakeRoom() {
        CompletableFuture<Visit> slow =
                store.counter(HOME).visit(VisitId.random()).toCompletableFuture();
        ManualBackend.Attempt unanswered = backend.next();
        for (int i = 0; i < 100; i++) {
            CompletableFuture<Visit> quick =
                    store.counter(HOME).visit(VisitId.random()).toCompletableFuture();
            backend.next().written(i + 2);
            assertThat(quick).isCompleted();
        }

        unanswered.written(1);

        assertThat(slow).isCompletedWithValue(new Visit(1, 0, false));
    }

    private static CounterName page(int number) {
        return CounterName.of("page-" + number);
    }

    @Test
    void readingACounterLeavesNothing() {
        for (int i = 0; i < 10_000; i++) {
            assertThat(store.counter(page(i)).value()).isCompleted();
            assertThat(store.counter(page(i)).history(Instant.EPOCH, Instant.EPOCH))
                    .isCompleted();
            assertThat(store.counter(page(i)).health()).isCompleted();
        }

        assertThat(store.counters.lanes()).isEmpty();
        long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!store.counters.slots.isEmpty() && System.nanoTime() < until) {
            System.gc();
            ticker.pass(Duration.ofMinutes(1));
        }
        assertThat(store.counters.slots).isEmpty();
    }

    private CombiningStore smallStore() {
        return new CombiningStore(backend, ticker, CounterOptions.defaults(), 8);
    }

    @Test
    void ofManyCountersThoseAreKeptThatWereVisitedLast() {
        CombiningStore small = smallStore();
        for (int i = 0; i < 100; i++) {
            small.counter(HOME).visit();
            backend.next().written(i + 1);
            ticker.pass(Duration.ofMillis(1));
            assertThat(small.counter(page(i)).visit(2)).isNotNull();
            backend.next().written(2);
            ticker.pass(Duration.ofMillis(1));
        }

        assertThat(small.counters.slots.values().stream().filter(KeptCounters.Slot::isKept))
                .hasSizeLessThanOrEqualTo(8);
        small.counter(HOME).visit();
        Batch last = backend.next().batch();
        assertThat(last.cumulative()).as("the same lane all the time").isEqualTo(101);
    }

    @Test
    void aCounterWhoseVisitIsUnderWayIsNeverLetGo() {
        CombiningStore small = smallStore();
        List<CompletableFuture<Visit>> underWay = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            underWay.add(small.counter(page(i)).visit().toCompletableFuture());
        }

        CompletableFuture<Visit> oneMore = small.counter(page(8)).visit().toCompletableFuture();

        Throwable failure = oneMore.handle((value, thrown) -> thrown).join();
        assertThat(failure)
                .isInstanceOf(NotCountedException.class)
                .hasMessageContaining("too many counters are visited at once");
        System.gc();
        while (backend.open() > 0) {
            backend.next().written(1);
        }
        assertThat(underWay).allSatisfy(visit -> assertThat(visit).isCompletedWithValue(new Visit(1, 0, false)));

        ticker.pass(Duration.ofMillis(200));
        CompletableFuture<Visit> later = small.counter(page(8)).visit().toCompletableFuture();
        backend.next().written(1);
        assertThat(later).isCompletedWithValue(new Visit(1, 0, false));
    }

    @Test
    void aCounterThatWasLetGoAndIsHeldIsKeptAgainWhileItIsVisited() {
        CombiningStore small = smallStore();
        VisitorCounter held = small.counter(HOME);
        held.visit();
        backend.next().written(1);
        for (int i = 0; i < 20; i++) {
            ticker.pass(Duration.ofMillis(1));
            small.counter(page(i)).visit();
            backend.next().written(1);
        }
        assertThat(requireNonNull(((CombiningCounter) held).slot).isKept()).isFalse();

        CompletableFuture<Visit> visit = held.visit().toCompletableFuture();

        assertThat(((CombiningCounter) held).slot.isKept()).isTrue();
        assertThat(backend.next().batch().cumulative()).isEqualTo(2);
        small.close();
        assertThat(visit).isCompletedExceptionally();
    }

    @Test
    void readingsAreBoundedAndTakeNoRoomOfVisitsWithIds() {
        CombiningStore slow = new CombiningStore(
                new ForwardingBackend(backend) {
                    @Override
                    public CompletionStage<CounterValue> value(CounterName counter, CounterValue known) {
                        return new CompletableFuture<>();
                    }
                },
                ticker,
                CounterOptions.builder().queue(3).build(),
                8);
        for (int i = 0; i < 3; i++) {
            slow.counter(page(i)).value();
        }

        assertThat(slow.counter(HOME).value().handle((value, thrown) -> thrown).toCompletableFuture())
                .isCompletedWithValueMatching(thrown -> thrown instanceof StoreException
                        && String.valueOf(thrown.getMessage()).contains("3 readings already wait; retry later"));
        CompletableFuture<Visit> visit =
                slow.counter(HOME).visit(VisitId.random()).toCompletableFuture();
        backend.next().written(1);
        assertThat(visit).isCompleted();
    }

    @Test
    void aWaitForEverIsAWait() throws Exception {
        CombiningStore memory = new CombiningStore(
                new ForwardingBackend(backend) {
                    @Override
                    public void write(Batch batch, Consumer<Outcome> answer) {
                        answer.accept(new Outcome.Written(batch.cumulative(), 0, false, null));
                    }
                },
                CounterOptions.defaults());

        for (Duration forEver : List.of(
                ChronoUnit.FOREVER.getDuration(), Duration.ofSeconds(Long.MAX_VALUE), Duration.ofDays(200_000))) {
            assertThat(memory.counter(HOME).visit(forEver).number()).isPositive();
        }
        memory.close();
    }

    @Test
    void manyProbesShareOneCheck() {
        AtomicInteger checks = new AtomicInteger();
        CompletableFuture<StoreHealth> result = new CompletableFuture<>();
        CombiningStore checked = new CombiningStore(
                new ForwardingBackend(backend) {
                    @Override
                    public CompletionStage<StoreHealth> check(CounterName counter) {
                        return checks.getAndIncrement() == 0
                                ? result
                                : CompletableFuture.failedFuture(new IllegalStateException("away"));
                    }
                },
                ticker,
                CounterOptions.defaults(),
                8);
        VisitorCounter home = checked.counter(HOME);
        List<CompletableFuture<StoreHealth>> asked = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            asked.add(home.health().toCompletableFuture());
        }
        result.complete(new StoreHealth(true, "well"));

        assertThat(asked).allSatisfy(one -> assertThat(one).isCompletedWithValue(new StoreHealth(true, "well")));
        assertThat(checks).hasValue(1);
        ticker.pass(Duration.ofMillis(600));
        assertThat(home.health().toCompletableFuture())
                .isCompletedWithValue(new StoreHealth(false, "counter \"home\": away"));
        assertThat(checks).hasValue(2);
    }

    @Test
    void theVisitsThatWaitAreToldOfAllCounters() {
        assertThat(store.waiting()).isZero();
        for (CounterName name : new CounterName[] {HOME, CounterName.of("other")}) {
            store.counter(name).visit();
            store.counter(name).visit(2);
        }

        assertThat(store.waiting()).as("of each the first is sent").isEqualTo(4);
    }

    @Test
    void aBackendWithoutSketchesNotesNobody() {
        VisitorCounter counter = store.counter(HOME);

        for (CompletionStage<?> call : List.of(counter.noteVisitor("alice"), counter.visitorsToday())) {
            assertThat(call.handle((done, failure) -> String.valueOf(failure)).toCompletableFuture())
                    .isCompletedWithValueMatching(failure -> failure.contains("this store keeps no visitors"));
        }
    }

    @Test
    void aCounterOfAClosedStoreIsGivenAndFails() {
        store.close();

        VisitorCounter counter = store.counter(HOME);

        assertThat(counter.visit()).isCompletedExceptionally();
        assertThat(counter.value()).isCompletedExceptionally();
        assertThat(counter).hasToString("counter \"home\" of manual, closed");
    }
}
