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
import java.util.concurrent.CyclicBarrier;
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
                        "a%41",
                        "aA",
                        "a+b",
                        "a%20b",
                        "a&b",
                        "a,b",
                        "a|b",
                        "[a]",
                        "`a`",
                        "~",
                        "1e3",
                        "1000",
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

    /** Where both are joined to one key, these are the same. */
    @Test
    default void aNameAndAnIdAreNotTakenForAnotherPair() {
        CounterStore store = opened(patient());
        CounterName name = freshName();
        for (String joint : List.of("", ".", "-", "_")) {
            VisitorCounter one = store.counter(CounterName.of(name + "x"));
            VisitorCounter other = store.counter(CounterName.of(name + "x" + joint + "1"));

            assertThat(now(one.visit(new VisitId("1" + joint + "2"))).duplicate())
                    .as("\"%s\"", joint)
                    .isFalse();
            assertThat(now(other.visit(new VisitId("2"))).duplicate())
                    .as("\"%s\"", joint)
                    .isFalse();
        }
    }

    @Test
    default void oneIdInTwoStoresAtOnceIsCountedOnce() throws Exception {
        if (!sharing()) {
            return;
        }
        CounterName name = freshName();
        List<VisitorCounter> counters =
                List.of(opened(patient()).counter(name), opened(patient()).counter(name));

        for (int round = 1; round <= 20; round++) {
            VisitId id = VisitId.random();
            CyclicBarrier together = new CyclicBarrier(4);

            List<Long> numbers = inParallel(4, i -> {
                Asking.meet(together);
                return List.of(now(counters.get(i % 2).visit(id)).number());
            });

            assertThat(numbers).containsOnly((long) round);
        }
        assertThat(now(counters.get(0).value()).value()).isEqualTo(20);
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
