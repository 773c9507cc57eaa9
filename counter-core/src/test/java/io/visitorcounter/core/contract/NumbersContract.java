package io.visitorcounter.core.contract;

import static io.visitorcounter.core.contract.Asking.SOON;
import static io.visitorcounter.core.contract.Asking.freshName;
import static io.visitorcounter.core.contract.Asking.inParallel;
import static io.visitorcounter.core.contract.Asking.now;
import static io.visitorcounter.core.contract.Asking.patient;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.MaybeCountedException;
import io.visitorcounter.core.NotCountedException;
import io.visitorcounter.core.Visit;
import io.visitorcounter.core.VisitRange;
import io.visitorcounter.core.VisitorCounter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Which number a visit gets. */
interface NumbersContract extends StoreUnderTest {

    @Test
    default void aNewCounterStandsAtZero() {
        VisitorCounter counter = opened(patient()).counter(freshName());

        assertThat(now(counter.value())).isEqualTo(new CounterValue(0, 0));
    }

    @Test
    default void visitsAreNumberedFromOne() {
        VisitorCounter counter = opened(patient()).counter(freshName());

        assertThat(now(counter.visit())).isEqualTo(new Visit(1, 0, false));
        assertThat(now(counter.visit())).isEqualTo(new Visit(2, 0, false));
        assertThat(now(counter.value()).value()).isEqualTo(2);
    }

    @Test
    default void aBlockingVisitGetsItsNumberToo() throws InterruptedException {
        VisitorCounter counter = opened(patient()).counter(freshName());

        assertThat(counter.visit(SOON).number()).isEqualTo(1);
    }

    @Test
    default void aVisitThatIsNotWaitedForLongIsMaybeCounted() throws InterruptedException {
        VisitorCounter counter = opened(patient()).counter(freshName());
        Set<Long> numbers = new HashSet<>();
        int maybe = 0;

        for (int i = 0; i < 50; i++) {
            try {
                numbers.add(counter.visit(Duration.ofNanos(1)).number());
            } catch (MaybeCountedException late) {
                maybe++;
            } catch (NotCountedException said) {
                // Then it was not.
            }
        }
        long value = counter.visit(SOON).number() - 1;

        assertThat(value).isBetween((long) numbers.size(), (long) numbers.size() + maybe);
    }

    @Test
    default void aVisitMayBeWaitedForForEver() throws InterruptedException {
        VisitorCounter counter = opened(patient()).counter(freshName());

        assertThat(counter.visit(ChronoUnit.FOREVER.getDuration()).number()).isEqualTo(1);
        assertThat(counter.visit(Duration.ofSeconds(Long.MAX_VALUE)).number()).isEqualTo(2);
        assertThatIllegalArgumentException().isThrownBy(() -> counter.visit(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> counter.visit(Duration.ofSeconds(-1)));
        assertThat(now(counter.value()).value()).isEqualTo(2);
    }

    @Test
    default void visitsInOneStepGetAdjacentNumbers() {
        VisitorCounter counter = opened(patient()).counter(freshName());

        now(counter.visit());
        VisitRange range = now(counter.visit(30));

        assertThat(range).isEqualTo(new VisitRange(2, 31, 0));
        assertThat(now(counter.visit()).number()).isEqualTo(32);
    }

    @Test
    default void aStepOfNoneOrOfMoreThanTheQueueIsRefused() {
        VisitorCounter counter =
                opened(CounterOptions.builder().queue(5).build()).counter(freshName());

        assertThatIllegalArgumentException().isThrownBy(() -> counter.visit(0)).withMessageContaining("1..5");
        assertThatIllegalArgumentException().isThrownBy(() -> counter.visit(6)).withMessageContaining("got 6");
        assertThat(now(counter.value()).value()).isZero();
    }

    @Test
    default void numbersAreDenseBeyondThousands() {
        VisitorCounter counter = opened(patient()).counter(freshName());
        for (int i = 0; i < 5; i++) {
            assertThat(now(counter.visit(900))).isEqualTo(new VisitRange(i * 900 + 1, i * 900 + 900, 0));
        }

        List<CompletionStage<Visit>> calls =
                IntStream.range(0, 1_000).mapToObj(i -> counter.visit()).toList();

        assertThat(calls.stream().map(call -> now(call).number()))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(4_501, 5_500).boxed().toList());
        assertThat(now(counter.value()).value()).isEqualTo(5_500);
    }

    @Test
    default void readingCountsNothing() {
        VisitorCounter counter = opened(patient()).counter(freshName());
        now(counter.visit());

        for (int i = 0; i < 10; i++) {
            assertThat(now(counter.value()).value()).isEqualTo(1);
            assertThat(now(counter.history(Instant.now(), Instant.now()))).hasSizeLessThan(2);
            assertThat(now(counter.health()).up()).isTrue();
        }
        assertThat(now(counter.visit()).number()).isEqualTo(2);
    }

    @Test
    default void aStepAsLargeAsTheQueueIsCountedWhole() {
        VisitorCounter counter = opened(
                        CounterOptions.builder().deadline(SOON).queue(50_000).build())
                .counter(freshName());

        assertThat(now(counter.visit(50_000))).isEqualTo(new VisitRange(1, 50_000, 0));
        assertThat(now(counter.visit(2))).isEqualTo(new VisitRange(50_001, 50_002, 0));
    }

    @Test
    default void aStoreReadsWhatAnotherOneCounted() {
        if (!sharing()) {
            return;
        }
        CounterName name = freshName();
        VisitorCounter one = opened(patient()).counter(name);
        VisitorCounter other = opened(patient()).counter(name);
        now(one.visit(3));
        assertThat(now(other.value()).value()).isEqualTo(3);
        now(other.visit(4));

        assertThat(now(one.value()).value()).isEqualTo(7);
        if (changing()) {
            now(one.set(2));
            assertThat(now(other.value())).isEqualTo(new CounterValue(2, 1));
            assertThat(now(other.visit())).isEqualTo(new Visit(3, 1, false));
        }
    }

    @Test
    default void namesThatDifferInOneCharacterAreTwoCounters() {
        CounterStore store = opened(patient());
        String unique = UUID.randomUUID().toString();
        String longest = "x".repeat(100 - unique.length() - 1);
        List<String> endings = List.of("a", "A", "a.b", "a-b", "a_b", "a.", "a0", longest + "1", longest + "2");

        for (String ending : endings) {
            assertThat(now(store.counter(CounterName.of(unique + ending)).visit())
                            .number())
                    .as(ending)
                    .isEqualTo(1);
        }
    }

    @Test
    default void callsOfOneThreadKeepTheirOrder() {
        VisitorCounter counter = opened(patient()).counter(freshName());

        List<CompletionStage<Visit>> calls =
                IntStream.range(0, 500).mapToObj(i -> counter.visit()).toList();

        assertThat(calls.stream().map(call -> now(call).number()))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 500).boxed().toList());
    }

    @Test
    default void manyThreadsGetEachNumberOnce() throws Exception {
        VisitorCounter counter = opened(patient()).counter(freshName());
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
    default void twoStoresCountTogether() throws Exception {
        if (!sharing()) {
            return;
        }
        CounterName name = freshName();
        CounterStore one = opened(patient());
        CounterStore two = opened(patient());

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
    default void countersDoNotTouchEachOther() {
        CounterStore store = opened(patient());
        VisitorCounter one = store.counter(freshName());
        VisitorCounter two = store.counter(freshName());

        now(one.visit(7));
        now(two.visit());

        assertThat(now(one.value()).value()).isEqualTo(7);
        assertThat(now(two.value()).value()).isEqualTo(1);
    }

    @Test
    default void theSameNameIsTheSameCounter() {
        CounterStore store = opened(patient());
        CounterName name = freshName();

        assertThat(store.counter(name)).isSameAs(store.counter(name));
        assertThat(store.counter(name).name()).isEqualTo(name);
    }

    @Test
    default void aVisitMadeWhenAnotherEndsIsCounted() {
        VisitorCounter counter = opened(patient()).counter(freshName());

        Visit third = now(counter.visit().thenCompose(v -> counter.visit()).thenCompose(v -> counter.visit()));

        assertThat(third.number()).isEqualTo(3);
    }
}
