package io.visitorcounter.core.contract;

import static io.visitorcounter.core.contract.Asking.freshName;
import static io.visitorcounter.core.contract.Asking.inParallel;
import static io.visitorcounter.core.contract.Asking.now;
import static io.visitorcounter.core.contract.OneDay.today;
import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.DailyVisitors;
import io.visitorcounter.core.spi.VisitorSketches;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;

/** What the part of a backend that notes visitors owes: one salt a day for all, and a sketch for each day. */
interface SketchesContract {

    /** {@return whether it notes visitors} */
    boolean notingVisitors();

    /** {@return whether two backends count together} */
    boolean sharing();

    /** {@return the sketches of a newly opened backend, which is closed after the test} */
    VisitorSketches openedSketches();

    private static byte[] salt(long value) {
        return ByteBuffer.allocate(16).putLong(value).putLong(~value).array();
    }

    @Test
    default void theFirstSaltOfADayStays() {
        if (!notingVisitors()) {
            return;
        }
        VisitorSketches sketches = openedSketches();
        CounterName counter = freshName();
        LocalDate day = today();

        assertThat(now(sketches.salt(counter, day, salt(1)))).isEqualTo(salt(1));
        assertThat(now(sketches.salt(counter, day, salt(2)))).isEqualTo(salt(1));
        assertThat(now(sketches.salt(counter, day.plusDays(1), salt(3)))).isEqualTo(salt(3));
        assertThat(now(sketches.salt(freshName(), day, salt(4)))).isEqualTo(salt(4));
    }

    @Test
    default void whoeverAsksAtOnceGetsTheSameSalt() throws Exception {
        if (!notingVisitors()) {
            return;
        }
        List<VisitorSketches> sketches = List.of(openedSketches(), openedSketches());
        LocalDate day = today();
        for (int round = 0; round < 20; round++) {
            CounterName counter = freshName();
            CyclicBarrier together = new CyclicBarrier(4);

            List<Long> salts = inParallel(4, i -> {
                Asking.meet(together);
                byte[] got = now(sketches.get(sharing() ? i % 2 : 0).salt(counter, day, salt(i)));
                return List.of(ByteBuffer.wrap(got).getLong());
            });

            assertThat(salts.stream().distinct()).hasSize(1);
        }
    }

    /** The clocks of two processes may stand on two days. */
    @Test
    default void eachDayHasItsOwnSketch() {
        if (!notingVisitors()) {
            return;
        }
        VisitorSketches sketches = openedSketches();
        CounterName counter = freshName();
        LocalDate day = today();
        now(sketches.note(counter, day.minusDays(1), 0x1234_5678_9abc_def0L));
        now(sketches.note(counter, day, 0x1234_5678_9abc_def0L));
        now(sketches.note(counter, day, 0x1234_5678_9abc_def0L));
        now(sketches.note(counter, day, 0x0fed_cba9_8765_4321L));

        assertThat(now(sketches.days(counter, day.minusDays(5), day.plusDays(2))))
                .containsExactly(new DailyVisitors(day.minusDays(1), 1), new DailyVisitors(day, 2));
        assertThat(now(sketches.days(counter, day.minusDays(1), day)))
                .containsExactly(new DailyVisitors(day.minusDays(1), 1));
    }
}
