package io.visitorcounter.core.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.MaybeCountedException;
import io.visitorcounter.core.NotCountedException;
import io.visitorcounter.core.Visit;
import io.visitorcounter.core.VisitId;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.core.combine.CapturedLog;
import io.visitorcounter.core.contract.CountingProcess;
import io.visitorcounter.core.spi.StoreFactory;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A full disk, and processes that share a file and are killed. */
final class SqliteFaultsIT {

    private static final CounterName NAME = CounterName.of("shared");
    private static final Duration SOON = Duration.ofSeconds(10);

    private static final int UNLIMITED = 1 << 30;

    @TempDir
    private Path folder;

    /** A file that can't grow further, as on a full disk. */
    private static final class LimitedFile extends SqliteFile {

        private volatile int maxPages = UNLIMITED;

        LimitedFile(Path path) {
            super(path);
        }

        @Override
        Connection connect() throws SQLException {
            Connection connection = super.connect();
            try (Statement limit = connection.createStatement()) {
                limit.execute("PRAGMA max_page_count=" + maxPages);
            }
            return connection;
        }
    }

    @Test
    void aFullDiskCountsNothingAndCountsAgainOnceThereIsRoom() throws Exception {
        LimitedFile file = new LimitedFile(folder.resolve("full.db"));
        file.open();
        file.maxPages = 12;
        CounterOptions options =
                CounterOptions.builder().deadline(Duration.ofSeconds(1)).build();
        try (CapturedLog log = new CapturedLog("io.visitorcounter.core");
                CounterStore store =
                        StoreFactory.open(new SqliteBackend(file, Clock.systemUTC(), Duration.ofHours(1)), options)) {
            VisitorCounter counter = store.counter(NAME);
            long counted = 0;
            try {
                while (counted < 100_000) {
                    counter.visit(VisitId.random()).toCompletableFuture().join();
                    counted++;
                }
            } catch (CompletionException full) {
                isRefused(full);
            }
            assertThat(counted).isBetween(1L, 99_999L);
            assertThat(counter.value().toCompletableFuture().join().value()).isEqualTo(counted);
            VisitId refused = VisitId.random();
            isRefused(catchThrowable(
                    () -> counter.visit(refused).toCompletableFuture().join()));
            assertThat(counter.value().toCompletableFuture().join().value()).isEqualTo(counted);
            // Not the store's health: the file can't grow, and a visit without an id, which needs no page more, is
            // counted.
            assertThat(log.lines()).first().asString().contains("visits fail: ", "full.db: the disk is full");

            file.maxPages = UNLIMITED;

            await(() -> store.health().up());
            Visit again = counter.visit(refused).toCompletableFuture().join();
            assertThat(again.number()).isEqualTo(counted + 1);
            assertThat(again.duplicate()).isFalse();
        }
    }

    /** Whose deadline comes while the full disk is tried once more can't be told that it was not counted. */
    private static void isRefused(Throwable full) {
        assertThat(full.getCause())
                .isInstanceOfAny(NotCountedException.class, MaybeCountedException.class)
                .hasMessageContaining("full.db: the disk is full");
    }

    @Test
    void processesThatShareAFileStayExactThoughTheyAreKilled() throws Exception {
        URI uri = URI.create("sqlite:" + folder.resolve("shared.db"));
        List<Long> numbers = new ArrayList<>();
        int kills = 4;
        try (CounterStore own =
                CounterStore.open(uri, CounterOptions.builder().deadline(SOON).build())) {
            VisitorCounter counter = own.counter(NAME);
            List<CountingProcess> processes = new ArrayList<>();
            for (int i = 0; i < kills; i++) {
                processes.add(CountingProcess.start(uri, NAME));
            }
            for (CountingProcess process : processes) {
                while (process.said() < 30 && process.isAlive()) {
                    numbers.add(counter.visit(SOON).number());
                }
                numbers.addAll(process.kill());
            }
            long value = counter.value().toCompletableFuture().join().value();

            assertThat(numbers).doesNotHaveDuplicates().hasSizeGreaterThan(kills * 30);
            assertThat(numbers).allMatch(number -> number >= 1 && number <= value);
            assertThat(value)
                    .isBetween((long) numbers.size(), (long) numbers.size() + (long) kills * CountingProcess.THREADS);
        }
        try (CounterStore again = CounterStore.open(uri, CounterOptions.defaults())) {
            assertThat(again.counter(NAME).value().toCompletableFuture().join().generation())
                    .isZero();
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("within 20 s").isLessThan(until);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }
}
