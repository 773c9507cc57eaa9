package io.visitorcounter.web.fast;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IoThreadsTest {

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "4, 1", "7, 1", "8, 2", "12, 3", "16, 4", "64, 4"})
    void aThreadServesFourProcessors(int processors, int threads) {
        assertThat(IoThreads.count(processors)).isEqualTo(threads);
    }

    @Test
    void thereAreAsManyAsAreAskedFor() throws Exception {
        try (IoThreads threads = IoThreads.start(3)) {
            assertThat(threads.count()).isEqualTo(3);
        }
    }

    @Test
    void eachLoopRunsTasksOnItsThread() throws Exception {
        try (IoThreads threads = IoThreads.start(3)) {
            assertThat(threads.loops()).hasSize(threads.count());
            for (EventLoop loop : threads.loops()) {
                CompletableFuture<Thread> ran = new CompletableFuture<>();
                loop.execute(() -> ran.complete(Thread.currentThread()));

                assertThat(ran.get(10, TimeUnit.SECONDS)).isSameAs(loop.thread());
            }
        }
    }
}
