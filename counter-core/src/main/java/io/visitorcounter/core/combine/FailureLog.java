package io.visitorcounter.core.combine;

import io.visitorcounter.core.CounterName;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs when calls of a store begin to fail and when they work again: one line when a counter first fails, one when it
 *  works again, and in between at most one a minute, with the latest reason. Counters that fail for the same reason
 *  share these lines.
 *
 *  <p>A failure of the whole store (its connection, disk or memory) is one outage with one pair of lines, however many
 *  counters, reasons and stores of this process it affects: an outage may begin as a cut connection and continue as a
 *  refused one. It is over once every store that met it has worked again. {@link SharedLogs} gives all stores of one
 *  place the same log.
 *
 *  <p>Thread-safe; costs one volatile read while nothing fails. */
final class FailureLog {

    /** The reason for calls that get no answer from the store. */
    static final String NO_ANSWER = "the store does not answer in time";

    /** How many reasons are logged separately; all further ones share one. */
    static final int MAX_REASONS = 20;

    /** How many counters are remembered for one reason, so that their next success ends it. */
    private static final int MAX_COUNTERS = 1_000;

    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private static final String OTHERS = "for other reasons too; the callers are told which";

    private static final Logger LOG = LoggerFactory.getLogger(FailureLog.class);

    private final LongSupplier clock;
    private final Map<Reason, Trouble> troubles = new HashMap<>(); // guarded by this
    private @Nullable Outage outage; // guarded by this
    private final Map<CounterName, Long> generations = new LinkedHashMap<>() { // guarded by this
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<CounterName, Long> oldest) {
                    return size() > MAX_COUNTERS;
                }
            };
    private volatile boolean troubled;

    /** Begins with no trouble.
     *
     *  @param clock in ns, as {@link System#nanoTime()} */
    FailureLog(LongSupplier clock) {
        this.clock = clock;
    }

    /** What a call was for. */
    enum Kind {
        VISITS("visits fail", "visits still fail", "visits are counted again"),
        CHANGES("can't be changed", "still can't be changed", "can be changed again"),
        READS("can't be read", "still can't be read", "can be read again"),
        VISITORS("visitors can't be noted", "visitors still can't be noted", "visitors are noted again");

        private final String begins;
        private final String lasts;
        private final String over;

        Kind(String begins, String lasts, String over) {
            this.begins = begins;
            this.lasts = lasts;
            this.over = over;
        }
    }

    private record Reason(Kind kind, String why) {}

    /** A continuing failure. It is kept for a minute after it is over, so that one that comes and goes does not flood
     *  the log. */
    private static class Trouble {
        final Set<CounterName> counters = new HashSet<>();
        final long began;
        boolean begun;
        boolean over;
        boolean told;
        long lastLine;
        long failed;

        Trouble(long began) {
            this.began = began;
        }

        /** Logs a line if one is due.
         *
         *  @param who the counter, or an empty string */
        void tell(String who, Kind kind, int calls, String why, long now) {
            if (!begun) {
                LOG.warn("{}{}: {}", who, kind.begins, why);
            } else if (now - lastLine >= MINUTE) {
                LOG.warn("{}{}, {} in {} s: {}", who, kind.lasts, failed + calls, seconds(now), why);
            }
            if (!begun || now - lastLine >= MINUTE) {
                lastLine = now;
                told = true;
            }
            begun = true;
            over = false;
            failed += calls;
        }

        long seconds(long now) {
            return TimeUnit.NANOSECONDS.toSeconds(now - began);
        }
    }

    /** A failure of the place where the stores count. */
    private static final class Outage extends Trouble {
        private final Map<Object, Set<Kind>> failing = new HashMap<>();
        private final Set<String> reasons = new HashSet<>();

        Outage(long began) {
            super(began);
        }

        /** {@return whether a failure with this reason is a new outage; one that comes and goes for the same reason
         *  does not flood the log} */
        boolean isAnother(String why, long now) {
            return over && (!reasons.contains(why) || now - lastLine >= MINUTE);
        }

        void add(Object store, Kind kind, String why) {
            failing.computeIfAbsent(store, unknown -> EnumSet.noneOf(Kind.class))
                    .add(kind);
            if (reasons.size() < MAX_REASONS) {
                reasons.add(why);
            }
        }

        /** {@return whether it is over, now that a call of this kind worked; a successful read does not prove that
         *  writes work} */
        boolean endsBy(Object store, Kind worked) {
            Set<Kind> kinds = failing.get(store);
            if (kinds != null && worked == Kind.READS) {
                kinds.remove(worked);
            }
            if (kinds != null && (worked != Kind.READS || kinds.isEmpty())) {
                failing.remove(store);
            }
            return failing.isEmpty();
        }

        boolean endsWithout(Object store) {
            failing.remove(store);
            return failing.isEmpty();
        }
    }

    /** Notes that calls failed, or would fail, for a reason that concerns their counter.
     *
     *  @param counter the calls' counter
     *  @param kind what the calls were for
     *  @param calls how many; 0 for a check
     *  @param why always the same text for the same cause; with the next step and without secrets */
    synchronized void failed(CounterName counter, Kind kind, int calls, String why) {
        long now = clock.getAsLong();
        forgetOld(now);
        Outage whole = outage;
        if (whole != null && !whole.over && whole.reasons.contains(why)) {
            // The store is about to work again, or not yet known to be down.
            whole.tell(name(counter), kind, calls, why, now);
            return;
        }
        Reason reason = new Reason(kind, why);
        if (!troubles.containsKey(reason) && troubles.size() >= MAX_REASONS) {
            reason = new Reason(kind, OTHERS);
        }
        Trouble trouble = troubles.get(reason);
        if (trouble == null) {
            trouble = ongoing(counter, kind).findFirst().orElse(null);
        }
        if (trouble == null) {
            trouble = new Trouble(now);
            troubles.put(reason, trouble);
        }
        trouble.tell(name(counter), kind, calls, reason.why(), now);
        if (trouble.counters.size() < MAX_COUNTERS) {
            trouble.counters.add(counter);
        }
        troubled = true;
    }

    /** As {@link #failed}, for a failure of the whole store.
     *
     *  @param store one of the stores that share this log
     *  @param counter the calls' counter; null if the store noticed the failure without a call */
    synchronized void storeFailed(Object store, @Nullable CounterName counter, Kind kind, int calls, String why) {
        long now = clock.getAsLong();
        Outage whole = outage;
        Trouble told = counter == null ? null : troubles.get(new Reason(kind, why));
        if (counter != null && told != null && !told.over && (whole == null || whole.over)) {
            told.tell(name(counter), kind, calls, why, now);
            told.counters.add(counter);
            return;
        }
        if (whole == null || whole.isAnother(why, now)) {
            whole = new Outage(now);
            outage = whole;
        }
        whole.tell(name(counter), kind, calls, why, now);
        whole.add(store, kind, why);
        troubled = true;
    }

    /** Forgets a closed store. An outage that only this store was still in is over. */
    synchronized void closed(Object store) {
        Outage whole = outage;
        if (whole != null && !whole.over && whole.endsWithout(store)) {
            whole.over = true;
            noteWhetherTroubled();
        }
    }

    private Stream<Trouble> ongoing(@Nullable CounterName counter, Kind kind) {
        return troubles.entrySet().stream()
                .filter(one -> one.getKey().kind() == kind)
                .map(Map.Entry::getValue)
                .filter(trouble -> !trouble.over && trouble.counters.contains(counter));
    }

    private static String name(@Nullable CounterName counter) {
        return counter == null ? "" : "counter \"" + counter + "\": ";
    }

    private void forgetOld(long now) {
        troubles.values().removeIf(trouble -> trouble.over && now - trouble.lastLine >= MINUTE);
    }

    /** {@return whether no store of this process has logged yet that this generation of the counter begins} */
    synchronized boolean isNews(CounterName counter, long generation) {
        Long told = generations.put(counter, generation);
        return told == null || told != generation;
    }

    /** {@return whether something fails now, so that a successful call must be noted} */
    boolean troubled() {
        return troubled;
    }

    /** Notes that a call worked, or would work.
     *
     *  @param counter the call's counter; null if the store noticed without a call that it works again */
    synchronized void worked(Object store, @Nullable CounterName counter, Kind kind) {
        long now = clock.getAsLong();
        List<Trouble> ended = new ArrayList<>(ongoing(counter, kind).toList());
        ended.forEach(trouble -> trouble.counters.clear());
        Outage whole = outage;
        if (whole != null && !whole.over && whole.endsBy(store, kind)) {
            ended.add(whole);
        }
        long failed = 0;
        long seconds = 0;
        boolean told = false;
        for (Trouble trouble : ended) {
            trouble.over = true;
            if (trouble.told) {
                trouble.told = false;
                trouble.lastLine = now;
                told = true;
                failed += trouble.failed;
                seconds = Math.max(seconds, trouble.seconds(now));
            }
        }
        if (told) {
            LOG.info("{}{}; {} failed in {} s", name(counter), kind.over, failed, seconds);
        }
        noteWhetherTroubled();
    }

    private void noteWhetherTroubled() {
        Outage whole = outage;
        troubled = (whole != null && !whole.over) || troubles.values().stream().anyMatch(trouble -> !trouble.over);
    }
}
