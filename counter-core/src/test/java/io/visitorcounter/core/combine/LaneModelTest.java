package io.visitorcounter.core.combine;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.NotCountedException;
import io.visitorcounter.core.Visit;
import io.visitorcounter.core.VisitRange;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** Every interleaving that Lincheck's model checker finds, up to some switches between threads. */
final class LaneModelTest {

    private static final CounterName HOME = CounterName.of("home");

    /** How deep to look: {@code -Dmodel.scale=5} where there is time. */
    private static final int SCALE = Integer.getInteger("model.scale", 1);

    @Test
    void noInterleavingOfArrivalsAnswersAndDeadlinesForgetsACall() {
        new ModelCheckingOptions()
                .iterations(4 * SCALE)
                .invocationsPerIteration(60 * SCALE)
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(0)
                .check(Answered.class);
    }

    /** A ticker whose every step is a deadline. */
    private static final class Steps implements Ticker {

        private List<Runnable> tasks = new ArrayList<>();
        private long now;

        @Override
        public synchronized long now() {
            return now;
        }

        @Override
        public synchronized long wallMillis() {
            return 0;
        }

        @Override
        public synchronized void at(long nanos, Runnable task) {
            tasks.add(task);
        }

        void pass() {
            List<Runnable> due;
            synchronized (this) {
                now += CounterOptions.defaults().deadline().toNanos();
                due = tasks;
                tasks = new ArrayList<>();
            }
            due.forEach(Runnable::run);
        }

        @Override
        public void close() {}
    }

    /** A lane whose writes are answered by other threads, well or badly, while a deadline passes. */
    public static final class Answered {

        private final Steps ticker = new Steps();
        private final ManualBackend backend = new ManualBackend();
        private final List<CompletableFuture<?>> calls = new ArrayList<>();
        private long total;
        private final Lane lane = new Lane(HOME, context());

        private StoreContext context() {
            CounterOptions options = CounterOptions.builder().queue(3).build();
            StoreContext context = new StoreContext(backend, ticker, () -> "x", options);
            // The model checker would step through the logging framework.
            context.logNoMore();
            return context;
        }

        /** Visits, without waiting. */
        @Operation
        public void visit() {
            keep(lane.visit().toCompletableFuture());
        }

        /** Visits twice in one step, without waiting. */
        @Operation
        public void visitTwice() {
            keep(lane.visit(2).toCompletableFuture());
        }

        private synchronized void keep(CompletableFuture<?> call) {
            calls.add(call);
        }

        /** Answers an open attempt. */
        @Operation
        public void write() {
            ManualBackend.Attempt attempt = poll();
            if (attempt != null) {
                attempt.written(add(attempt.batch().visits()));
            }
        }

        /** Says of an open attempt that it was not written. */
        @Operation
        public void refuse() {
            ManualBackend.Attempt attempt = poll();
            if (attempt != null) {
                attempt.notWritten(false);
            }
        }

        /** Lets the deadline of every call that waits pass. */
        @Operation
        public void passDeadline() {
            ticker.pass();
        }

        private ManualBackend.@org.jspecify.annotations.Nullable Attempt poll() {
            synchronized (backend) {
                return backend.open() == 0 ? null : backend.next();
            }
        }

        private synchronized long add(int visits) {
            total += visits;
            return total;
        }

        /** Answers what is open and holds the lane to its promises. */
        @Validate
        public void everyCallEndsAndNumbersAreGivenOnce() {
            for (ManualBackend.Attempt attempt = poll(); attempt != null; attempt = poll()) {
                attempt.written(add(attempt.batch().visits()));
            }
            if (!lane.asleep().isDone()) {
                throw new IllegalStateException("the lane does not sleep");
            }
            // Plain loops: the model checker steps through everything here.
            boolean[] given = new boolean[(int) total + 1];
            int counted = 0;
            int maybe = 0;
            for (CompletableFuture<?> call : calls) {
                if (!call.isDone()) {
                    throw new IllegalStateException("a call was forgotten");
                }
                if (call.isCompletedExceptionally()) {
                    Throwable failure = call.handle((value, thrown) -> thrown).join();
                    maybe += failure instanceof NotCountedException ? 0 : 2;
                } else if (call.join() instanceof Visit visit) {
                    counted += give(given, visit.number());
                } else if (call.join() instanceof VisitRange range) {
                    counted += give(given, range.first()) + give(given, range.last());
                }
            }
            if (counted > total || counted + maybe < total) {
                throw new IllegalStateException(counted + " of " + total + " counted, maybe " + maybe);
            }
        }

        private static int give(boolean[] given, long number) {
            if (given[(int) number]) {
                throw new IllegalStateException(number + " was given twice");
            }
            given[(int) number] = true;
            return 1;
        }
    }
}
