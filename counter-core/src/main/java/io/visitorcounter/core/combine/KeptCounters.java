package io.visitorcounter.core.combine;

import io.visitorcounter.core.CounterName;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The counters of a store, by name. Thread-safe.
 *
 *  <p>A counter that was only read stays here while a caller holds it. One that was visited has a lane and is kept.
 *  Since callers may choose the names, the number of kept counters is limited: beyond it, the least recently visited
 *  idle counters are dropped. A counter with visits in progress is never dropped. */
final class KeptCounters {

    /** A counter that was not visited for this long is dropped. */
    private static final long IDLE = TimeUnit.MINUTES.toNanos(10);

    /** How long to wait after a search for idle counters that found none. */
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(100);

    private final CombiningStore store;
    private final StoreContext context;
    private final int maxKept;
    final ConcurrentHashMap<CounterName, Slot> slots = new ConcurrentHashMap<>();
    private final ReferenceQueue<CombiningCounter> gone = new ReferenceQueue<>();

    // Guarded by the object's lock:
    private int kept;
    private long noneIdleUntil;

    KeptCounters(CombiningStore store, StoreContext context, int maxKept) {
        this.store = store;
        this.context = context;
        this.maxKept = maxKept;
        this.noneIdleUntil = context.ticker.now();
    }

    /** A counter's place in the map. */
    static final class Slot extends WeakReference<CombiningCounter> {

        private final CounterName name;

        /** The counter while it is kept; written under the lock. */
        private volatile @Nullable CombiningCounter kept;

        Slot(CombiningCounter counter, ReferenceQueue<CombiningCounter> gone) {
            super(counter, gone);
            this.name = counter.name();
        }

        boolean isKept() {
            return kept != null;
        }
    }

    CombiningCounter get(CounterName name) {
        Slot found = slots.get(name);
        CombiningCounter counter = found == null ? null : found.get();
        while (counter == null) {
            forgetGone();
            CombiningCounter fresh = new CombiningCounter(name, store, context, gone);
            counter = slots.compute(name, (key, old) -> old != null && old.get() != null ? old : fresh.slot)
                    .get();
        }
        return counter;
    }

    private void forgetGone() {
        for (Object slot = gone.poll(); slot != null; slot = gone.poll()) {
            slots.remove(((Slot) slot).name, slot);
        }
    }

    /** Keeps a counter, and gives it a lane if it has none.
     *
     *  @return the lane; null if too many counters have visits in progress */
    synchronized @Nullable Lane keep(CombiningCounter counter) {
        Lane lane = counter.lane;
        if (counter.slot.isKept()) {
            return lane;
        }
        // A lane that is awake must be kept.
        if (kept >= maxKept && !letOldestGo() && lane == null) {
            return null;
        }
        if (lane == null) {
            lane = new Lane(counter.name(), context);
            counter.lane = lane;
        }
        counter.slot.kept = counter;
        kept++;
        return lane;
    }

    /** Drops the least recently visited idle counters: a quarter of the limit, so that the next search is not needed
     *  soon.
     *
     *  @return whether one was dropped */
    private boolean letOldestGo() {
        long now = context.ticker.now();
        if (now - noneIdleUntil < 0) {
            return false;
        }
        List<Idle> idle = idleSince(now);
        idle.sort(Comparator.comparingLong(one -> one.lastUsed() - now));
        int before = kept;
        idle.stream().limit(Math.max(1, maxKept / 4)).forEach(this::letGo);
        if (kept == before) {
            noneIdleUntil = now + PAUSE;
        }
        return kept < before;
    }

    /** A kept counter whose lane is asleep. */
    private record Idle(CombiningCounter counter, Lane lane, long lastUsed) {}

    private List<Idle> idleSince(long nanos) {
        List<Idle> idle = new ArrayList<>();
        for (Slot slot : slots.values()) {
            CombiningCounter counter = slot.kept;
            Lane lane = counter == null ? null : counter.lane;
            if (counter != null && lane != null && lane.idleSince(nanos)) {
                idle.add(new Idle(counter, lane, lane.lastUsed()));
            }
        }
        return idle;
    }

    private void letGo(Idle one) {
        one.counter.slot.kept = null;
        // A concurrent visit either woke the lane, which is seen here, or will see that the counter is no longer kept.
        if (one.lane.isAsleep()) {
            kept--;
        } else {
            one.counter.slot.kept = one.counter;
        }
    }

    /** Drops the counters that were not visited for long. */
    void sweep() {
        long now = context.ticker.now();
        synchronized (this) {
            idleSince(now - IDLE).forEach(this::letGo);
        }
        forgetGone();
    }

    /** {@return the noted visitors of each counter that has any} */
    List<NotedVisitors> noted() {
        return used(counter -> counter.visitors);
    }

    /** {@return the lanes of all counters that are used} */
    List<Lane> lanes() {
        return used(counter -> counter.lane);
    }

    private <T> List<T> used(Function<CombiningCounter, @Nullable T> part) {
        return slots.values().stream()
                .map(Slot::get)
                .filter(Objects::nonNull)
                .map(part)
                .filter(Objects::nonNull)
                .toList();
    }
}
