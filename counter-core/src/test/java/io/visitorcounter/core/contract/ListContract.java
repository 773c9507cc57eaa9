package io.visitorcounter.core.contract;

import static io.visitorcounter.core.contract.Asking.freshName;
import static io.visitorcounter.core.contract.Asking.now;
import static io.visitorcounter.core.contract.Asking.patient;
import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterStore;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The list of the counters. */
interface ListContract extends StoreUnderTest {

    @Test
    default void theListHasTheCountersThatCount() {
        if (!changing()) {
            return;
        }
        CounterStore store = opened(patient());
        List<CounterName> names = List.of(freshName(), freshName(), freshName());
        names.forEach(name -> now(store.counter(name).visit()));
        now(store.counter(names.get(1)).delete());
        CounterName read = freshName();
        now(store.counter(read).value());
        CounterName reset = freshName();
        now(store.counter(reset).visit());
        now(store.counter(reset).set(0));

        List<CounterName> listed = now(store.counters());

        assertThat(listed).contains(names.get(0), names.get(2)).doesNotContain(names.get(1), read, reset);
        assertThat(listed).doesNotHaveDuplicates();
        if (sharing()) {
            assertThat(now(opened(patient()).counters())).contains(names.get(0), names.get(2));
        }
        assertThat(listed).isSortedAccordingTo(Comparator.comparing(CounterName::text));
    }

    @Test
    default void theListIsAsLongAsThereAreCounters() {
        if (!changing()) {
            return;
        }
        CounterStore store = opened(patient());
        List<CounterName> names =
                Stream.generate(Asking::freshName).limit(1_100).toList();
        // Some at a time: a store that commits one visit after another makes the last wait for all the others.
        for (int from = 0; from < names.size(); from += 100) {
            names.subList(from, from + 100).stream()
                    .map(name -> store.counter(name).visit())
                    .toList()
                    .forEach(Asking::now);
        }

        assertThat(now(store.counters())).containsAll(names);
    }
}
