package io.visitorcounter.core.combine;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.Visit;
import io.visitorcounter.core.VisitRange;
import io.visitorcounter.core.combine.LaneState.Decision;
import io.visitorcounter.core.spi.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One counter's queue. While one batch is in flight, calls that arrive wait. The batch's outcome ends its calls in
 *  order, and the waiting calls become the next batch.
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
 *  <li><b>ASLEEP</b>: nothing waits and nothing is in flight. {@link Arrivals} holds this state, so that only the call
 *      that finds the lane asleep takes the lock.
 *  <li><b>IN FLIGHT</b> ({@code inFlight} is set): one batch was sent. It names the cumulative count of this lane's record
 *      and the count before, so that sending it again adds nothing.
 *      <ul>
 *      <li>Written: its calls get the numbers up to the total, in the order of their arrival, and the batch's count
 *          becomes the count before. The waiting calls are sent, or the lane falls asleep. The outcome of any attempt
 *          is enough.
 *      <li>Not written, and trying again can't help: its calls end as not counted, and the waiting calls are sent.
 *      <li>Not written, and trying again may help: its calls go back to the head of the queue; PAUSED.
 *      <li>Maybe written: UNSETTLED.
 *      <li>Forgotten (the store has no record of the count before): the same calls are sent under a new record. But if
 *          an attempt may have been written, they end as maybe counted.
 *      </ul>
 *  <li><b>UNSETTLED</b> ({@code inFlight.maybe}): an attempt may have been written, so no other batch is sent until
 *      this one is settled. It is sent again, with growing pauses, even after its calls have ended, because the next
 *      batch builds on its count. After {@link #RESEND_WINDOW}, or if trying again can't help, it is given up: the
 *      remaining calls end as maybe counted, and a new record begins.
 *  <li><b>PAUSED</b>: nothing is in flight; arrivals wait for the end of the pause.
 *  </ul>
 *  In every state, calls end when their deadline passes: those in the batch as maybe counted (the batch keeps their
 *  numbers, see {@code expired}), those in the queue as not counted.
 *
 *  <p>Thread-safe. Arrivals are lock-free. Every transition is a method of {@link LaneState} that runs under the lock,
 *  without side effects. It returns the batch to send and adds to {@link Effects} the stages to end and the events to
 *  report. Both are done after the lock is released, so that no foreign code runs under it. An outcome that arrives
 *  before {@code write} returns is handled by the loop that called {@code write}, to avoid recursion. */
final class Lane {

    /** How long a batch is resent. The store keeps a lane's record for far longer: an expired record would read as
     *  nothing counted, and the whole batch would be added again. */
    static final Duration RESEND_WINDOW = Duration.ofMinutes(20);

    private final CounterName counter;
    private final StoreContext context;
    private final Arrivals arrivals;

    // Guarded by this object. No caller can lock it, since lanes don't leave this package.
    private final LaneState state;

    Lane(CounterName counter, StoreContext context) {
        this.counter = counter;
        this.context = context;
        this.arrivals = new Arrivals(context.queue);
        this.state = new LaneState(counter, context, arrivals, this::act);
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
            case WOKE -> act(state::next);
            case FULL -> refuse(call);
        }
        return call;
    }

    private void refuse(PendingCall<?> call) {
        Effects effects = new Effects(context, counter);
        CallQueue refused = new CallQueue();
        refused.add(call);
        effects.failed(
                refused,
                LastFailure.notCounted(
                        counter, arrivals.visits() + " visits already wait; retry when the store has caught up", null),
                "the queue of " + context.queue + " visits is full; the store is slower than visits come");
        effects.run();
    }

    /** Decides under the lock, then sends the batch if there is one, then runs the effects. */
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

    // An outcome that arrives before write() returns is handled in this loop, to avoid recursion.
    private void send(@Nullable InFlightBatch toSend) {
        InFlightBatch sending = toSend;
        while (sending != null) {
            Attempt attempt = new Attempt(sending, sending.attempts);
            try {
                context.backend.write(sending.batch, attempt);
                sending.handedOver = true;
            } catch (RuntimeException | Error e) {
                // It may have been sent, and this store may not be able to tell a resend from a new batch.
                attempt.accept(new Outcome.MaybeWritten("the store's writer failed: " + e, e, false));
            }
            Outcome inside = attempt.leave();
            if (inside == null) {
                return;
            }
            Effects effects = new Effects(context, counter);
            try {
                synchronized (this) {
                    sending = state.ended(sending, attempt.number, inside, effects);
                }
            } finally {
                effects.run();
            }
        }
    }

    /** One attempt to send a batch. */
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
            // Another thread reads either the writing thread or null here; neither is that thread itself.
            if (inside == Thread.currentThread()) {
                early = outcome;
            } else {
                act(effects -> state.ended(of, number, outcome, effects));
            }
        }

        @Nullable Outcome leave() {
            inside = null;
            return early;
        }
    }

    /** Repairs what an error in the middle of a step can leave behind, such as a stack overflow in a caller's thread:
     *  calls without a timer for their deadline, calls that are never sent, a batch that never reached the backend.
     *  Does nothing if all is well; may be called at any time. */
    void repair() {
        if (!arrivals.asleep()) {
            act(state::repair);
        }
    }

    /** Fails every remaining call. */
    void abort() {
        act(state::abort);
    }

    /** {@return done when no call waits and no batch is in flight} */
    synchronized CompletableFuture<@Nullable Void> asleep() {
        return state.asleep();
    }

    boolean isAsleep() {
        return arrivals.asleep();
    }

    int waiting() {
        return arrivals.visits();
    }

    synchronized long lastUsed() {
        return state.lastUsed;
    }

    /** {@return whether it is asleep and last sent something before this instant} */
    synchronized boolean idleSince(long nanos) {
        return arrivals.asleep() && state.lastUsed - nanos < 0;
    }

    synchronized CounterValue known() {
        return state.record.known();
    }
}
