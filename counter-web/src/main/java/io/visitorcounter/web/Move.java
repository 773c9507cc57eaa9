package io.visitorcounter.web;

import io.visitorcounter.core.CounterException;
import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.VisitId;
import io.visitorcounter.core.VisitorCounter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Copies every counter of one store to another: its value and its visits per hour. Nothing is changed in the store that it
 *  reads, nor in the other as long as that has different visits; and a counter that was visited meanwhile is found. */
final class Move {

    private static final Duration HOUR = Duration.ofHours(1);

    private final CounterStore from;
    private final CounterStore to;
    private final Clock clock;

    Move(CounterStore from, CounterStore to, Clock clock) {
        this.from = from;
        this.to = to;
        this.clock = clock;
    }

    /** What is moved of one counter. */
    private record StoreContent(long value, List<HourlyVisits> history) {}

    /** Moves all counters.
     *
     *  @param replace whether what the other store has under the same names may be lost
     *  @param told gets a line for each counter
     *  @return what is wrong, empty if all are there with every visit
     *  @throws CounterException if a store fails; moving again goes on from there */
    List<String> run(boolean replace, Consumer<String> told) {
        Map<CounterName, StoreContent> contents = new LinkedHashMap<>();
        List<String> faults = new ArrayList<>();
        for (CounterName name : now(from.counters())) {
            StoreContent content = content(from, name);
            StoreContent there = content(to, name);
            if (there.equals(content)) {
                told.accept(name + ": " + content.value() + ", was there");
            } else if (there.value() > 0 && !replace) {
                faults.add("counter \"" + name + "\": expected none in the new store, got one with " + there.value()
                        + " visits; delete it there, or move with --replace");
            } else {
                contents.put(name, content);
            }
        }
        if (!faults.isEmpty()) {
            return faults;
        }
        contents.forEach((name, content) -> {
            now(to.counter(name).restore(content.value(), content.history(), VisitId.random()));
            told.accept(name + ": " + content.value());
        });
        contents.forEach((name, content) -> {
            CounterValue after = now(from.counter(name).value());
            if (after.value() != content.value()) {
                faults.add("counter \"" + name + "\": visited while it was moved: " + content.value() + " before, "
                        + after.value() + " now; stop what counts in the old store, then move with --replace");
            }
        });
        return faults;
    }

    private StoreContent content(CounterStore store, CounterName name) {
        VisitorCounter counter = store.counter(name);
        Instant now = clock.instant();
        return new StoreContent(
                now(counter.value()).value(),
                now(counter.history(now.minus(HourlyVisits.KEPT).plus(HOUR), now.plus(HOUR))));
    }

    private static <T> T now(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof CounterException failure ? failure : e;
        }
    }
}
