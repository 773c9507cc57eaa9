package io.visitorcounter.core.mutants;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.spi.Batch;
import io.visitorcounter.core.spi.Change;
import io.visitorcounter.core.spi.Outcome;
import io.visitorcounter.core.spi.Tally;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The steps of a faulty backend, each atomic where that is not its fault, over maps that several stores share. */
final class FaultySteps {

    private static final int A_ZONES_SECONDS = 5 * 3600 + 1800;

    /** What the stores share, as they would a file or a server. */
    static final class Shared {
        final Map<String, Tally> tallies = new HashMap<>();
        final Map<String, TreeMap<Long, Long>> hours = new HashMap<>();
        final Map<String, Counted> records = new HashMap<>();
        final Set<String> read = new HashSet<>();
        final FaultySketches.Kept sketches = new FaultySketches.Kept();
        boolean closed;

        /** Sets a value, as a foreign hand would. */
        synchronized void overwrite(CounterName counter, long value) {
            Tally old = tallies.getOrDefault(counter.text(), Tally.NONE);
            tallies.put(counter.text(), new Tally(value, old.generation(), old.top()));
        }
    }

    /** What a sender's record holds. */
    record Counted(long cumulative, long total, long generation) {
        Outcome.Written again() {
            return new Outcome.Written(total, generation, true, null);
        }
    }

    final Map<String, CounterValue> values = new HashMap<>();
    final Set<String> written = new HashSet<>();
    private final Map<String, Tally> cached = new HashMap<>();
    private final Shared shared;
    private final Fault fault;
    private final FaultyKeys keys;

    FaultySteps(Shared shared, Fault fault) {
        this.shared = shared;
        this.fault = fault;
        this.keys = new FaultyKeys(fault);
    }

    private boolean has(Fault one) {
        return fault == one;
    }

    Outcome count(Batch batch) {
        if (has(Fault.LOSES_UPDATES_OF_TWO_STORES)) {
            return countOnOwnCopy(batch);
        }
        if (has(Fault.AN_ID_IS_LOOKED_UP_IN_A_STEP_OF_ITS_OWN)) {
            Counted known = record(batch);
            LockSupport.parkNanos(1_000_000);
            return counted(batch, known);
        }
        synchronized (shared) {
            return counted(batch, record(batch));
        }
    }

    private @Nullable Counted record(Batch batch) {
        synchronized (shared) {
            boolean forgets = batch.hasId() ? has(Fault.IDS_ARE_FORGOTTEN) : has(Fault.A_RESEND_COUNTS_AGAIN);
            return forgets ? null : shared.records.get(keys.record(batch));
        }
    }

    private Outcome counted(Batch batch, @Nullable Counted record) {
        synchronized (shared) {
            if (record != null && record.cumulative == batch.cumulative()) {
                return repeated(batch, record);
            }
            if (record != null
                    && record.cumulative > batch.cumulative()
                    && !has(Fault.AN_OLD_BATCH_IS_CALLED_REFUSED)) {
                return new Outcome.MaybeWritten("a later batch was found", null, false);
            }
            if (record != null && record.cumulative > batch.cumulative()) {
                return new Outcome.NotWritten("a later batch was found", null, false);
            }
            boolean forgotten = record == null && batch.previous() > 0;
            if (forgotten && !has(Fault.A_LOST_RECORD_BEGINS_ANEW) && !has(Fault.A_RESEND_COUNTS_AGAIN)) {
                return new Outcome.Forgotten();
            }
            return add(batch, record == null ? batch.previous() : record.cumulative);
        }
    }

    private Outcome countOnOwnCopy(Batch batch) {
        String key = keys.value(batch.counter());
        synchronized (shared) {
            Tally before = cached.getOrDefault(key, shared.tallies.getOrDefault(key, Tally.NONE));
            Tally after = before.plus(batch.visits(), batch.known());
            cached.put(key, after);
            shared.tallies.put(key, after);
            return new Outcome.Written(after.value(), after.generation(), false, null);
        }
    }

    private Outcome repeated(Batch batch, Counted known) {
        Tally now = shared.tallies.getOrDefault(keys.value(batch.counter()), Tally.NONE);
        if (has(Fault.A_DUPLICATE_IS_COUNTED)) {
            shared.tallies.put(keys.value(batch.counter()), now.plus(1, batch.known()));
        }
        if (has(Fault.A_DUPLICATE_IS_IN_THE_HISTORY)) {
            addToHour(batch, batch.visits());
        }
        long number = has(Fault.A_DUPLICATE_GETS_THE_CURRENT_NUMBER) ? now.value() : known.total;
        long generation = has(Fault.A_DUPLICATE_GETS_THE_CURRENT_GENERATION) ? now.generation() : known.generation;
        return new Outcome.Written(number, generation, !has(Fault.A_DUPLICATE_IS_CALLED_FRESH), null);
    }

    private Outcome add(Batch batch, long from) {
        String key = keys.value(batch.counter());
        Tally before = shared.tallies.getOrDefault(key, Tally.NONE);
        int visits = Math.toIntExact(batch.cumulative() - from);
        CounterValue known = has(Fault.WHAT_THE_SENDER_SAW_IS_NOT_LOOKED_AT) ? new CounterValue(0, 0) : batch.known();
        String objection = before.objection(visits);
        if (objection != null) {
            return new Outcome.NotWritten(objection, null, has(Fault.WHAT_DOES_NOT_FIT_IS_TRIED_AGAIN));
        }
        Outcome.Regression regression = before.regression(known);
        int step = has(Fault.A_STEP_COUNTS_ONE) ? 1 : has(Fault.A_LARGE_STEP_IS_CUT) ? Math.min(4096, visits) : visits;
        Tally after = before.plus(step, known);
        if (regression == null && from < batch.previous() && !has(Fault.A_RECORD_THAT_LOST_VISITS_IS_NO_LOSS)) {
            regression = new Outcome.Regression(before.top(), before.value());
            after = before.changedTo(after.value(), known);
        }
        if (has(Fault.SKIPS_A_NUMBER_AT_5000) && before.value() < 5000 && after.value() >= 5000) {
            after = after.plus(1, known);
        }
        if (has(Fault.GIVES_A_NUMBER_TWICE_AT_5000) && before.value() < 5000 && after.value() >= 5000) {
            after = new Tally(after.value() - 1, after.generation(), after.value() - 1);
        }
        if (has(Fault.GENERATION_STAYS_WHEN_THE_VALUE_FALLS) && regression != null) {
            regression = null;
            after = new Tally(after.value(), before.generation(), after.top());
        }
        if (has(Fault.VALUES_ARE_INTS)) {
            after = new Tally((int) after.value(), after.generation(), (int) after.top());
        }
        shared.tallies.put(key, after);
        written.add(key);
        values.put(key, new CounterValue(after.value(), after.generation()));
        if (!batch.hasId() || !has(Fault.A_VISIT_WITH_AN_ID_IS_NOT_IN_THE_HISTORY)) {
            addToHour(batch, visits);
        }
        long number = has(Fault.STARTS_AT_ZERO) && batch.visits() < after.value() ? after.value() - 1 : after.value();
        long generation = after.generation() + (has(Fault.GENERATION_STARTS_AT_ONE) ? 1 : 0);
        shared.records.put(keys.record(batch), new Counted(batch.cumulative(), number, generation));
        boolean duplicate = batch.hasId() && has(Fault.A_FRESH_ID_IS_CALLED_DUPLICATE);
        return new Outcome.Written(
                number, generation, duplicate, has(Fault.A_REGRESSION_IS_NOT_TOLD) ? null : regression);
    }

    Outcome change(Change change) {
        if (has(Fault.A_CHANGE_IS_TWO_STEPS)) {
            Tally before;
            synchronized (shared) {
                before = shared.tallies.getOrDefault(keys.value(change.counter()), Tally.NONE);
            }
            LockSupport.parkNanos(1_000_000);
            return changed(change, before);
        }
        synchronized (shared) {
            return changed(change, shared.tallies.getOrDefault(keys.value(change.counter()), Tally.NONE));
        }
    }

    private Outcome changed(Change change, Tally before) {
        synchronized (shared) {
            String key = keys.value(change.counter());
            String id =
                    (has(Fault.CHANGES_OF_ALL_COUNTERS) ? "" : change.counter().text() + ' ')
                            + (has(Fault.A_CHANGE_ID_IS_A_VISIT_ID)
                                    ? change.record().replaceFirst("set:", "id:")
                                    : change.record());
            Counted known = shared.records.get(id);
            if (known != null && has(Fault.A_REPEATED_RESTORE_ADDS_ITS_HOURS)) {
                addAll(change);
            }
            if (known != null && !has(Fault.A_REPEATED_CHANGE_IS_MADE_AGAIN)) {
                return known.again();
            }
            List<HourlyVisits> history = change.history();
            boolean deletes = change.value() == 0 && history != null && history.isEmpty();
            Tally after = tallyAfter(change, before, deletes);
            shared.tallies.put(key, after);
            TreeMap<Long, Long> hours =
                    shared.hours.computeIfAbsent(change.counter().text(), name -> new TreeMap<>());
            if (has(Fault.A_SET_VALUE_CLEARS_THE_HISTORY)
                    || (change.value() == 0 && has(Fault.A_RESET_CLEARS_THE_HISTORY))
                    || (history != null
                            && !has(Fault.A_RESTORED_HISTORY_IS_ADDED)
                            && !(deletes && has(Fault.A_DELETED_COUNTER_KEEPS_ITS_HISTORY)))) {
                hours.clear();
            }
            addAll(change);
            if (deletes) {
                deleteTooMuch(change.counter().text());
            }
            if (has(Fault.A_CHANGE_FORGETS_THE_RECORDS_OF_SENDERS)) {
                shared.records
                        .keySet()
                        .removeIf(one -> one.startsWith(change.counter().text() + " lane:"));
            }
            shared.records.put(id, new Counted(1, after.value(), after.generation()));
            return new Outcome.Written(after.value(), after.generation(), false, null);
        }
    }

    private Tally tallyAfter(Change change, Tally before, boolean deletes) {
        CounterValue known = has(Fault.WHAT_THE_SENDER_SAW_IS_NOT_LOOKED_AT) ? new CounterValue(0, 0) : change.known();
        Tally after = before.changedTo(change.value() + (has(Fault.A_SET_VALUE_IS_ONE_MORE) ? 1 : 0), known);
        if (has(Fault.A_RESTORED_VALUE_NEVER_FALLS) && change.history() != null && !deletes) {
            after = new Tally(Math.max(before.value(), after.value()), after.generation(), after.top());
        }
        if (has(Fault.A_SET_VALUE_KEEPS_ITS_GENERATION)) {
            after = new Tally(after.value(), before.generation(), after.top());
        }
        return has(Fault.A_DELETED_COUNTER_FORGETS_ITS_GENERATION) && deletes ? Tally.NONE : after;
    }

    private void deleteTooMuch(String name) {
        if (has(Fault.IDS_END_WITH_THE_COUNTER)) {
            shared.records.keySet().removeIf(one -> one.startsWith(name + " id:"));
        } else if (has(Fault.DELETING_TAKES_ALL_THAT_BEGIN_SO)) {
            shared.tallies.keySet().removeIf(one -> one.startsWith(name) && !one.equals(name));
            shared.hours.keySet().removeIf(one -> one.startsWith(name));
        } else if (has(Fault.DELETING_TAKES_THE_NAME_FOR_A_PATTERN)) {
            shared.tallies.keySet().removeIf(one -> one.matches(name.replace('_', '.')) && !one.equals(name));
            shared.hours.keySet().removeIf(one -> one.matches(name.replace('_', '.')));
        }
    }

    private void addAll(Change change) {
        List<HourlyVisits> history = change.history();
        TreeMap<Long, Long> hours =
                shared.hours.computeIfAbsent(change.counter().text(), name -> new TreeMap<>());
        long now = Instant.now().getEpochSecond() / 3600;
        long days = has(Fault.A_WEEK_OF_HISTORY) ? 7 : has(Fault.A_YEAR_OF_HISTORY) ? 365 : 400;
        for (HourlyVisits hour : history == null ? List.<HourlyVisits>of() : history) {
            long at = hour.hour().getEpochSecond() / 3600;
            if (at > now - days * 24) {
                hours.merge(at, has(Fault.HOURS_ARE_INTS) ? (int) hour.visits() : hour.visits(), Long::sum);
            }
        }
    }

    private void addToHour(Batch batch, int counted) {
        if (has(Fault.NO_HISTORY)) {
            return;
        }
        int zone = has(Fault.HOURS_OF_A_ZONE) ? A_ZONES_SECONDS : 0;
        long hour = Math.floorDiv(Instant.now().getEpochSecond() + zone, 3600L)
                + (has(Fault.AN_HOUR_LATE) ? 1 : 0)
                - (has(Fault.AN_HOUR_EARLY) ? 1 : 0);
        long visits = has(Fault.A_STEP_IS_ONE_VISIT_OF_THE_HOUR) ? 1 : counted;
        String key =
                has(Fault.COUNTERS_SHARE_A_HISTORY) ? "all" : batch.counter().text();
        shared.hours.computeIfAbsent(key, name -> new TreeMap<>()).merge(hour, visits, Long::sum);
    }

    void countOne(CounterName counter) {
        synchronized (shared) {
            shared.tallies.merge(
                    keys.value(counter), new Tally(1, 0, 1), (old, one) -> old.plus(1, new CounterValue(0, 0)));
        }
    }

    /** What is lost when a store is closed, or what that does to others. */
    void close() {
        synchronized (shared) {
            switch (fault) {
                case LOST_WHEN_CLOSED -> shared.tallies.clear();
                case WRITES_BEHIND ->
                    shared.tallies.replaceAll((name, tally) -> new Tally(
                            Math.max(0, tally.value() - 1), tally.generation(), Math.max(0, tally.top() - 1)));
                case GENERATIONS_LOST_WHEN_CLOSED ->
                    shared.tallies.replaceAll((name, tally) -> new Tally(tally.value(), 0, tally.top()));
                case TOPS_LOST_WHEN_CLOSED ->
                    shared.tallies.replaceAll((name, tally) -> new Tally(tally.value(), tally.generation(), 0));
                case IDS_LOST_WHEN_CLOSED -> shared.records.keySet().removeIf(record -> record.contains(" id:"));
                case CHANGES_LOST_WHEN_CLOSED -> shared.records.keySet().removeIf(record -> record.contains(" set:"));
                case RECORDS_OF_SENDERS_LOST_WHEN_CLOSED ->
                    shared.records.keySet().removeIf(record -> record.contains(" lane:"));
                case VISITORS_LOST_WHEN_CLOSED -> shared.sketches.clear();
                case HISTORY_LOST_WHEN_CLOSED -> shared.hours.clear();
                case CLOSING_ONE_CLOSES_ALL -> shared.closed = true;
                default -> {}
            }
        }
    }
}
