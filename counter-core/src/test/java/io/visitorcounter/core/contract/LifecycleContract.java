package io.visitorcounter.core.contract;

import static io.visitorcounter.core.contract.Asking.SOON;
import static io.visitorcounter.core.contract.Asking.freshName;
import static io.visitorcounter.core.contract.Asking.now;
import static io.visitorcounter.core.contract.Asking.patient;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.NotCountedException;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.Visit;
import io.visitorcounter.core.VisitId;
import io.visitorcounter.core.VisitorCounter;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A store that is open, full, and closed. */
interface LifecycleContract extends StoreUnderTest {

    @Test
    default void anOpenStoreIsHealthy() {
        assertThat(opened(patient()).health().up()).isTrue();
    }

    @Test
    default void aFullQueueRefusesAtOnceAndWhatWasRefusedIsNotCounted() {
        CounterStore store =
                opened(CounterOptions.builder().queue(4).deadline(SOON).build());
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
    default void closingLetsTakenVisitsFinish() {
        CounterName name = freshName();
        CounterStore store = opened(patient());
        List<CompletionStage<Visit>> calls = IntStream.range(0, 200)
                .mapToObj(i -> store.counter(name).visit())
                .toList();

        store.close();

        assertThat(calls)
                .allSatisfy(call -> assertThat(call.toCompletableFuture()).isCompleted());
        assertThat(calls.stream().map(call -> now(call).number()))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 200).boxed().toList());
        if (sharing()) {
            assertThat(now(opened(patient()).counter(name).value()).value()).isEqualTo(200);
        }
    }

    @Test
    default void whatWasCountedIsThereAfterReopening() {
        if (!sharing()) {
            return;
        }
        CounterName name = freshName();
        VisitId id = VisitId.random();
        CounterStore first = opened(patient());
        now(first.counter(name).visit(7));
        now(first.counter(name).visit(id));
        first.close();

        VisitorCounter again = opened(patient()).counter(name);

        assertThat(now(again.value())).isEqualTo(new CounterValue(8, 0));
        assertThat(now(again.visit(id))).isEqualTo(new Visit(8, 0, true));
        assertThat(now(again.visit())).isEqualTo(new Visit(9, 0, false));
        Instant now = Instant.now();
        assertThat(now(again.history(now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(1)))).stream()
                        .mapToLong(HourlyVisits::visits)
                        .sum())
                .isEqualTo(9);
    }

    @Test
    default void whatAKilledProcessWasToldIsThereAndNoNumberComesTwice() {
        URI uri = address().orElse(null);
        if (uri == null) {
            return;
        }
        CounterName name = freshName();
        List<Long> told;
        try (CountingProcess process = CountingProcess.start(uri, name)) {
            Asking.until(() -> process.said() >= 100 || !process.isAlive());
            told = process.kill();
        }

        VisitorCounter counter = opened(patient()).counter(name);
        Visit next = now(counter.visit());

        assertThat(told)
                .hasSizeGreaterThanOrEqualTo(100)
                .doesNotHaveDuplicates()
                .doesNotContain(next.number());
        assertThat(next.generation()).isZero();
        // What was under way when it was killed is counted or not.
        long most = told.size() + CountingProcess.THREADS + 1L;
        assertThat(next.number()).isBetween(told.size() + 1L, most);
        assertThat(told).allMatch(number -> number >= 1 && number <= most);
        Instant now = Instant.now();
        assertThat(now(counter.history(now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(1)))).stream()
                        .mapToLong(HourlyVisits::visits)
                        .sum())
                .isBetween(next.number(), most);
    }

    @Test
    default void whatWasChangedIsSoAfterReopening() {
        if (!sharing() || !changing()) {
            return;
        }
        CounterName name = freshName();
        CounterName deleted = freshName();
        VisitId request = VisitId.random();
        CounterStore first = opened(patient());
        now(first.counter(name).visit(7));
        now(first.counter(name).set(3, request));
        now(first.counter(name).visit());
        now(first.counter(deleted).visit(7));
        now(first.counter(deleted).delete());
        first.close();

        CounterStore again = opened(patient());

        assertThat(now(again.counter(name).value())).isEqualTo(new CounterValue(4, 1));
        assertThat(now(again.counter(name).set(3, request))).isEqualTo(new CounterValue(3, 1));
        assertThat(now(again.counter(name).visit())).isEqualTo(new Visit(5, 1, false));
        assertThat(now(again.counter(deleted).value())).isEqualTo(new CounterValue(0, 1));
        assertThat(now(again.counters())).contains(name).doesNotContain(deleted);
        assertThat(now(again.counter(deleted).visit())).isEqualTo(new Visit(1, 1, false));
    }

    @Test
    default void aStoreThatIsClosedLeavesOthersOpen() {
        CounterName name = freshName();
        CounterStore closed = opened(patient());
        CounterStore open = opened(patient());
        now(closed.counter(name).visit());
        now(open.counter(name).visit());

        closed.close();

        VisitorCounter counter = open.counter(name);
        assertThat(now(counter.visit()).number()).isEqualTo(sharing() ? 3 : 2);
        assertThat(now(counter.value()).value()).isEqualTo(sharing() ? 3 : 2);
        assertThat(open.health().up()).isTrue();
    }

    /** A process that was not there while the value fell knows only what is stored. */
    @Test
    default void aValueThatFellWhileTheStoreWasClosedBeginsANewGeneration() {
        if (!sharing()) {
            return;
        }
        CounterName name = freshName();
        CounterStore first = opened(patient());
        now(first.counter(name).visit(5));
        first.close();
        if (!overwriting(name, 2)) {
            return;
        }

        VisitorCounter counter = opened(patient()).counter(name);

        assertThat(now(counter.value())).isEqualTo(new CounterValue(2, 1));
        assertThat(now(counter.visit())).isEqualTo(new Visit(3, 1, false));
    }

    @Test
    default void aValueThatFellBeginsANewGeneration() {
        CounterName name = freshName();
        VisitorCounter counter = opened(patient()).counter(name);
        now(counter.visit(5));
        if (!overwriting(name, 2)) {
            return;
        }

        assertThat(now(counter.value())).isEqualTo(new CounterValue(2, 1));
        assertThat(now(counter.visit())).isEqualTo(new Visit(3, 1, false));
        assertThat(now(counter.visit())).isEqualTo(new Visit(4, 1, false));
    }

    @Test
    default void aClosedStoreCountsNothing() {
        CounterStore store = opened(patient());
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
}
