package io.visitorcounter.core.combine;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.MaybeCountedException;
import io.visitorcounter.core.NotCountedException;
import io.visitorcounter.core.Visit;
import io.visitorcounter.core.VisitRange;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One counter's queue. While one batch is under way, arrivals wait; its answer ends its calls in order, and what waits is
 *  the next batch. Thread-safe: arrivals are lock-free; the lock is held for decisions alone, never while anything is
 *  written, a stage is ended or a listener is told.
 *
 *  <p>A batch whose answer does not come is sent again with the same cumulative count until the store says what became of
 *  it, also after its callers have been told that they are maybe counted: the next batch builds on it. */
final class Lane {

    /** How long a batch is sent again. The store keeps a lane's record for far longer (facts: a record that is gone must
     *  not read as nothing counted, or the whole batch would be added again). */
    static final Duration RESEND_WINDOW = Duration.ofMinutes(20);

    /** Deadlines that are this close together are seen to at once. */
    private static final long COARSE = TimeUnit.MILLISECONDS.toNanos(2);

    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

    private final CounterName counter;
    private final Parts parts;
    private final Arrivals arrivals;

    // The lock is this object's own, so that no caller can hold it: the lane is not reachable from outside the room.
    // Guarded by it:
    private final Chain queue = new Chain();
    private @Nullable Flight flight;
    private boolean paused;
    private boolean checking;
    private int failedInRow;
    private String record;
    private long cumulative;
    private CounterValue known = new CounterValue(0, 0);
    private boolean knows;
    private @Nullable String lastWhy;
    private @Nullable Throwable lastCause;
    private long lastUsed;
    private @Nullable CompletableFuture<@Nullable Void> asleep;

    Lane(CounterName counter, Parts parts) {
        this.counter = counter;
        this.parts = parts;
        this.arrivals = new Arrivals(parts.options.queue());
        this.lastUsed = parts.ticker.now();
        this.record = parts.freshRecord();
    }

    CompletionStage<Visit> visit() {
        return arrive(new Waiting.One(parts.ticker.now() + parts.deadline));
    }

    CompletionStage<VisitRange> visit(int count) {
        return arrive(new Waiting.Several(count, parts.ticker.now() + parts.deadline));
    }

    private <T, W extends Waiting<T>> W arrive(W call) {
        switch (arrivals.add(call)) {
            case WAITS -> {}
            case WOKE -> wake();
            case FULL -> refuse(call);
        }
        return call;
    }

    private void refuse(Waiting<?> call) {
        NotCountedException full =
                notCounted(arrivals.visits() + " visits already wait; retry when the store has caught up", null);
        Effects effects = new Effects(parts, counter);
        Chain refused = new Chain();
        refused.add(call);
        effects.failed(refused, full);
        effects.run();
    }

    private void wake() {
        act(this::next);
    }

    /** Decides under the lock, then sends what is to be sent, then does the rest. */
    private void act(Decision decision) {
        Effects effects = new Effects(parts, counter);
        Flight toSend;
        synchronized (this) {
            toSend = decision.decide(effects);
        }
        send(toSend);
        effects.run();
    }

    /** A change of the lane's state, made under its lock. */
    private interface Decision {

        /** {@return the flight to send now, or null} */
        @Nullable Flight decide(Effects effects);
    }

    // Answers that come before write() returns are handled in this loop: a store that answers at once must not recurse.
    private void send(@Nullable Flight toSend) {
        Flight sending = toSend;
        while (sending != null) {
            Attempt attempt = new Attempt(sending, sending.attempts);
            try {
                parts.backend.write(sending.batch, attempt);
            } catch (RuntimeException e) {
                LOG.error("counter \"{}\": the store's writer threw", counter, e);
                attempt.accept(new Outcome.MaybeWritten("the store's writer failed", e, true));
            }
            Outcome inside = attempt.leave();
            if (inside == null) {
                return;
            }
            Effects effects = new Effects(parts, counter);
            synchronized (this) {
                sending = answered(attempt, inside, effects);
            }
            effects.run();
        }
    }

    /** One time that a flight is sent. */
    private final class Attempt implements Consumer<Outcome> {

        final Flight of;
        final int number;
        private @Nullable Thread inside = Thread.currentThread();
        private @Nullable Outcome early;

        Attempt(Flight of, int number) {
            this.of = of;
            this.number = number;
        }

        @Override
        public void accept(Outcome outcome) {
            // Another thread sees the writing thread or null here, and neither is itself.
            if (inside == Thread.currentThread()) {
                early = outcome;
            } else {
                act(effects -> answered(this, outcome, effects));
            }
        }

        @Nullable Outcome leave() {
            inside = null;
            return early;
        }
    }

    private @Nullable Flight answered(Attempt attempt, Outcome outcome, Effects effects) {
        Flight of = attempt.of;
        boolean current = of == flight && attempt.number == of.attempts;
        if (of != flight || !(current || outcome instanceof Outcome.Written)) {
            return null;
        }
        if (outcome instanceof Outcome.Written written) {
            return written(of, written, effects);
        }
        if (outcome instanceof Outcome.NotWritten not) {
            noteFailure(of, not.why(), not.cause());
            return of.maybe ? unsettled(of, not.again(), effects) : notWritten(of, not, effects);
        }
        if (outcome instanceof Outcome.MaybeWritten maybe) {
            noteFailure(of, maybe.why(), maybe.cause());
            of.maybe = true;
            return unsettled(of, maybe.again(), effects);
        }
        return forgotten(of, effects);
    }

    private void noteFailure(Flight of, String why, @Nullable Throwable cause) {
        failedInRow++;
        of.why = why;
        of.cause = cause;
        lastWhy = why;
        lastCause = cause;
    }

    private @Nullable Flight written(Flight of, Outcome.Written written, Effects effects) {
        int visits = of.batch.visits();
        long first = written.total() - visits + 1 + of.expired;
        Duration took = Duration.ofNanos(parts.ticker.now() - of.firstSentNanos);
        effects.counted(of.calls, first, written.generation());
        effects.then(() -> parts.tell(listener -> listener.onBatch(counter, visits, took)));
        noteGeneration(written, visits, effects);
        cumulative = of.batch.cumulative();
        known = new CounterValue(written.total(), written.generation());
        knows = true;
        failedInRow = 0;
        lastWhy = null;
        lastCause = null;
        flight = null;
        return next(effects);
    }

    // The attempt that found the loss may have had its answer cut, and another process may have found it first: whoever
    // learns of a new generation tells of it.
    private void noteGeneration(Outcome.Written written, int visits, Effects effects) {
        Outcome.Regression regression = written.regression();
        if (regression == null && (!knows || written.generation() <= known.generation())) {
            return;
        }
        Outcome.Regression seen =
                regression != null ? regression : new Outcome.Regression(known.value(), written.total() - visits);
        effects.then(() -> parts.regressed(counter, seen, written.generation()));
    }

    private @Nullable Flight notWritten(Flight of, Outcome.NotWritten not, Effects effects) {
        flight = null;
        if (!not.again()) {
            effects.failed(of.calls, notCounted(not.why(), not.cause()));
            return next(effects);
        }
        putBack(of);
        paused = true;
        parts.ticker.at(parts.ticker.now() + Backoff.nanos(failedInRow), () -> act(this::resume));
        return null;
    }

    /** Makes the calls of a batch that was not stored the oldest that wait. */
    private void putBack(Flight of) {
        arrivals.waitingChanged(of.calls.visits());
        of.calls.addAll(queue);
        queue.addAll(of.calls);
    }

    private @Nullable Flight resume(Effects effects) {
        if (!paused) {
            return null;
        }
        paused = false;
        return next(effects);
    }

    private @Nullable Flight unsettled(Flight of, boolean again, Effects effects) {
        if (!again || windowPassed(of)) {
            return abandon(of, effects);
        }
        parts.ticker.at(parts.ticker.now() + Backoff.nanos(failedInRow), () -> resend(of));
        return null;
    }

    private boolean windowPassed(Flight of) {
        long window = RESEND_WINDOW.toMillis();
        return TimeUnit.NANOSECONDS.toMillis(parts.ticker.now() - of.firstSentNanos) > window
                || Math.abs(parts.ticker.wallMillis() - of.firstSentWallMillis) > window;
    }

    private @Nullable Flight abandon(Flight of, Effects effects) {
        flight = null;
        effects.failed(of.calls, maybeCounted(String.valueOf(of.why), of.cause));
        beginRecord();
        return next(effects);
    }

    private void beginRecord() {
        record = parts.freshRecord();
        cumulative = 0;
    }

    private void resend(Flight of) {
        act(effects -> {
            if (flight != of) {
                return null;
            }
            if (windowPassed(of)) {
                return abandon(of, effects);
            }
            int attempt = ++of.attempts;
            effects.then(() -> parts.tell(listener -> listener.onResend(counter, of.batch.visits(), attempt)));
            return of;
        });
    }

    private @Nullable Flight forgotten(Flight of, Effects effects) {
        if (of.maybe) {
            of.why = "the store lost its record of the batch";
            return abandon(of, effects);
        }
        // No attempt stored anything, so the same visits go out under a new record.
        flight = null;
        putBack(of);
        beginRecord();
        return next(effects);
    }

    /** Makes a flight of all that waits, or lets the lane sleep. */
    private @Nullable Flight next(Effects effects) {
        if (paused || flight != null) {
            return null;
        }
        for (; ; ) {
            arrivals.moveTo(queue);
            long now = parts.ticker.now();
            expireQueue(now, effects);
            if (!queue.isEmpty()) {
                return take(now);
            }
            if (arrivals.sleep()) {
                if (asleep != null) {
                    CompletableFuture<@Nullable Void> waiting = asleep;
                    effects.then(() -> waiting.complete(null));
                }
                return null;
            }
        }
    }

    private Flight take(long now) {
        Chain calls = new Chain();
        calls.addAll(queue);
        arrivals.waitingChanged(-calls.visits());
        Batch batch = new Batch(counter, record, cumulative, cumulative + calls.visits(), known);
        Flight taken = new Flight(batch, calls, now, parts.ticker.wallMillis());
        flight = taken;
        lastUsed = now;
        checkAt(taken.calls);
        return taken;
    }

    private void checkAt(Chain calls) {
        Waiting<?> oldest = calls.first();
        if (oldest != null) {
            checkAt(oldest.deadline);
        }
    }

    private void checkAt(long nanos) {
        if (!checking) {
            checking = true;
            parts.ticker.at(nanos, () -> act(this::check));
        }
    }

    private @Nullable Flight check(Effects effects) {
        checking = false;
        arrivals.moveTo(queue);
        long now = parts.ticker.now() + COARSE;
        if (flight != null) {
            Chain late = new Chain();
            flight.expired += flight.calls.moveExpired(now, late);
            effects.failed(late, maybeCounted("no answer " + inTime(flight.why), flight.cause));
        }
        expireQueue(now, effects);
        if (flight != null) {
            checkAt(flight.calls);
        }
        checkAt(queue);
        if (flight != null) {
            // Its callers are gone, and it keeps the lane awake: who arrives from now on wakes nobody.
            checkAt(parts.ticker.now() + parts.deadline);
        }
        return null;
    }

    private void expireQueue(long now, Effects effects) {
        Chain late = new Chain();
        arrivals.waitingChanged(-queue.moveExpired(now, late));
        if (!late.isEmpty()) {
            String why = flight == null ? lastWhy : "an earlier batch has no answer";
            effects.failed(late, notCounted("not sent " + inTime(why), lastCause));
        }
    }

    private String inTime(@Nullable String why) {
        String within = "within " + parts.options.deadline().toMillis() + " ms";
        return why == null ? within : within + ": " + why;
    }

    /** Fails every call that is left. */
    void abort() {
        act(effects -> {
            arrivals.moveTo(queue);
            if (flight != null) {
                // The flight stays until it is settled, so it must not share its chain with what ends the calls.
                Chain sent = new Chain();
                flight.expired += flight.calls.visits();
                sent.addAll(flight.calls);
                effects.failed(sent, maybeCounted("the store was closed before the answer came", flight.cause));
            }
            Chain unsent = new Chain();
            arrivals.waitingChanged(-queue.visits());
            unsent.addAll(queue);
            effects.failed(unsent, notCounted("the store was closed", lastCause));
            return null;
        });
    }

    /** {@return done when no call waits and no batch is under way} */
    synchronized CompletableFuture<@Nullable Void> asleep() {
        if (asleep == null) {
            asleep = new CompletableFuture<>();
        }
        if (arrivals.asleep()) {
            asleep.complete(null);
        }
        return asleep;
    }

    /** {@return whether it sleeps, and last sent something before that instant} */
    synchronized boolean idleSince(long nanos) {
        return arrivals.asleep() && lastUsed - nanos < 0;
    }

    /** {@return the highest value that was acknowledged to it} */
    synchronized CounterValue known() {
        return known;
    }

    NotCountedException notCounted(String why, @Nullable Throwable cause) {
        return new NotCountedException("counter \"" + counter + "\": not counted: " + why, cause);
    }

    private MaybeCountedException maybeCounted(String why, @Nullable Throwable cause) {
        return new MaybeCountedException("counter \"" + counter + "\": maybe counted: " + why, null, cause);
    }
}
