package io.visitorcounter.core.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.util.Timeout;
import io.netty.util.TimerTask;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadlineTimerTest {

    // A name of its own for each test's timer, since the threads of stopped ones end a moment later.
    private final String name = "timer-under-test-" + System.nanoTime();
    private static final TimerTask NOTHING = timeout -> {};

    private final DeadlineTimer timer = new DeadlineTimer(name);
    private final BlockingQueue<String> ran = new LinkedBlockingQueue<>();

    @AfterEach
    void stop() {
        timer.stop();
    }

    @Test
    void tasksRunWhenTheyAreDueTheSoonestFirst() throws Exception {
        long began = System.nanoTime();

        timer.newTimeout(timeout -> ran.add("later"), 60, TimeUnit.MILLISECONDS);
        timer.newTimeout(timeout -> ran.add("sooner"), 20, TimeUnit.MILLISECONDS);

        assertThat(take()).isEqualTo("sooner");
        assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
        assertThat(take()).isEqualTo("later");
        assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(60));
    }

    @Test
    void tasksThatAreDueTogetherRunInTheOrderTheyWereGiven() throws Exception {
        for (int i = 0; i < 100; i++) {
            int number = i;
            timer.newTimeout(timeout -> ran.add("task " + number), 0, TimeUnit.MILLISECONDS);
        }

        for (int i = 0; i < 100; i++) {
            assertThat(take()).isEqualTo("task " + i);
        }
    }

    @Test
    void aCancelledTaskDoesNotRunAndIsLetGo() throws Exception {
        // The timer's thread is held, so that nothing else is run before it is cancelled.
        CountDownLatch held = new CountDownLatch(1);
        timer.newTimeout(timeout -> held.await(), 0, TimeUnit.MILLISECONDS);
        Timeout cancelled = timer.newTimeout(timeout -> ran.add("cancelled"), 1, TimeUnit.MILLISECONDS);

        assertThat(cancelled.cancel()).isTrue();

        assertThat(cancelled.isCancelled()).isTrue();
        assertThat(cancelled.cancel()).isFalse();
        timer.newTimeout(timeout -> ran.add("next"), 2, TimeUnit.MILLISECONDS);
        held.countDown();
        assertThat(take()).isEqualTo("next");
        assertThat(timer.stop()).isEmpty();
    }

    @Test
    void aTaskThatRanCanNotBeCancelled() throws Exception {
        Timeout timeout = timer.newTimeout(due -> ran.add("task"), 0, TimeUnit.MILLISECONDS);

        take();

        assertThat(timeout.isExpired()).isTrue();
        assertThat(timeout.cancel()).isFalse();
        assertThat(timeout.isCancelled()).isFalse();
    }

    @Test
    void aTaskThatFailsDoesNotEndTheTimer() throws Exception {
        timer.newTimeout(
                timeout -> {
                    throw new IllegalStateException("a fault of the task");
                },
                0,
                TimeUnit.MILLISECONDS);

        timer.newTimeout(timeout -> ran.add("next"), 0, TimeUnit.MILLISECONDS);

        assertThat(take()).isEqualTo("next");
    }

    @Test
    void aTaskMayGiveTheTimerAnother() throws Exception {
        timer.newTimeout(
                timeout -> timeout.timer().newTimeout(second -> ran.add("second"), 1, TimeUnit.MILLISECONDS),
                1,
                TimeUnit.MILLISECONDS);

        assertThat(take()).isEqualTo("second");
    }

    @Test
    void timeoutsThatAreCancelledInTimeWakeNobody() throws Exception {
        timer.newTimeout(NOTHING, 60, TimeUnit.SECONDS).cancel();
        long before = timesWoken();

        for (int i = 0; i < 10_000; i++) {
            timer.newTimeout(NOTHING, 60, TimeUnit.SECONDS).cancel();
        }
        timer.newTimeout(timeout -> ran.add("still awake for what is due"), 1, TimeUnit.MILLISECONDS);

        assertThat(take()).startsWith("still awake");
        assertThat(timesWoken() - before).isLessThan(10);
    }

    @Test
    void stoppingSaysWhatWasLeftAndTakesNothingMore() throws Exception {
        Timeout left = timer.newTimeout(NOTHING, 60, TimeUnit.SECONDS);
        Thread thread = thread();

        assertThat(timer.stop()).containsExactly(left);

        assertThatThrownBy(() -> timer.newTimeout(NOTHING, 1, TimeUnit.SECONDS))
                .isInstanceOf(IllegalStateException.class);
        thread.join(10_000);
        assertThat(thread.isAlive()).isFalse();
    }

    @Test
    void manyThreadsLoseNoTask() throws Exception {
        List<CompletableFuture<Void>> threads = Stream.generate(() -> CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < 1_000; i++) {
                        timer.newTimeout(NOTHING, 1, TimeUnit.SECONDS).cancel();
                        timer.newTimeout(timeout -> ran.add("ran"), i % 5, TimeUnit.MILLISECONDS);
                    }
                }))
                .limit(4)
                .toList();
        threads.forEach(CompletableFuture::join);

        for (int i = 0; i < 4_000; i++) {
            assertThat(take()).isEqualTo("ran");
        }
        assertThat(timer.stop()).isEmpty();
    }

    private String take() throws InterruptedException {
        return String.valueOf(ran.poll(10, TimeUnit.SECONDS));
    }

    private long timesWoken() {
        return ManagementFactory.getThreadMXBean()
                .getThreadInfo(thread().getId())
                .getWaitedCount();
    }

    private Thread thread() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(name))
                .findAny()
                .orElseThrow();
    }
}
