package io.visitorcounter.core.mutants;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.DailyVisitors;
import io.visitorcounter.core.spi.VisitorSketches;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Keeps the hashes themselves, with the faults that this part of a backend can have. */
final class FaultySketches implements VisitorSketches {

    /** What the stores share. */
    static final class Kept {
        private final Map<String, byte[]> salts = new HashMap<>();
        private final Map<String, TreeMap<LocalDate, Set<Long>>> hashes = new HashMap<>();

        synchronized void clear() {
            salts.clear();
            hashes.clear();
        }
    }

    private final Kept kept;
    private final Fault fault;
    private final Consumer<CounterName> counted;

    /** Keeps them.
     *
     *  @param counted what a note also does, where that is the fault */
    FaultySketches(Kept kept, Fault fault, Consumer<CounterName> counted) {
        this.kept = kept;
        this.fault = fault;
        this.counted = counted;
    }

    @Override
    public CompletionStage<byte[]> salt(CounterName counter, LocalDate day, byte[] proposed) {
        String key = counter + " " + day;
        if (fault == Fault.EACH_PROCESS_HAS_A_SALT_OF_ITS_OWN) {
            return CompletableFuture.completedFuture(proposed);
        }
        if (fault == Fault.A_SALT_IS_LOOKED_UP_IN_A_STEP_OF_ITS_OWN) {
            byte[] found;
            synchronized (kept) {
                found = kept.salts.get(key);
            }
            LockSupport.parkNanos(1_000_000);
            if (found != null) {
                return CompletableFuture.completedFuture(found);
            }
        }
        synchronized (kept) {
            byte[] found = kept.salts.get(key);
            boolean writes = found == null
                    || fault == Fault.THE_LAST_SALT_IS_KEPT
                    || fault == Fault.A_SALT_IS_LOOKED_UP_IN_A_STEP_OF_ITS_OWN;
            if (writes) {
                kept.salts.put(key, proposed);
            }
            return CompletableFuture.completedFuture(writes ? proposed : found);
        }
    }

    @Override
    public CompletionStage<?> note(CounterName counter, LocalDate day, long hash) {
        synchronized (kept) {
            Set<Long> hashes = kept.hashes
                    .computeIfAbsent(key(counter), first -> new TreeMap<>())
                    .computeIfAbsent(
                            switch (fault) {
                                case A_NOTE_IS_FOR_TOMORROW -> day.plusDays(1);
                                case DAYS_SHARE_VISITORS -> LocalDate.now(ZoneOffset.UTC);
                                default -> day;
                            },
                            first -> new HashSet<>());
            hashes.add(
                    switch (fault) {
                        case A_SKETCH_IS_FULL_TOO_SOON -> hash & 0xfff;
                        case A_VISITOR_IS_TOLD_AT_EACH_NOTE -> (long) hashes.size();
                        default -> hash;
                    });
            if (fault == Fault.A_NOTE_COUNTS_A_VISIT) {
                counted.accept(counter);
            }
        }
        return CompletableFuture.completedFuture(null);
    }

    private String key(CounterName counter) {
        return fault == Fault.COUNTERS_SHARE_VISITORS ? "all" : counter.text();
    }

    @Override
    public CompletionStage<List<DailyVisitors>> days(CounterName counter, LocalDate from, LocalDate to) {
        synchronized (kept) {
            List<DailyVisitors> days = new ArrayList<>();
            kept.hashes
                    .getOrDefault(key(counter), new TreeMap<>())
                    .subMap(from, true, to, fault == Fault.THE_LAST_DAY_IS_INCLUSIVE)
                    .forEach((day, hashes) -> days.add(new DailyVisitors(day, hashes.size())));
            if (fault == Fault.DAYS_WITHOUT_VISITORS_ARE_LISTED && days.isEmpty() && from.isBefore(to)) {
                days.add(new DailyVisitors(from, 0));
            }
            return CompletableFuture.completedFuture(days);
        }
    }
}
