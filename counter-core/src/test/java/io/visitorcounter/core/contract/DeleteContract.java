package io.visitorcounter.core.contract;

import static io.visitorcounter.core.contract.Asking.freshName;
import static io.visitorcounter.core.contract.Asking.history;
import static io.visitorcounter.core.contract.Asking.now;
import static io.visitorcounter.core.contract.Asking.patient;
import static io.visitorcounter.core.contract.Asking.visitsOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.Visit;
import io.visitorcounter.core.VisitId;
import io.visitorcounter.core.VisitorCounter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A counter that is deleted. */
interface DeleteContract extends StoreUnderTest {

    @Test
    default void aDeletedCounterBeginsAnewWithoutItsHistory() {
        if (!changing()) {
            return;
        }
        CounterName name = freshName();
        VisitorCounter counter = opened(patient()).counter(name);
        VisitId request = VisitId.random();
        now(counter.visit(3));

        assertThat(now(counter.delete(request))).isEqualTo(new CounterValue(0, 1));
        assertThat(history(counter)).isEmpty();
        assertThat(now(counter.visit())).isEqualTo(new Visit(1, 1, false));
        assertThat(now(counter.delete(request))).isEqualTo(new CounterValue(0, 1));
        assertThat(now(counter.value())).isEqualTo(new CounterValue(1, 1));
        assertThat(visitsOf(counter)).isEqualTo(1);
    }

    @Test
    default void deletingTakesNoCounterWithASimilarName() {
        if (!changing()) {
            return;
        }
        CounterStore store = opened(patient());
        CounterName name = freshName();
        VisitorCounter deleted = store.counter(CounterName.of(name + "_1"));
        List<VisitorCounter> similar = Stream.of("_10", "_1.a", "-1", ".1", "x1", "_", "_1_")
                .map(ending -> store.counter(CounterName.of(name + ending)))
                .toList();
        now(deleted.visit());
        similar.forEach(counter -> now(counter.visit(2)));

        now(deleted.delete());

        assertThat(now(deleted.value()).value()).isZero();
        assertThat(similar)
                .allSatisfy(counter -> assertThat(now(counter.value())).isEqualTo(new CounterValue(2, 0)))
                .allSatisfy(counter -> assertThat(visitsOf(counter)).isEqualTo(2));
    }

    /** Its client may send it again at any time. */
    @Test
    default void aVisitIdOutlivesItsCounter() {
        if (!changing()) {
            return;
        }
        VisitorCounter counter = opened(patient()).counter(freshName());
        VisitId id = VisitId.random();
        now(counter.visit(id));
        now(counter.delete());

        assertThat(now(counter.visit(id)).duplicate()).isTrue();
        assertThat(now(counter.value()).value()).isZero();
    }

    @Test
    default void noNumberOfADeletedCounterComesTwiceFromAnotherStoreEither() {
        if (!changing()) {
            return;
        }
        if (!sharing()) {
            return;
        }
        CounterName name = freshName();
        VisitorCounter counter = opened(patient()).counter(name);
        now(counter.visit(3));
        now(counter.delete());

        VisitorCounter other = opened(patient()).counter(name);

        assertThat(now(other.visit())).isEqualTo(new Visit(1, 1, false));
        assertThat(now(counter.visit())).isEqualTo(new Visit(2, 1, false));
    }
}
