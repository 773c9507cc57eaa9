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
 *  <p>Thread-safe. Arrivals are lock-free. Every transition is a method of {@link LaneState}, called under the lock and without side
 *  effects; it returns the batch to send, and leaves in {@link Effects} the stages to end and the events to tell. Both are
 *  done after the lock was released, so that nothing foreign runs under it. An outcome that comes before {@code write}
 *  returns (the memory store's, say) is handled by the loop that called it, so that it does not recurse. */
final class Lane {

    /** How long a batch is sent again. The store keeps a lane's record for far longer: if one that expired read as
     *  nothing counted, the whole batch would be added again. */
    static final Duration RESEND_WINDOW = Duration.ofMinutes(20);

    private final CounterName counter;
    private final StoreContext context;
    private final Arrivals arrivals;

    // Guarded by this object, which no caller can lock: the lane is not reachable from outside the room.
    private final LaneState state;

    Lane(CounterName counter, StoreContext context) {
        this.counter = counter;
        this.context = context;
        this.arrivals = new Arrivals(context.options.queue());
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
            case WOKE -> wake();
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
                "the queue of " + context.options.queue() + " visits is full; the store is slower than visits come");
        effects.run();
    }

    private void wake() {
        act(state::next);
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

    // An outcome that comes before write() returns is handled in this loop, so that it does not recurse.
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
                    sending = state.ended(sending, attempt.number, inside, effects);
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
                act(effects -> state.ended(of, number, outcome, effects));
            }
        }

        @Nullable Outcome leave() {
            inside = null;
            return early;
        }
    }

    /** Repairs what an error in the middle of a step can leave behind, such as a stack that ended in a caller's thread:
     *  calls without the timer for their deadline, calls that nobody sends, a batch that never reached the backend. Does
     *  nothing where all is well, and may be called at any time. */
    void repair() {
        if (!arrivals.asleep()) {
            act(state::repair);
        }
    }

    /** Fails every call that is left. */
    void abort() {
        act(state::abort);
    }

    /** {@return done when no call waits and no batch is under way} */
    synchronized CompletableFuture<@Nullable Void> asleep() {
        return state.asleep();
    }

    /** {@return whether no call waits and no batch is under way} */
    boolean isAsleep() {
        return arrivals.asleep();
    }

    /** {@return how many visits wait} */
    int waiting() {
        return arrivals.visits();
    }

    /** {@return when it last sent something, on the ticker's clock} */
    synchronized long lastUsed() {
        return state.lastUsed();
    }

    /** {@return whether it sleeps, and last sent something before that instant} */
    synchronized boolean idleSince(long nanos) {
        return arrivals.asleep() && state.lastUsed() - nanos < 0;
    }

    /** {@return the highest value that was confirmed} */
    synchronized CounterValue known() {
        return state.known();
    }
}
