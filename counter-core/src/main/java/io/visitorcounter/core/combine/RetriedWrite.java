package io.visitorcounter.core.combine;

import io.visitorcounter.core.CounterException;
import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.MaybeCountedException;
import io.visitorcounter.core.NotCountedException;
import io.visitorcounter.core.VisitId;
import io.visitorcounter.core.spi.Outcome;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A write outside the lane that is sent again until it has a reply; the store's record of its id makes that harmless.
 *
 *  @param <T> what the caller gets */
abstract class RetriedWrite<T> extends RetriedCall<T> {

    private final VisitId id;
    private final String participle;
    private final String nextStep;
    private volatile boolean maybe;

    /** Creates a write; it is not tried yet.
     *
     *  @param participle what it does: counted or changed
     *  @param nextStep what the caller can do if it may have been written */
    RetriedWrite(
            CounterName counter,
            VisitId id,
            FailureLog.Kind kind,
            StoreContext context,
            String participle,
            String nextStep) {
        super(counter, kind, context);
        this.id = id;
        this.participle = participle;
        this.nextStep = nextStep;
    }

    abstract void send(Consumer<Outcome> reply);

    /** Ends the call, if the reply is possible for this write.
     *
     *  @param before whether an earlier attempt may have been written
     *  @return whether it is possible */
    abstract boolean written(Outcome.Written written, boolean before);

    @Override
    void attempt() {
        boolean before = maybe;
        // If the deadline passes before the reply, it counts as sent.
        maybe = true;
        try {
            send(outcome -> ended(outcome, before));
        } catch (RuntimeException | Error e) {
            failed("the store's writer failed: " + e, e, true);
        }
    }

    private void ended(Outcome outcome, boolean before) {
        if (outcome instanceof Outcome.Written written && written.generation() >= 0 && written(written, before)) {
            noteSuccess();
        } else if (outcome instanceof Outcome.NotWritten not) {
            maybe = before;
            failed(not.why(), not.cause(), not.again());
        } else if (outcome instanceof Outcome.MaybeWritten unknown) {
            failed(unknown.why(), unknown.cause(), unknown.again());
        } else {
            failed("the store answered wrongly: " + outcome, null, false);
        }
    }

    private void failed(String reason, @Nullable Throwable thrown, boolean again) {
        noteAttempt(reason, thrown);
        if (again) {
            again();
        } else {
            fail(failure(reason, false));
        }
    }

    @Override
    CounterException late() {
        String within = "no answer " + context.withinDeadline();
        return failure(why() == null ? within : within + ": " + why(), true);
    }

    private CounterException failure(String reason, boolean passing) {
        return maybe
                ? new MaybeCountedException(
                        subject() + ": maybe " + participle + ": " + reason + "; " + nextStep, id, cause())
                : new NotCountedException(subject() + ": not " + participle + ": " + reason, cause(), passing);
    }
}
