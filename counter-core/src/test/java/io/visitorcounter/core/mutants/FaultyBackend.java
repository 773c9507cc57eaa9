package io.visitorcounter.core.mutants;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.StoreHealth;
import io.visitorcounter.core.spi.Backend;
import io.visitorcounter.core.spi.Batch;
import io.visitorcounter.core.spi.Change;
import io.visitorcounter.core.spi.Outcome;
import io.visitorcounter.core.spi.Tally;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Counts in maps that several stores share, with the faults that a backend can have. */
final class FaultyBackend implements Backend {

    /** What the stores share, as they would a file or a server. */
    static final class Shared {
        private final Map<String, Tally> tallies = new HashMap<>();
        private final Map<String, TreeMap<Long, Long>> hours = new HashMap<>();
        private final Map<String, Outcome.Written> ids = new HashMap<>();

        /** Sets a value, as a foreign hand would. */
        synchronized void overwrite(CounterName counter, long value) {
            Tally old = tallies.getOrDefault(counter.text(), Tally.NONE);
            tallies.put(counter.text(), new Tally(value, old.generation(), old.top()));
        }
    }

    private final Shared shared;
    private final Fault fault;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread made = new Thread(task, "faulty backend");
        made.setDaemon(true);
        return made;
    });
    private final Map<String, Tally> cached = new HashMap<>();

    FaultyBackend(Shared shared, Fault fault) {
        this.shared = shared;
        this.fault = fault;
    }

    private boolean has(Fault one) {
        return fault == one;
    }

    @Override
    public void write(Batch batch, Consumer<Outcome> answer) {
        thread.execute(() -> answer.accept(count(batch)));
    }

    private Outcome count(Batch batch) {
        if (has(Fault.LOSES_UPDATES_OF_TWO_STORES)) {
            return countOnOwnCopy(batch);
        }
        synchronized (shared) {
            Outcome.Written known = batch.hasId() ? shared.ids.get(idKey(batch)) : null;
            if (known != null && !has(Fault.IDS_ARE_FORGOTTEN)) {
                return repeated(batch, known);
            }
            return add(batch);
        }
    }

    private Outcome countOnOwnCopy(Batch batch) {
        String key = key(batch.counter());
        synchronized (shared) {
            Tally before = cached.getOrDefault(key, shared.tallies.getOrDefault(key, Tally.NONE));
            Tally after = before.plus(batch.visits(), batch.known());
            cached.put(key, after);
            shared.tallies.put(key, after);
            return new Outcome.Written(after.value(), after.generation(), false, null);
        }
    }

    private Outcome repeated(Batch batch, Outcome.Written known) {
        Tally now = shared.tallies.getOrDefault(key(batch.counter()), Tally.NONE);
        if (has(Fault.A_DUPLICATE_IS_COUNTED)) {
            shared.tallies.put(key(batch.counter()), now.plus(1, batch.known()));
        }
        if (has(Fault.A_DUPLICATE_IS_IN_THE_HISTORY)) {
            addToHour(batch);
        }
        long number = has(Fault.A_DUPLICATE_GETS_THE_CURRENT_NUMBER) ? now.value() : known.total();
        return new Outcome.Written(number, known.generation(), !has(Fault.A_DUPLICATE_IS_CALLED_FRESH), null);
    }

    private Outcome add(Batch batch) {
        String key = key(batch.counter());
        Tally before = shared.tallies.getOrDefault(key, Tally.NONE);
        String objection = before.objection(batch.visits());
        if (objection != null) {
            return new Outcome.NotWritten(objection, null, false);
        }
        Outcome.Regression regression = before.regression(batch.known());
        Tally after = before.plus(has(Fault.A_STEP_COUNTS_ONE) ? 1 : batch.visits(), batch.known());
        if (has(Fault.SKIPS_A_NUMBER_AT_5000) && before.value() < 5000 && after.value() >= 5000) {
            after = after.plus(1, batch.known());
        }
        if (has(Fault.GIVES_A_NUMBER_TWICE_AT_5000) && before.value() < 5000 && after.value() >= 5000) {
            after = new Tally(after.value() - 1, after.generation(), after.value() - 1);
        }
        if (has(Fault.GENERATION_STAYS_WHEN_THE_VALUE_FALLS) && regression != null) {
            regression = null;
            after = new Tally(after.value(), before.generation(), after.top());
        }
        shared.tallies.put(key, after);
        if (!batch.hasId() || !has(Fault.A_VISIT_WITH_AN_ID_IS_NOT_IN_THE_HISTORY)) {
            addToHour(batch);
        }
        long number = has(Fault.STARTS_AT_ZERO) && batch.visits() < after.value() ? after.value() - 1 : after.value();
        long generation = after.generation() + (has(Fault.GENERATION_STARTS_AT_ONE) ? 1 : 0);
        if (batch.hasId()) {
            shared.ids.put(idKey(batch), new Outcome.Written(number, generation, true, null));
        }
        boolean duplicate = batch.hasId() && has(Fault.A_FRESH_ID_IS_CALLED_DUPLICATE);
        return new Outcome.Written(number, generation, duplicate, regression);
    }

    @Override
    public void change(Change change, Consumer<Outcome> answer) {
        thread.execute(() -> {
            synchronized (shared) {
                answer.accept(changed(change));
            }
        });
    }

    private Outcome changed(Change change) {
        String key = key(change.counter());
        String id = change.counter().text()
                + ' '
                + (has(Fault.A_CHANGE_ID_IS_A_VISIT_ID)
                        ? change.record().replaceFirst("set:", "id:")
                        : change.record());
        Outcome.Written known = shared.ids.get(id);
        if (known != null && !has(Fault.A_REPEATED_CHANGE_IS_MADE_AGAIN)) {
            return known;
        }
        Tally before = shared.tallies.getOrDefault(key, Tally.NONE);
        Tally after = before.changedTo(change.value() + (has(Fault.A_SET_VALUE_IS_ONE_MORE) ? 1 : 0), change.known());
        List<HourlyVisits> history = change.history();
        boolean deletes = change.value() == 0 && history != null && history.isEmpty();
        if (has(Fault.A_SET_VALUE_KEEPS_ITS_GENERATION)) {
            after = new Tally(after.value(), before.generation(), after.top());
        }
        if (has(Fault.A_DELETED_COUNTER_FORGETS_ITS_GENERATION) && deletes) {
            after = Tally.NONE;
        }
        shared.tallies.put(key, after);
        TreeMap<Long, Long> hours =
                shared.hours.computeIfAbsent(change.counter().text(), name -> new TreeMap<>());
        if (has(Fault.A_SET_VALUE_CLEARS_THE_HISTORY)
                || (history != null
                        && !has(Fault.A_RESTORED_HISTORY_IS_ADDED)
                        && !(deletes && has(Fault.A_DELETED_COUNTER_KEEPS_ITS_HISTORY)))) {
            hours.clear();
        }
        if (history != null) {
            history.forEach(hour -> hours.merge(hour.hour().getEpochSecond() / 3600, hour.visits(), Long::sum));
        }
        shared.ids.put(id, new Outcome.Written(after.value(), after.generation(), true, null));
        return new Outcome.Written(after.value(), after.generation(), false, null);
    }

    @Override
    public CompletionStage<List<CounterName>> counters() {
        return CompletableFuture.supplyAsync(
                () -> {
                    synchronized (shared) {
                        return shared.tallies.entrySet().stream()
                                .filter(counter -> !has(Fault.THE_LIST_IS_EMPTY)
                                        && (counter.getValue().value() > 0 || has(Fault.A_DELETED_COUNTER_IS_LISTED)))
                                .map(counter -> CounterName.of(counter.getKey()))
                                .toList();
                    }
                },
                thread);
    }

    private void addToHour(Batch batch) {
        if (has(Fault.NO_HISTORY)) {
            return;
        }
        long hour = Math.floorDiv(Instant.now().getEpochSecond(), 3600L)
                + (has(Fault.AN_HOUR_LATE) ? 1 : 0)
                - (has(Fault.AN_HOUR_EARLY) ? 1 : 0);
        long visits = has(Fault.A_STEP_IS_ONE_VISIT_OF_THE_HOUR) ? 1 : batch.visits();
        String key =
                has(Fault.COUNTERS_SHARE_A_HISTORY) ? "all" : batch.counter().text();
        shared.hours.computeIfAbsent(key, name -> new TreeMap<>()).merge(hour, visits, Long::sum);
    }

    private String key(CounterName counter) {
        String text = counter.text();
        if (has(Fault.COUNTERS_SHARE_A_VALUE)) {
            return "all";
        }
        if (has(Fault.NAMES_IN_LOWER_CASE)) {
            return text.toLowerCase(Locale.ROOT);
        }
        return has(Fault.NAMES_CUT_TO_32) ? text.substring(0, Math.min(32, text.length())) : text;
    }

    private String idKey(Batch batch) {
        String id = batch.record();
        if (has(Fault.IDS_CUT_TO_32)) {
            id = id.substring(0, Math.min(32 + 3, id.length()));
        } else if (has(Fault.IDS_IN_LOWER_CASE)) {
            id = id.toLowerCase(Locale.ROOT);
        } else if (has(Fault.IDS_ARE_PATTERNS)) {
            id = id.replaceAll("[%_*?]", ".");
        } else if (has(Fault.IDS_ARE_SQL) && id.contains("'")) {
            id = id.substring(0, id.indexOf('\''));
        }
        return has(Fault.IDS_OF_ALL_COUNTERS) ? id : batch.counter().text() + ' ' + id;
    }

    @Override
    public CompletionStage<CounterValue> value(CounterName counter, CounterValue known) {
        return CompletableFuture.supplyAsync(
                () -> {
                    synchronized (shared) {
                        Tally tally = shared.tallies.getOrDefault(key(counter), Tally.NONE);
                        if (has(Fault.READING_COUNTS)) {
                            shared.tallies.put(key(counter), tally.plus(1, known));
                        }
                        CounterValue seen = tally.seen(known);
                        if (has(Fault.VALUE_IS_ONE_BEHIND)) {
                            return new CounterValue(Math.max(0, seen.value() - 1), seen.generation());
                        }
                        return has(Fault.GENERATION_STAYS_WHEN_THE_VALUE_FALLS)
                                ? new CounterValue(seen.value(), 0)
                                : seen;
                    }
                },
                thread);
    }

    @Override
    public CompletionStage<List<HourlyVisits>> history(CounterName counter, long fromHour, long toHour) {
        return CompletableFuture.supplyAsync(
                () -> {
                    synchronized (shared) {
                        String key = has(Fault.COUNTERS_SHARE_A_HISTORY) ? "all" : counter.text();
                        TreeMap<Long, Long> all = shared.hours.getOrDefault(key, new TreeMap<>());
                        List<HourlyVisits> hours = new ArrayList<>();
                        all.subMap(fromHour, !has(Fault.FROM_IS_EXCLUSIVE), toHour, has(Fault.TO_IS_INCLUSIVE))
                                .forEach((hour, visits) ->
                                        hours.add(new HourlyVisits(Instant.ofEpochSecond(hour * 3600), visits)));
                        if (has(Fault.EMPTY_HOURS_ARE_LISTED) && hours.isEmpty()) {
                            hours.add(new HourlyVisits(Instant.ofEpochSecond(fromHour * 3600), 0));
                        }
                        return hours;
                    }
                },
                thread);
    }

    @Override
    public StoreHealth health() {
        return new StoreHealth(!has(Fault.UNHEALTHY), "maps of the test");
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            thread.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (shared) {
            if (has(Fault.LOST_WHEN_CLOSED)) {
                shared.tallies.clear();
            }
            if (has(Fault.WRITES_BEHIND)) {
                shared.tallies.replaceAll((name, tally) ->
                        new Tally(Math.max(0, tally.value() - 1), tally.generation(), Math.max(0, tally.top() - 1)));
            }
            if (has(Fault.IDS_LOST_WHEN_CLOSED)) {
                shared.ids.clear();
            }
            if (has(Fault.HISTORY_LOST_WHEN_CLOSED)) {
                shared.hours.clear();
            }
        }
    }
}
