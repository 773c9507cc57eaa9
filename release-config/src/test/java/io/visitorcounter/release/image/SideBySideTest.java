package io.visitorcounter.release.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SideBySideTest {

    private final AtomicInteger started = new AtomicInteger();

    @Test
    void allTasksRun() {
        SideBySide.run(Collections.<Runnable>nCopies(100, started::incrementAndGet));

        assertThat(started).hasValue(100);
    }

    @Test
    void aTaskMayWaitForOneBeforeIt() {
        CountDownLatch first = new CountDownLatch(1);

        SideBySide.run(List.of(first::countDown, () -> await(first), () -> await(first)));

        assertThat(first.getCount()).isZero();
    }

    // A registry that is down is not asked once more for each layer of an image.
    @Test
    void afterAFailureNotAllTheOthersAreTried() {
        List<Runnable> tasks = Collections.nCopies(100, () -> {
            started.incrementAndGet();
            throw new IllegalStateException("down");
        });

        assertThatThrownBy(() -> SideBySide.run(tasks))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("down");
        assertThat(started).hasValueLessThanOrEqualTo(6);
    }

    @Test
    void noTasksAreFine() {
        SideBySide.run(List.of());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
