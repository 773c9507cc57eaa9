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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/** Copies counters from one store to another: their values and visits per hour, each counter in one step. It changes
 *  nothing in the source, and nothing in the target while that has different visits under the same names. It reports
 *  counters that are visited meanwhile. */
final class Move {

    private static final Duration HOUR = Duration.ofHours(1);

    /** How many counters are read at once: a history of 400 days takes some megabytes in Redis' reply. */
    private static final int AT_ONCE = 4;

    private final CounterStore from;
    private final CounterStore to;
    private final Clock clock;

    Move(CounterStore from, CounterStore to, Clock clock) {
        this.from = from;
        this.to = to;
        this.clock = clock;
    }

    /** What to move.
     *
     *  @param only these counters; empty means all
     *  @param prefix is put before their names in the other store
     *  @param replace whether counters with the same names in the other store may be overwritten
     *  @param dryRun whether to only say what would be moved */
    record Selection(List<CounterName> only, String prefix, boolean replace, boolean dryRun) {

        CounterName target(CounterName name) {
            return CounterName.of(prefix + name);
        }
    }

    private record StoreContent(long value, List<HourlyVisits> history) {}

    /** One counter, as both stores have it.
     *
     *  @param value in the old store
     *  @param there the value in the new one
     *  @param same whether the visits per hour are the same too */
    private record Comparison(long value, long there, boolean same) {}

    /** Moves the counters.
     *
     *  @param selection which, and how
     *  @param told gets a line for each counter
     *  @return what is wrong; empty if all counters were moved with every visit
     *  @throws CounterException if a store fails; moving again continues from there
     *  @throws IllegalArgumentException if a name with the prefix is not valid */
    List<String> run(Selection selection, Consumer<String> told) {
        List<CounterName> names = selection.only().isEmpty() ? now(from.counters()) : selection.only();
        names.forEach(selection::target);
        List<String> faults = new ArrayList<>();
        Map<CounterName, Long> toMove = new LinkedHashMap<>();
        List<Comparison> compared = each(names, name -> compared(name, selection.target(name)));
        for (int i = 0; i < names.size(); i++) {
            CounterName name = names.get(i);
            Comparison both = compared.get(i);
            if (both.value() == 0) {
                faults.add("counter \"" + name + "\": expected one with visits in the old store, got none");
            } else if (both.same()) {
                told.accept(named(selection, name) + ": " + both.value() + ", was there");
            } else if (both.there() > 0 && !selection.replace()) {
                faults.add("counter \"" + selection.target(name) + "\": expected none in the new store, got one with "
                        + both.there() + " visits; delete it there, or move with --replace");
            } else {
                toMove.put(name, both.there());
            }
        }
        return faults.isEmpty() ? moved(selection, toMove, told) : faults;
    }

    /** Moves the counters that can be moved, given by name with the other store's value. */
    private List<String> moved(Selection selection, Map<CounterName, Long> toMove, Consumer<String> told) {
        Map<CounterName, Long> moved = new LinkedHashMap<>();
        toMove.forEach((name, before) -> {
            StoreContent content = now(content(from, name));
            if (!selection.dryRun()) {
                now(to.counter(selection.target(name)).restore(content.value(), content.history(), VisitId.random()));
            }
            moved.put(name, content.value());
            told.accept(named(selection, name) + ": " + content.value() + (before > 0 ? " in place of " + before : "")
                    + (selection.dryRun() ? ", would be moved" : "") + " (" + moved.size() + " of " + toMove.size()
                    + ")");
        });
        List<String> faults = new ArrayList<>();
        List<CounterName> names = List.copyOf(moved.keySet());
        List<CounterValue> after = each(names, name -> from.counter(name).value());
        for (int i = 0; i < names.size() && !selection.dryRun(); i++) {
            CounterName name = names.get(i);
            if (after.get(i).value() != moved.getOrDefault(name, 0L)) {
                faults.add("counter \"" + name + "\": visited while it was moved: " + moved.get(name) + " before, "
                        + after.get(i).value() + " now; stop what counts in the old store, then move with --replace");
            }
        }
        return faults;
    }

    private static String named(Selection selection, CounterName name) {
        return selection.prefix().isEmpty() ? name.text() : name + " as " + selection.target(name);
    }

    /** {@return the comparison; the visits per hour are read only if the values are the same} */
    private CompletionStage<Comparison> compared(CounterName name, CounterName target) {
        return from.counter(name)
                .value()
                .thenCombine(
                        to.counter(target).value(), (old, there) -> new Comparison(old.value(), there.value(), false))
                .thenCompose(values -> values.value() != values.there() || values.value() == 0
                        ? CompletableFuture.completedFuture(values)
                        : content(from, name)
                                .thenCombine(
                                        content(to, target),
                                        (old, there) ->
                                                new Comparison(values.value(), values.there(), old.equals(there))));
    }

    private CompletionStage<StoreContent> content(CounterStore store, CounterName name) {
        VisitorCounter counter = store.counter(name);
        Instant now = clock.instant();
        return counter.value()
                .thenCombine(
                        counter.history(now.minus(HourlyVisits.KEPT).plus(HOUR), now.plus(HOUR)),
                        (value, history) -> new StoreContent(value.value(), history));
    }

    /** {@return what is read for each name, several at a time} */
    private static <T> List<T> each(List<CounterName> names, Function<CounterName, CompletionStage<T>> read) {
        List<T> all = new ArrayList<>(names.size());
        for (int begin = 0; begin < names.size(); begin += AT_ONCE) {
            List<CompletionStage<T>> some = names.subList(begin, Math.min(begin + AT_ONCE, names.size())).stream()
                    .map(read)
                    .toList();
            some.forEach(stage -> all.add(now(stage)));
        }
        return all;
    }

    private static <T> T now(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof CounterException failure ? failure : e;
        }
    }
}
