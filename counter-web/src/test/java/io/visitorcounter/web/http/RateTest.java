package io.visitorcounter.web.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RateTest {

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000); // System.nanoTime may wrap

    private final Rate rate = new Rate(10, Duration.ofSeconds(1), 1024, nanos::get);

    @Test
    void asManyUsesAsAPeriodAllowsComeAtOnceAndNoMore() {
        long allowed =
                IntStream.range(0, 50).filter(i -> rate.use("a").isZero()).count();

        assertThat(allowed).isEqualTo(10);
    }

    @Test
    void whatWasUsedComesBackWithTime() {
        IntStream.range(0, 10).forEach(i -> rate.use("a"));

        Duration wait = rate.use("a");
        nanos.addAndGet(wait.toNanos());

        assertThat(wait).isEqualTo(Duration.ofMillis(100));
        assertThat(rate.use("a")).isZero();
        assertThat(rate.use("a")).isPositive();
    }

    @Test
    void oneKeysUsesAreNotAnothers() {
        IntStream.range(0, 10).forEach(i -> rate.use("a"));

        assertThat(rate.use("b")).isZero();
    }
}
