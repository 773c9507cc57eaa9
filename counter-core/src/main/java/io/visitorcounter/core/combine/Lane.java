package io.visitorcounter.core.combine;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.MaybeCountedException;
import io.visitorcounter.core.NotCountedException;
import io.visitorcounter.core.Visit;
import io.visitorcounter.core.VisitRange;
import io.visitorcounter.core.spi.Batch;
import io.visitorcounter.core.spi.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One counter's queue. While one batch is in flight, calls that arrive wait; its outcome ends its calls in order, and
 *  what waits is the next batch.
 *
 *  <p>A lane is in one of four states:
 *  <pre>
 *  ASLEEP    ── a call arrives ───────────────────▶ IN FLIGHT
 *  IN FLIGHT ── settled, and nothing waits ───────▶ ASLEEP
 *            ── settled, and calls wait ──────────▶ IN FLIGHT: the next batch, of all that wait
 *            ── not written, to be tried again ───▶ PAUSED
 *            ── maybe written, to be tried again ─▶ UNSETTLED
 *  PAUSED    ── the pause is over ────────────────▶ IN FLIGHT: a new batch, of all that wait
 *  UNSETTLED ── the pause is over ────────────────▶ IN FLIGHT: the same batch
 *  </pre>
 *  <ul>
 *  <li><b>ASLEEP</b>: nothing waits and nothing is in flight. {@link Arrivals} knows it, so that only the call that finds
 *      the lane asleep takes the lock.
 *  <li><b>IN FLIGHT</b> ({@code inFlight} is set): one batch was sent. It names the cumulative count of this lane's record
 *      and the count before, so that sending it again adds nothing.
 *      <ul>
 *      <li>Written: its calls get the numbers up to the total, in the order of their arrival; the count before is now
 *          this one; what waits is sent, or the lane falls asleep. The outcome of any attempt will do.
 *      <li>Not written, and trying again can't help: its calls end as not counted; what waits is sent.
 *      <li>Not written, and trying again may help: its calls go back to the head of the queue; PAUSED.
 *      <li>Maybe written: UNSETTLED.
 *      <li>Forgotten (the store has no record of the count before): the same calls are sent under a new record, unless an
 *          attempt may have been written; then they end as maybe counted.
 *      </ul>
 *  <li><b>UNSETTLED</b> ({@code inFlight.maybe}): an attempt may have been written, so no other batch may go before this one
 *      is settled. It is sent again, with growing pauses, also after its calls have ended: the next batch builds on its
 *      count. After {@link #RESEND_WINDOW}, or where trying again can't help, it is given up: calls that are left end as
 *      maybe counted, and a new record begins.
 *  <li><b>PAUSED</b>: nothing is in flight; arrivals wait for the end of the pause.
 *  </ul>
 *  In every state, calls whose deadline comes end by themselves: those in the batch as maybe counted (it keeps their
 *  numbers: {@code expired}), those in the queue as not counted.
 *
 *  <p>Thread-safe. Arrivals are lock-free. Every transition is a {@link Decision}, made under the lock and without side
 *  effects; it returns the batch to send, and leaves in {@link Effects} the stages to end and the events to tell. Both are
 *  done after the lock was released, so that nothing foreign runs under it. An outcome that comes before {@code write}
 *  returns (the memory store's, say) is handled by the loop that called it, so that it does not recurse. */
final class Lane {

    /** How long a batch is sent again. The store keeps a lane's record for far longer: if one that expired read as
     *  nothing counted, the whole batch would be added again. */
    static final Duration RESEND_WINDOW = Duration.ofMinutes(20);

    /** After this time, a call of the backend that has not returned is taken for one that ended in an error. */
    private static final long STUCK = TimeUnit.SECONDS.toNanos(10);

    /** Deadlines that are this close together are seen to at once. */
    private static final long COARSE = TimeUnit.MILLISECONDS.toNanos(2);

    private final CounterName counter;
    private final StoreContext context;
    private final Arrivals arrivals;

    // The lock is this object's own, so that no caller can hold it: the lane is not reachable from outside the room.
    // Guarded by it:
    private final CallQueue queue = new CallQueue();
    private @Nullable InFlightBatch inFlight;
    private boolean paused;
    private boolean checking;
    private long checkDue;
    private int failedInRow;
    private String record;
    private long cumulative;
    private CounterValue known = new CounterValue(0, 0);
    private boolean knows;
    private @Nullable String lastWhy;
    private @Nullable Throwable lastCause;
    private long lastUsed;
    private @Nullable CompletableFuture<@Nullable Void> asleep;

    Lane(CounterName counter, StoreContext context) {
        this.counter = counter;
        this.context = context;
        this.arrivals = new Arrivals(context.options.queue());
        this.lastUsed = context.ticker.now();
        this.record = context.freshRecord();
    }

    CompletionStage<Visit> visit() {
        return arrive(new PendingCall.One(context.ticker.now() + context.deadline));
    }

    CompletionStage<VisitRange> visit(int count) {
        return arrive(new PendingCall.Several(count, context.ticker.now() + context.deadline));
    }

    private <T, W extends PendingCall<T>> W arrive(W call) {
        switch (arrivals.add(call)) {
            case WAITS -> {}
            case WOKE -> wake();
            case FULL -> refuse(call);
        }
        return call;
    }

    private void refuse(PendingCall<?> call) {
        NotCountedException full =
                notCounted(arrivals.visits() + " visits already wait; retry when the store has caught up", null);
        Effects effects = new Effects(context, counter);
        CallQueue refused = new CallQueue();
        refused.add(call);
        effects.failed(
                refused,
                full,
                "the queue of " + context.options.queue() + " visits is full; the store is slower than visits come");
        effects.run();
    }

    private void wake() {
        act(this::next);
    }

    /** Decides under the lock, then sends what is to be sent, then does the rest. */
    private void act(Decision decision) {
        Effects effects = new Effects(context, counter);
        try {
            InFlightBatch toSend;
            synchronized (this) {
                toSend = decision.decide(effects);
            }
            send(toSend);
        } finally {
            effects.run();
        }
    }

    /** A change of the lane's state, made under its lock. */
    private interface Decision {

        /** {@return the batch to send now, or null} */
        @Nullable InFlightBatch decide(Effects effects);
    }

    // Answers that come before write() returns are handled in this loop: a store that answers at once must not recurse.
    private void send(@Nullable InFlightBatch toSend) {
        InFlightBatch sending = toSend;
        while (sending != null) {
            Attempt attempt = new Attempt(sending, sending.attempts);
            try {
                context.backend.write(sending.batch, attempt);
                sending.handedOver = true;
            } catch (RuntimeException | Error e) {
                // It may be that it was handed over, and nobody knows whether this store tells a resend from a batch.
                attempt.accept(new Outcome.MaybeWritten("the store's writer failed: " + e, e, false));
            }
            Outcome inside = attempt.leave();
            if (inside == null) {
                return;
            }
            Effects effects = new Effects(context, counter);
            try {
                synchronized (this) {
                    sending = answered(attempt, inside, effects);
                }
            } finally {
                effects.run();
            }
        }
    }

    /** One time that a batch is sent. */
    private final class Attempt implements Consumer<Outcome> {

        final InFlightBatch of;
        final int number;
        private @Nullable Thread inside = Thread.currentThread();
        private @Nullable Outcome early;

        Attempt(InFlightBatch of, int number) {
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

    private @Nullable InFlightBatch answered(Attempt attempt, Outcome outcome, Effects effects) {
        InFlightBatch of = attempt.of;
        boolean current = of == inFlight && attempt.number == of.attempts;
        if (of != inFlight || !(current || outcome instanceof Outcome.Written)) {
            return null;
        }
        if (outcome instanceof Outcome.Written written) {
            return written.total() >= of.batch.visits() && written.generation() >= 0
                    ? written(of, written, effects)
                    : answeredWrongly(of, outcome, effects);
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

    private @Nullable InFlightBatch answeredWrongly(InFlightBatch of, Outcome outcome, Effects effects) {
        noteFailure(of, "the store answered wrongly: " + outcome, null);
        return abandon(of, effects);
    }

    private void noteFailure(InFlightBatch of, String why, @Nullable Throwable cause) {
        failedInRow++;
        of.why = why;
        of.cause = cause;
        lastWhy = why;
        lastCause = cause;
    }

    private @Nullable InFlightBatch written(InFlightBatch of, Outcome.Written written, Effects effects) {
        int visits = of.batch.visits();
        long first = written.total() - visits + 1 + of.expired;
        Duration took = Duration.ofNanos(context.ticker.now() - of.firstSentNanos);
        effects.counted(of.calls, first, written.generation());
        effects.then(() -> {
            context.worked(counter, FailureLog.Kind.VISITS);
            context.callbacks.tell(listener -> listener.onBatch(counter, visits, took));
        });
        noteGeneration(written, visits, effects);
        cumulative = of.batch.cumulative();
        known = new CounterValue(written.total(), written.generation());
        knows = true;
        failedInRow = 0;
        lastWhy = null;
        lastCause = null;
        inFlight = null;
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
        effects.then(() -> context.regressed(counter, seen, written.generation()));
    }

    private @Nullable InFlightBatch notWritten(InFlightBatch of, Outcome.NotWritten not, Effects effects) {
        inFlight = null;
        if (!not.again()) {
            effects.failed(
                    of.calls,
                    new NotCountedException(
                            String.valueOf(notCounted(not.why(), null).getMessage()), not.cause(), false),
                    not.why());
            return next(effects);
        }
        putBack(of);
        paused = true;
        context.ticker.at(context.ticker.now() + Backoff.nanos(failedInRow), () -> act(this::resume));
        return null;
    }

    /** Makes the calls of a batch that was not stored the oldest that wait. */
    private void putBack(InFlightBatch of) {
        arrivals.waitingChanged(of.calls.visits());
        of.calls.addAll(queue);
        queue.addAll(of.calls);
    }

    private @Nullable InFlightBatch resume(Effects effects) {
        if (!paused) {
            return null;
        }
        paused = false;
        return next(effects);
    }

    private @Nullable InFlightBatch unsettled(InFlightBatch of, boolean again, Effects effects) {
        if (!again || windowPassed(of)) {
            return abandon(of, effects);
        }
        context.ticker.at(context.ticker.now() + Backoff.nanos(failedInRow), () -> resend(of));
        return null;
    }

    private boolean windowPassed(InFlightBatch of) {
        long window = RESEND_WINDOW.toMillis();
        return TimeUnit.NANOSECONDS.toMillis(context.ticker.now() - of.firstSentNanos) > window
                || Math.abs(context.ticker.wallMillis() - of.firstSentWallMillis) > window;
    }

    private @Nullable InFlightBatch abandon(InFlightBatch of, Effects effects) {
        inFlight = null;
        effects.failed(of.calls, maybeCounted(String.valueOf(of.why), of.cause), String.valueOf(of.why));
        beginRecord();
        return next(effects);
    }

    private void beginRecord() {
        record = context.freshRecord();
        cumulative = 0;
    }

    private void resend(InFlightBatch of) {
        act(effects -> {
            if (inFlight != of) {
                return null;
            }
            if (windowPassed(of)) {
                return abandon(of, effects);
            }
            int attempt = ++of.attempts;
            of.handedOver = false;
            of.lastSentNanos = context.ticker.now();
            effects.then(
                    () -> context.callbacks.tell(listener -> listener.onResend(counter, of.batch.visits(), attempt)));
            return of;
        });
    }

    private @Nullable InFlightBatch forgotten(InFlightBatch of, Effects effects) {
        if (of.maybe) {
            of.why = "the store lost its record of the batch";
            return abandon(of, effects);
        }
        // No attempt stored anything, so the same visits go out under a new record.
        inFlight = null;
        putBack(of);
        beginRecord();
        return next(effects);
    }

    /** Makes a batch of all that waits, or lets the lane sleep. */
    private @Nullable InFlightBatch next(Effects effects) {
        if (paused || inFlight != null) {
            return null;
        }
        for (; ; ) {
            arrivals.moveTo(queue);
            long now = context.ticker.now();
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

    private InFlightBatch take(long now) {
        CallQueue calls = new CallQueue();
        calls.addAll(queue);
        arrivals.waitingChanged(-calls.visits());
        Batch batch = new Batch(counter, record, cumulative, cumulative + calls.visits(), known);
        InFlightBatch taken = new InFlightBatch(batch, calls, now, context.ticker.wallMillis());
        inFlight = taken;
        lastUsed = now;
        checkAt(taken.calls);
        return taken;
    }

    private void checkAt(CallQueue calls) {
        PendingCall<?> oldest = calls.first();
        if (oldest != null) {
            checkAt(oldest.deadline);
        }
    }

    private void checkAt(long nanos) {
        if (!checking) {
            context.ticker.at(nanos, () -> act(this::check));
            checking = true;
            checkDue = nanos;
        }
    }

    private @Nullable InFlightBatch check(Effects effects) {
        checking = false;
        arrivals.moveTo(queue);
        long now = context.ticker.now() + COARSE;
        if (inFlight != null) {
            CallQueue late = new CallQueue();
            inFlight.expired += inFlight.calls.moveExpired(now, late);
            // A batch that is new after a pause has no reason of its own yet.
            String why = inFlight.why == null ? lastWhy : inFlight.why;
            Throwable cause = inFlight.why == null ? lastCause : inFlight.cause;
            effects.failed(late, maybeCounted("no answer " + inTime(why), cause), reason(why));
        }
        expireQueue(now, effects);
        if (inFlight != null) {
            checkAt(inFlight.calls);
        }
        checkAt(queue);
        if (inFlight != null) {
            // Its callers are gone, and it keeps the lane awake: who arrives from now on wakes nobody.
            checkAt(context.ticker.now() + context.deadline);
        }
        return null;
    }

    /** Repairs what an error in the middle of a step can leave behind, such as a stack that ended in a caller's thread:
     *  calls without the timer for their deadline, calls that nobody sends, a batch that never reached the backend. Does
     *  nothing where all is well, and may be called at any time. */
    void repair() {
        if (!arrivals.asleep()) {
            act(effects -> {
                long now = context.ticker.now();
                if (!checking || now - checkDue > STUCK) {
                    check(effects);
                }
                InFlightBatch of = inFlight;
                if (of == null) {
                    return next(effects);
                }
                boolean lost = !of.handedOver && now - of.lastSentNanos > Math.max(context.deadline, STUCK);
                return lost ? abandonLost(of, effects) : null;
            });
        }
    }

    private @Nullable InFlightBatch abandonLost(InFlightBatch of, Effects effects) {
        noteFailure(of, "it was not handed to the store", null);
        return abandon(of, effects);
    }

    private void expireQueue(long now, Effects effects) {
        CallQueue late = new CallQueue();
        arrivals.waitingChanged(-queue.moveExpired(now, late));
        if (!late.isEmpty()) {
            String why = inFlight == null ? lastWhy : "an earlier batch has no answer";
            effects.failed(
                    late,
                    notCounted("not sent " + inTime(why), lastCause),
                    reason(inFlight == null ? why : inFlight.why));
        }
    }

    private static String reason(@Nullable String why) {
        return why == null ? FailureLog.NO_ANSWER : why;
    }

    private String inTime(@Nullable String why) {
        String within = "within " + context.options.deadline().toMillis() + " ms";
        return why == null ? within : within + ": " + why;
    }

    /** Fails every call that is left. */
    void abort() {
        act(effects -> {
            arrivals.moveTo(queue);
            if (inFlight != null) {
                // The batch stays until it is settled, so it must not share its queue with what ends the calls.
                CallQueue sent = new CallQueue();
                inFlight.expired += inFlight.calls.visits();
                sent.addAll(inFlight.calls);
                effects.failedByClose(
                        sent, maybeCounted("the store was closed before the answer came", inFlight.cause));
            }
            CallQueue unsent = new CallQueue();
            arrivals.waitingChanged(-queue.visits());
            unsent.addAll(queue);
            effects.failedByClose(unsent, notCounted("the store was closed", lastCause));
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

    /** {@return whether no call waits and no batch is under way} */
    boolean isAsleep() {
        return arrivals.asleep();
    }

    /** {@return when it last sent something, on the ticker's clock} */
    synchronized long lastUsed() {
        return lastUsed;
    }

    /** {@return whether it sleeps, and last sent something before that instant} */
    synchronized boolean idleSince(long nanos) {
        return arrivals.asleep() && lastUsed - nanos < 0;
    }

    /** {@return the highest value that was acknowledged to it} */
    synchronized CounterValue known() {
        return known;
    }

    private NotCountedException notCounted(String why, @Nullable Throwable cause) {
        return notCounted(counter, why, cause);
    }

    static NotCountedException notCounted(CounterName counter, String why, @Nullable Throwable cause) {
        return new NotCountedException("counter \"" + counter + "\": not counted: " + why, cause);
    }

    private MaybeCountedException maybeCounted(String why, @Nullable Throwable cause) {
        return new MaybeCountedException("counter \"" + counter + "\": maybe counted: " + why, null, cause);
    }
}
