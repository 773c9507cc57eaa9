package io.visitorcounter.core.combine;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.NotCountedException;
import io.visitorcounter.core.spi.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The state of a {@link Lane} and its transitions, which the Javadoc of {@link Lane} describes. Each transition leaves
 *  a consistent state, returns the batch to send or null, and adds everything else to do to {@link Effects}. It never
 *  calls the store or a caller. Guarded by the lane's lock. */
final class LaneState {

    /** A call of the backend that has not returned after this time is treated as failed. */
    private static final long STUCK = TimeUnit.SECONDS.toNanos(10);

    /** Deadlines that are this close together are handled at once. */
    private static final long COARSE = TimeUnit.MILLISECONDS.toNanos(2);

    /** A transition. */
    interface Decision {

        /** {@return the batch to send now, or null} */
        @Nullable InFlightBatch decide(Effects effects);
    }

    private final CounterName counter;
    private final StoreContext context;
    private final Arrivals arrivals;
    private final Consumer<Decision> lane;

    private final CallQueue queue = new CallQueue();
    final LaneRecord record;
    private final LastFailure failure;
    private @Nullable InFlightBatch inFlight;
    private boolean paused;
    private boolean checking;
    private long checkDue;

    /** When it last sent something, on the ticker's clock. */
    long lastUsed;

    private @Nullable CompletableFuture<@Nullable Void> asleep;

    /** The state of a lane that is asleep.
     *
     *  @param lane runs a later transition under the lane's lock */
    LaneState(CounterName counter, StoreContext context, Arrivals arrivals, Consumer<Decision> lane) {
        this.counter = counter;
        this.context = context;
        this.arrivals = arrivals;
        this.lane = lane;
        this.record = new LaneRecord(counter, context);
        this.failure = new LastFailure(counter, context);
        this.lastUsed = context.ticker.now();
    }

    /** Handles the end of an attempt.
     *
     *  @param attempt the attempt's number within the batch */
    @Nullable InFlightBatch ended(InFlightBatch of, int attempt, Outcome outcome, Effects effects) {
        if (of != inFlight || (attempt != of.attempts && !(outcome instanceof Outcome.Written))) {
            return null;
        }
        if (outcome instanceof Outcome.Written written) {
            return written.total() >= of.batch.visits() && written.generation() >= 0
                    ? written(of, written, effects)
                    : failed(of, "the store answered wrongly: " + outcome, effects);
        }
        if (outcome instanceof Outcome.NotWritten not) {
            failure.note(not.why(), not.cause());
            return of.maybe ? unsettled(of, not.again(), effects) : notWritten(of, not, effects);
        }
        if (outcome instanceof Outcome.MaybeWritten maybe) {
            failure.note(maybe.why(), maybe.cause());
            of.maybe = true;
            return unsettled(of, maybe.again(), effects);
        }
        return forgotten(of, effects);
    }

    private @Nullable InFlightBatch failed(InFlightBatch of, String why, Effects effects) {
        failure.note(why, null);
        return abandon(of, why, effects);
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
        Outcome.Regression seen = record.confirmed(of.batch, written);
        if (seen != null) {
            effects.then(() -> context.regressed(counter, seen, written.generation()));
        }
        failure.clear();
        inFlight = null;
        return next(effects);
    }

    private @Nullable InFlightBatch notWritten(InFlightBatch of, Outcome.NotWritten not, Effects effects) {
        inFlight = null;
        if (!not.again()) {
            String told = String.valueOf(
                    LastFailure.notCounted(counter, not.why(), null).getMessage());
            effects.failed(of.calls, new NotCountedException(told, not.cause(), false), not.why());
            return next(effects);
        }
        putBack(of);
        paused = true;
        context.ticker.at(failure.retryAt(), () -> lane.accept(this::resume));
        return null;
    }

    /** Puts the calls of a batch that was not stored at the head of the queue. */
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
        if (!again || of.isOlderThan(Lane.RESEND_WINDOW, context.ticker)) {
            return abandon(of, failure.why(), effects);
        }
        context.ticker.at(failure.retryAt(), () -> lane.accept(later -> resend(of, later)));
        return null;
    }

    private @Nullable InFlightBatch abandon(InFlightBatch of, String why, Effects effects) {
        inFlight = null;
        effects.failed(of.calls, failure.maybeCounted(why), why);
        record.begin();
        return next(effects);
    }

    private @Nullable InFlightBatch resend(InFlightBatch of, Effects effects) {
        if (inFlight != of) {
            return null;
        }
        if (of.isOlderThan(Lane.RESEND_WINDOW, context.ticker)) {
            return abandon(of, failure.why(), effects);
        }
        int attempt = of.sentAgain(context.ticker.now());
        effects.then(() -> context.callbacks.tell(listener -> listener.onResend(counter, of.batch.visits(), attempt)));
        return of;
    }

    private @Nullable InFlightBatch forgotten(InFlightBatch of, Effects effects) {
        if (of.maybe) {
            return abandon(of, "the store lost its record of the batch", effects);
        }
        // No attempt stored anything, so the same visits go out under a new record.
        inFlight = null;
        putBack(of);
        record.begin();
        return next(effects);
    }

    /** Makes a batch of all waiting calls, or lets the lane fall asleep. */
    @Nullable InFlightBatch next(Effects effects) {
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
                CompletableFuture<@Nullable Void> waiting = asleep;
                if (waiting != null) {
                    effects.then(() -> waiting.complete(null));
                }
                return null;
            }
        }
    }

    private InFlightBatch take(long now) {
        CallQueue calls = queue.takeAll();
        arrivals.waitingChanged(-calls.visits());
        InFlightBatch taken = new InFlightBatch(record.next(calls.visits()), calls, now, context.ticker.wallMillis());
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
            context.ticker.at(nanos, () -> lane.accept(this::check));
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
            failure.lateInFlight(late, effects);
        }
        expireQueue(now, effects);
        if (inFlight != null) {
            checkAt(inFlight.calls);
        }
        checkAt(queue);
        if (inFlight != null) {
            // The batch keeps the lane awake, so callers that arrive from now on don't wake it: this timer checks their
            // deadlines.
            checkAt(context.ticker.now() + context.deadline);
        }
        return null;
    }

    private void expireQueue(long now, Effects effects) {
        CallQueue late = new CallQueue();
        arrivals.waitingChanged(-queue.moveExpired(now, late));
        failure.lateInQueue(inFlight != null, late, effects);
    }

    /** See {@link Lane#repair}. */
    @Nullable InFlightBatch repair(Effects effects) {
        long now = context.ticker.now();
        if (!checking || now - checkDue > STUCK) {
            check(effects);
        }
        InFlightBatch of = inFlight;
        if (of == null) {
            return next(effects);
        }
        boolean lost = !of.handedOver && now - of.lastSentNanos > Math.max(context.deadline, STUCK);
        return lost ? failed(of, "it was not handed to the store", effects) : null;
    }

    @Nullable InFlightBatch abort(Effects effects) {
        arrivals.moveTo(queue);
        if (inFlight != null) {
            // The batch stays until it is settled, so its calls are ended from a separate queue.
            inFlight.expired += inFlight.calls.visits();
            effects.failedByClose(
                    inFlight.calls.takeAll(), failure.maybeCounted("the store was closed before the answer came"));
        }
        arrivals.waitingChanged(-queue.visits());
        effects.failedByClose(queue.takeAll(), failure.notSent("the store was closed"));
        return null;
    }

    CompletableFuture<@Nullable Void> asleep() {
        if (asleep == null) {
            asleep = new CompletableFuture<>();
        }
        if (arrivals.asleep()) {
            asleep.complete(null);
        }
        return asleep;
    }
}
