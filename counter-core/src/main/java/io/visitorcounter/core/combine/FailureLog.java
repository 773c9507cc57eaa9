package io.visitorcounter.core.combine;

import io.visitorcounter.core.CounterName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs that calls of a store begin to fail, and that this is over: a line when a counter first fails, a line when it works
 *  again, and at most one a minute between, with the latest reason: an outage begins as a connection that was cut and goes on
 *  as one that is refused. Counters that fail for the same reason share its lines, so that a full disk is one line however
 *  many counters there are. Thread-safe; costs one volatile read while all is well. */
final class FailureLog {

    /** Why calls fail whose store says nothing. */
    static final String NO_ANSWER = "the store does not answer in time";

    /** Reasons that are told apart; whoever has another one by then shares a last one. */
    static final int MAX_REASONS = 20;

    /** Counters that are remembered for one reason, so that a success of theirs ends it. */
    private static final int MAX_COUNTERS = 1_000;

    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    private static final String OTHERS = "for other reasons too; the callers are told which";

    private static final Logger LOG = LoggerFactory.getLogger(FailureLog.class);

    private final Ticker ticker;
    private final Map<Reason, Trouble> troubles = new HashMap<>(); // guarded by this
    private volatile boolean troubled;
    private volatile boolean closed;

    FailureLog(Ticker ticker) {
        this.ticker = ticker;
    }

    /** What a call was for. */
    enum Kind {
        VISITS("visits fail", "visits still fail", "visits are counted again"),
        CHANGES("can't be changed", "still can't be changed", "can be changed again"),
        READS("can't be read", "still can't be read", "can be read again");

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

    /** What is known of a reason. One that is over is kept for a minute, so that what comes and goes is no flood. */
    private static final class Trouble {
        private final Set<CounterName> counters = new HashSet<>();
        private final long began;
        private boolean over;
        private boolean told;
        private long lastLine;
        private long failed;

        Trouble(long began) {
            this.began = began;
        }
    }

    /** Notes that calls failed, or would.
     *
     *  @param counter whose they were
     *  @param kind what they were for
     *  @param calls how many; 0 for a check
     *  @param why the same text for the same cause; with the next step, and without a secret */
    synchronized void failed(CounterName counter, Kind kind, int calls, String why) {
        if (closed) {
            return;
        }
        long now = ticker.now();
        forgetOld(now);
        Reason reason = new Reason(kind, why);
        if (!troubles.containsKey(reason) && troubles.size() >= MAX_REASONS) {
            reason = new Reason(kind, OTHERS);
        }
        Trouble trouble = troubles.get(reason);
        if (trouble == null) {
            trouble = ongoing(counter, kind);
        }
        if (trouble == null) {
            trouble = new Trouble(now);
            troubles.put(reason, trouble);
            line(trouble, now);
            LOG.warn("counter \"{}\": {}: {}", counter, kind.begins, reason.why());
        } else if (now - trouble.lastLine >= MINUTE) {
            line(trouble, now);
            LOG.warn(
                    "counter \"{}\": {}, {} in {} s: {}",
                    counter,
                    kind.lasts,
                    trouble.failed + calls,
                    seconds(trouble, now),
                    reason.why());
        }
        trouble.over = false;
        trouble.failed += calls;
        if (trouble.counters.size() < MAX_COUNTERS) {
            trouble.counters.add(counter);
        }
        troubled = true;
    }

    private @Nullable Trouble ongoing(CounterName counter, Kind kind) {
        for (Map.Entry<Reason, Trouble> one : troubles.entrySet()) {
            Trouble trouble = one.getValue();
            if (!trouble.over && one.getKey().kind() == kind && trouble.counters.contains(counter)) {
                return trouble;
            }
        }
        return null;
    }

    private static void line(Trouble trouble, long now) {
        trouble.lastLine = now;
        trouble.told = true;
    }

    private static long seconds(Trouble trouble, long now) {
        return TimeUnit.NANOSECONDS.toSeconds(now - trouble.began);
    }

    private void forgetOld(long now) {
        troubles.values().removeIf(trouble -> trouble.over && now - trouble.lastLine >= MINUTE);
    }

    /** Logs nothing any more: calls that fail because the store is closed are no trouble. */
    void close() {
        closed = true;
    }

    /** {@return whether a call that works is worth noting} */
    boolean troubled() {
        return troubled;
    }

    /** Notes that a call worked.
     *
     *  @param counter whose it was
     *  @param kind what it was for */
    synchronized void worked(CounterName counter, Kind kind) {
        long now = ticker.now();
        boolean told = false;
        long failed = 0;
        long seconds = 0;
        for (Map.Entry<Reason, Trouble> one : troubles.entrySet()) {
            Trouble trouble = one.getValue();
            if (!trouble.over && one.getKey().kind() == kind && trouble.counters.contains(counter)) {
                trouble.over = true;
                trouble.counters.clear();
                if (trouble.told) {
                    trouble.told = false;
                    told = true;
                    trouble.lastLine = now;
                    failed += trouble.failed;
                    seconds = Math.max(seconds, seconds(trouble, now));
                }
            }
        }
        if (told) {
            LOG.info("counter \"{}\": {}; {} failed in {} s", counter, kind.over, failed, seconds);
        }
        troubled = troubles.values().stream().anyMatch(trouble -> !trouble.over);
    }
}
