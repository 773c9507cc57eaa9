package io.visitorcounter.core.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.contract.BackendContract;
import io.visitorcounter.core.spi.Backend;
import io.visitorcounter.core.spi.Batch;
import io.visitorcounter.core.spi.Change;
import io.visitorcounter.core.spi.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What memory holds, and its bounds. */
final class MemoryBackendTest extends BackendContract {

    private static final CounterName HOME = CounterName.of("home");
    private static final CounterValue NOTHING = new CounterValue(0, 0);

    private volatile Instant now = Instant.parse("2026-01-01T12:00:00Z");
    private final MemoryBackend backend =
            new MemoryBackend(((InstantSource) () -> now).withZone(ZoneOffset.UTC), Duration.ofHours(1));

    @Override
    protected Backend openBackend(CounterOptions options) {
        return new MemoryBackend(Clock.systemUTC(), options.idWindow());
    }

    @Override
    protected boolean shares() {
        return false;
    }

    /** No answer is lost on the way from one thread to another. */
    @Override
    protected boolean losesAnswers() {
        return false;
    }

    @Override
    protected boolean notesVisitors() {
        return true;
    }

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void visitIdsAreBoundedByNumberAndMakeRoomWhenTheyExpire() {
        for (int i = 0; i < MemoryBackend.MAX_IDS; i++) {
            backend.write(new Batch(CounterName.of("c" + i % 3), "id:" + i, 0, 1, NOTHING), outcome -> {});
        }

        assertThat(written("id:one more", 1))
                .isInstanceOfSatisfying(
                        Outcome.NotWritten.class,
                        not -> assertThat(not.why()).contains("100000 visit ids are remembered"));
        assertThat(written("lane:x", 1)).as("a visit without an id").isInstanceOf(Outcome.Written.class);
        now = now.plus(Duration.ofHours(2));
        assertThat(written("id:one more", 1)).isInstanceOf(Outcome.Written.class);
    }

    @Test
    void aValueEndsWhereRedisEnds() {
        long rest = CounterValue.MAX;
        while (rest > 0) {
            int step = (int) Math.min(rest, Integer.MAX_VALUE);
            rest -= step;
            backend.write(new Batch(HOME, "lane:x", 0, step, NOTHING), outcome -> {});
        }

        assertThat(written("lane:x", 1)).isInstanceOf(Outcome.NotWritten.class);
        assertThat(backend.value(HOME, NOTHING).toCompletableFuture().join().value())
                .isEqualTo(CounterValue.MAX);
    }

    @Test
    void anErrorIsAnOutcomeToo() {
        now = Instant.MAX; // ids can't be kept for any longer

        assertThat(written("id:x", 1)).isInstanceOf(Outcome.MaybeWritten.class);
        CompletableFuture<Outcome> changed = new CompletableFuture<>();
        backend.change(new Change(HOME, "set:x", 7, null, NOTHING), changed::complete);
        assertThat(changed).succeedsWithin(Duration.ofSeconds(10)).isInstanceOf(Outcome.MaybeWritten.class);
    }

    private Outcome written(String record, int visits) {
        CompletableFuture<Outcome> answer = new CompletableFuture<>();
        backend.write(new Batch(HOME, record, 0, visits, NOTHING), answer::complete);
        return answer.join();
    }
}
