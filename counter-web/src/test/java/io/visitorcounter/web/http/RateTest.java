package io.visitorcounter.web.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RateTest {

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000); // System.nanoTime may wrap

    private final Rate rate = new Rate(10, Duration.ofSeconds(1), 1024, nanos::get, 0x9E3779B97F4A7C15L);

    @Test
    void asManyUsesAsAPeriodAllowsComeAtOnceAndNoMore() {
        long allowed = IntStream.range(0, 50).filter(i -> rate.use(1).isZero()).count();

        assertThat(allowed).isEqualTo(10);
    }

    @Test
    void whatWasUsedComesBackWithTime() {
        IntStream.range(0, 10).forEach(i -> rate.use(1));

        Duration wait = rate.use(1);
        nanos.addAndGet(wait.toNanos());

        assertThat(wait).isEqualTo(Duration.ofMillis(100));
        assertThat(rate.use(1)).isZero();
        assertThat(rate.use(1)).isPositive();
    }

    @Test
    void oneKeysUsesAreNotAnothers() {
        IntStream.range(0, 10).forEach(i -> rate.use(1));

        assertThat(rate.use(2)).isZero();
    }

    @Test
    void fewKeysShareAPlaceHoweverTheyAreChosen() {
        Random secrets = new Random(1);

        int shared = IntStream.range(0, 2_000)
                .map(i -> {
                    Rate any = new Rate(1, Duration.ofSeconds(1), 1024, nanos::get, secrets.nextLong());
                    any.use(0x2001_0db8_0000_0001L);
                    return any.use(0x2001_0db9_0000_0000L).isZero() ? 0 : 1; // the sums of their halves are equal
                })
                .sum();

        assertThat(shared).isLessThan(10);
    }
}
