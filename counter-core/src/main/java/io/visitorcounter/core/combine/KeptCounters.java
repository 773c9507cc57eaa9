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
 *  <p>A counter that was only read is here as long as a caller holds it. One that was visited has a lane, and is kept: a
 *  bounded number of them, for callers may choose the names. Where there are more, those go that were not visited for
 *  longest and are idle; one whose visits are under way never goes. */
final class KeptCounters {

    /** A counter that was not visited for so long is not kept any more. */
    private static final long IDLE = TimeUnit.MINUTES.toNanos(10);

    /** How long no further look is taken for idle counters after one that found none. */
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

    /** Where a counter is found. */
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

    /** {@return the counter of this name} */
    CombiningCounter get(CounterName name) {
        Slot found = slots.get(name);
        CombiningCounter counter = found == null ? null : found.get();
        while (counter == null) {
            forgetGone();
            Slot slot = slots.compute(name, (key, old) -> old != null && old.get() != null ? old : newSlot(key));
            counter = slot.get();
        }
        return counter;
    }

    private Slot newSlot(CounterName name) {
        CombiningCounter counter = new CombiningCounter(name, store, context);
        Slot slot = new Slot(counter, gone);
        counter.slot = slot;
        return slot;
    }

    private void forgetGone() {
        for (Object slot = gone.poll(); slot != null; slot = gone.poll()) {
            slots.remove(((Slot) slot).name, slot);
        }
    }

    /** Keeps a counter, and gives it a lane if it has none.
     *
     *  @return the lane; null if there are too many counters with visits under way */
    synchronized @Nullable Lane keep(CombiningCounter counter, Slot slot) {
        Lane lane = counter.lane;
        if (slot.kept != null) {
            return lane;
        }
        // A lane that is awake can't be refused.
        if (kept >= maxKept && !letOldestGo() && lane == null) {
            return null;
        }
        if (lane == null) {
            lane = new Lane(counter.name(), context);
            counter.lane = lane;
        }
        slot.kept = counter;
        kept++;
        return lane;
    }

    /** Lets go of the idle counters that were visited before all others: a quarter of what is kept, so that the next look is
     *  not needed soon.
     *
     *  @return whether there was one */
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

    /** A counter that is kept and whose lane sleeps. */
    private record Idle(Slot slot, CombiningCounter counter, Lane lane, long lastUsed) {}

    private List<Idle> idleSince(long nanos) {
        List<Idle> idle = new ArrayList<>();
        for (Slot slot : slots.values()) {
            CombiningCounter counter = slot.kept;
            Lane lane = counter == null ? null : counter.lane;
            if (counter != null && lane != null && lane.idleSince(nanos)) {
                idle.add(new Idle(slot, counter, lane, lane.lastUsed()));
            }
        }
        return idle;
    }

    private void letGo(Idle one) {
        one.slot.kept = null;
        // A visit that came meanwhile has seen that it is kept, or sees now that it is not.
        if (one.lane.isAsleep()) {
            kept--;
        } else {
            one.slot.kept = one.counter;
        }
    }

    /** Lets go of the counters that were not visited for long. */
    void sweep() {
        long now = context.ticker.now();
        synchronized (this) {
            idleSince(now - IDLE).forEach(this::letGo);
        }
        forgetGone();
    }

    /** {@return what notes the visitors of each counter that has any} */
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
