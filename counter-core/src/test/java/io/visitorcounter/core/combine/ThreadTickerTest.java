package io.visitorcounter.core.combine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ThreadTickerTest {

    @Test
    void aTaskThatThrowsIsLoggedAndStopsNoOther() throws Exception {
        CountDownLatch later = new CountDownLatch(1);
        try (ThreadTicker ticker = new ThreadTicker("ticker of the test");
                CapturedLog log = new CapturedLog(ThreadTicker.class)) {
            ticker.at(ticker.now(), () -> {
                throw new NoClassDefFoundError("a task of the test");
            });
            ticker.at(ticker.now() + 1, later::countDown);

            assertThat(later.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(log.lines()).hasSize(1);
        }
    }
}
