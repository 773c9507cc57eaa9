package io.visitorcounter.core.contract;

import static io.visitorcounter.core.contract.Asking.freshName;
import static io.visitorcounter.core.contract.Asking.inParallel;
import static io.visitorcounter.core.contract.Asking.now;
import static io.visitorcounter.core.contract.Asking.patient;
import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.Visit;
import io.visitorcounter.core.VisitId;
import io.visitorcounter.core.VisitorCounter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Visits that have an id, and are counted once however often they are sent. */
interface VisitIdContract extends StoreUnderTest {

    @Test
    default void aRepeatedVisitIdKeepsItsFirstNumber() {
        VisitorCounter counter = opened(patient()).counter(freshName());
        VisitId id = VisitId.random();

        Visit first = now(counter.visit(id));
        now(counter.visit());
        Visit again = now(counter.visit(id));

        assertThat(first).isEqualTo(new Visit(1, 0, false));
        assertThat(again).isEqualTo(new Visit(1, 0, true));
        assertThat(now(counter.value()).value()).isEqualTo(2);
    }

    @Test
    default void aVisitIdIsKnownInEveryStoreThatShares() {
        CounterName name = freshName();
        VisitId id = VisitId.random();
        CounterStore one = opened(patient());
        CounterStore two = sharing() ? opened(patient()) : one;

        Visit first = now(one.counter(name).visit(id));
        Visit again = now(two.counter(name).visit(id));

        assertThat(again.number()).isEqualTo(first.number());
        assertThat(again.duplicate()).isTrue();
    }

    @Test
    default void idsThatDifferInOneCharacterAreTwoVisits() {
        VisitorCounter counter = opened(patient()).counter(freshName());
        String longest = "x".repeat(VisitId.MAX_LENGTH - 1);
        List<VisitId> ids = Stream.of(
                        longest + "1",
                        longest + "2",
                        longest,
                        "a",
                        "A",
                        "a'",
                        "a''",
                        "a\"",
                        "a\\",
                        "a%",
                        "a_",
                        "aXb",
                        "a*",
                        "a?",
                        "a;",
                        "a'--",
                        "a')--",
                        "a{}",
                        "a:b",
                        "a/b",
                        "#a",
                        "0",
                        "00",
                        "-1",
                        "null",
                        "${a}",
                        "$1")
                .map(VisitId::new)
                .toList();

        for (int i = 0; i < ids.size(); i++) {
            assertThat(now(counter.visit(ids.get(i)))).as("%s", ids.get(i)).isEqualTo(new Visit(i + 1, 0, false));
        }
        for (int i = 0; i < ids.size(); i++) {
            assertThat(now(counter.visit(ids.get(i)))).as("%s", ids.get(i)).isEqualTo(new Visit(i + 1, 0, true));
        }
        assertThat(now(counter.value()).value()).isEqualTo(ids.size());
    }

    @Test
    default void theSameIdBelongsToEachCounterAnew() {
        CounterStore store = opened(patient());
        VisitId id = VisitId.random();

        assertThat(now(store.counter(freshName()).visit(id)).duplicate()).isFalse();
        assertThat(now(store.counter(freshName()).visit(id)).duplicate()).isFalse();
    }

    @Test
    default void oneIdFromManyThreadsIsCountedOnce() throws Exception {
        VisitorCounter counter = opened(patient()).counter(freshName());
        VisitId id = VisitId.random();

        List<Long> numbers = inParallel(8, i -> List.of(now(counter.visit(id)).number()));

        assertThat(numbers).containsOnly(1L);
        assertThat(now(counter.value()).value()).isEqualTo(1);
    }
}
