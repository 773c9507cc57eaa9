package io.visitorcounter.core.combine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.core.combine.Arrivals.Arrived;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** Every interleaving that Lincheck's model checker finds: arrivals from many threads, and one lane that takes them. */
final class ArrivalsModelTest {

    /** More than all calls of a scenario: a call is refused also on account of one that has its place and is not in the
     *  stack yet, so that refusals have no order with what the lane takes. {@link #noMoreWaitThanThereIsRoomFor} has them. */
    private static final int CAPACITY = 40;

    /** How deep to look: {@code -Dmodel.scale=5} where there is time. */
    private static final int SCALE = Integer.getInteger("model.scale", 1);

    private static ModelCheckingOptions options() {
        return new ModelCheckingOptions()
                .iterations(10 * SCALE)
                .invocationsPerIteration(100 * SCALE)
                .threads(3)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(1)
                .sequentialSpecification(Expected.class);
    }

    @Test
    void arrivalsAreAQueueThatKnowsWhenItsLaneSleeps() {
        options().check(Real.class);
    }

    @Test
    void theModelFindsALaneThatSleepsOnAnArrival() {
        assertThatThrownBy(() -> options().check(Careless.class)).isInstanceOf(AssertionError.class);
    }

    @Test
    void noMoreWaitThanThereIsRoomFor() throws Exception {
        for (int round = 0; round < 200; round++) {
            int room = 1 + round % 7;
            Arrivals arrivals = new Arrivals(room);
            ExecutorService callers = Executors.newFixedThreadPool(4);
            List<Callable<Integer>> calls = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                int visits = 1 + i % 2;
                calls.add(() -> arrivals.add(new PendingCall.Several(visits, 0)) == Arrived.FULL ? 0 : visits);
            }

            int accepted = 0;
            for (Future<Integer> call : callers.invokeAll(calls)) {
                accepted += call.get();
            }
            callers.shutdown();

            CallQueue taken = new CallQueue();
            arrivals.moveTo(taken);
            assertThat(taken.visits()).isEqualTo(accepted).isEqualTo(arrivals.visits());
            // Eight calls for twelve visits fill the room, but for the place that two visits did not fit into.
            assertThat(accepted).isBetween(room - 1, room);
            assertThat(arrivals.add(new PendingCall.Several(room - accepted + 1, 0)))
                    .isEqualTo(Arrived.FULL);
        }
    }

    /** What the arrivals mean, one step after the other. */
    public static final class Expected {

        private int arrived;
        private int taken;
        private boolean asleep = true;

        /** {@return what became of a call for one visit} */
        public String one() {
            return add(1);
        }

        /** {@return what became of a call for two visits} */
        public String two() {
            return add(2);
        }

        private String add(int count) {
            if (count > CAPACITY - arrived - taken) {
                return "FULL";
            }
            arrived += count;
            boolean woke = asleep;
            asleep = false;
            return woke ? "WOKE" : "WAITS";
        }

        /** {@return how many visits the lane has taken and not sent; they still wait} */
        public int take() {
            taken += arrived;
            arrived = 0;
            return taken;
        }

        /** Makes room for as many as were taken. */
        public void send() {
            taken = 0;
        }

        /** {@return whether the lane sleeps now} */
        public boolean sleep() {
            if (arrived > 0) {
                return false;
            }
            asleep = true;
            return true;
        }
    }

    /** The arrivals as they are. */
    public static class Real {

        private final Arrivals arrivals = new Arrivals(CAPACITY);
        private CallQueue taken = new CallQueue();

        /** {@return what became of a call for one visit} */
        @Operation
        public String one() {
            return arrivals.add(new PendingCall.One(0)).name();
        }

        /** {@return what became of a call for two visits} */
        @Operation
        public String two() {
            return arrivals.add(new PendingCall.Several(2, 0)).name();
        }

        /** {@return how many visits the lane has taken and not sent; they still wait} */
        @Operation(nonParallelGroup = "lane")
        public int take() {
            arrivals.moveTo(taken);
            return taken.visits();
        }

        /** Makes room for as many as were taken. */
        @Operation(nonParallelGroup = "lane")
        public void send() {
            arrivals.waitingChanged(-taken.visits());
            taken = new CallQueue();
        }

        /** {@return whether the lane sleeps now} */
        @Operation(nonParallelGroup = "lane")
        public boolean sleep() {
            return arrivals.sleep();
        }
    }

    /** Arrivals of which somebody reads first and acts later: what the real ones must not do. */
    public static final class Careless {

        private volatile int visits;
        private volatile int taken;
        private volatile boolean asleep = true;

        /** {@return what became of a call for one visit} */
        @Operation
        public String one() {
            return add(1);
        }

        /** {@return what became of a call for two visits} */
        @Operation
        public String two() {
            return add(2);
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // the defect that the model has to find
        private String add(int count) {
            if (count > CAPACITY - visits - taken) {
                return "FULL";
            }
            visits += count;
            boolean woke = asleep;
            asleep = false;
            return woke ? "WOKE" : "WAITS";
        }

        /** {@return how many visits the lane has taken and not sent} */
        @Operation(nonParallelGroup = "lane")
        @SuppressWarnings("NonAtomicVolatileUpdate") // the defect that the model has to find
        public int take() {
            taken += visits;
            visits = 0;
            return taken;
        }

        /** Makes room for as many as were taken. */
        @Operation(nonParallelGroup = "lane")
        public void send() {
            taken = 0;
        }

        /** {@return whether the lane sleeps now} */
        @Operation(nonParallelGroup = "lane")
        public boolean sleep() {
            if (visits > 0) {
                return false;
            }
            asleep = true;
            return true;
        }
    }
}
