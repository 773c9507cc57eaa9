package io.visitorcounter.core.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.spi.Batch;
import io.visitorcounter.core.spi.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one transaction does to the counters in it, and when the file itself has what was written. */
final class GroupCommitTest {

    private static final CounterName ONE = CounterName.of("one");
    private static final CounterName TWO = CounterName.of("two");
    private static final CounterValue NOTHING = new CounterValue(0, 0);

    @TempDir
    private Path folder;

    private final AtomicLong nanos = new AtomicLong(7);
    private boolean brokenClock;
    private Path path;
    private GroupCommit commit;

    /** Stands still, and throws when told. */
    private Instant now() {
        if (brokenClock) {
            throw new IllegalStateException("a clock of the test");
        }
        return Instant.parse("2026-01-01T12:00:00Z");
    }

    @BeforeEach
    void open() {
        path = folder.resolve("visitors.db");
        commit = new GroupCommit(
                new SqliteFile(path).open(),
                ((InstantSource) this::now).withZone(ZoneOffset.UTC),
                nanos::get,
                Duration.ofHours(1));
    }

    @AfterEach
    void close() {
        commit.close();
    }

    @Test
    void aRowThatCanNotBeChangedFailsItsOwnCounterOnly() throws SQLException {
        commit.write(List.of(batch(ONE), batch(TWO)));
        sql("UPDATE hour SET visits = " + Long.MAX_VALUE + " WHERE counter = 'one'");

        List<Outcome> outcomes = commit.write(List.of(batch(ONE), batch(TWO)));

        assertThat(outcomes.get(0))
                .isInstanceOfSatisfying(
                        Outcome.NotWritten.class, not -> assertThat(not.again()).isFalse());
        assertThat(outcomes.get(1)).isEqualTo(new Outcome.Written(2, 0, false, null));
        assertThat(number("SELECT value FROM counter WHERE name = 'one'", path)).isEqualTo(1);
    }

    @Test
    void anythingThatIsThrownBeforeTheCommitLeavesNothingAndCountingGoesOn() {
        brokenClock = true;
        List<Outcome> outcomes = commit.write(List.of(batch(ONE), batch(TWO)));
        brokenClock = false;

        assertThat(outcomes).hasSize(2).allMatch(outcome -> outcome instanceof Outcome.NotWritten);
        assertThat(commit.trouble()).contains("a clock of the test");
        assertThat(commit.write(List.of(batch(ONE)))).containsExactly(new Outcome.Written(1, 0, false, null));
        assertThat(commit.trouble()).isNull();
    }

    @Test
    void aSecondAfterTheFirstWriteACopyOfTheFileAloneHasIt() throws Exception {
        commit.write(List.of(batch(ONE)));
        commit.checkpoint();
        assertThat(commit.nanosToCheckpoint()).isEqualTo(TimeUnit.SECONDS.toNanos(1));
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(400));
        commit.write(List.of(batch(ONE)));
        assertThat(commit.nanosToCheckpoint()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(600));

        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(600));
        commit.checkpoint();

        assertThat(valueInACopy()).isEqualTo(2);
        assertThat(commit.write(List.of(batch(ONE)))).containsExactly(new Outcome.Written(3, 0, false, null));
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
        commit.checkpoint();
        assertThat(commit.nanosToCheckpoint()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whereNothingWasWrittenThereIsNothingToMove() {
        assertThat(commit.nanosToCheckpoint()).isEqualTo(Long.MAX_VALUE);
    }

    private static GroupCommit.Step batch(CounterName counter) {
        Batch batch = new Batch(counter, "lane:x", 0, 1, NOTHING);
        return (rows, now, until) -> rows.count(batch, now, until);
    }

    private long valueInACopy() throws Exception {
        Path copy = Files.copy(path, folder.resolve("copy.db"));
        return number("SELECT value FROM counter WHERE name = 'one'", copy);
    }

    private void sql(String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path);
                Statement sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }

    private static long number(String query, Path from) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + from);
                Statement sql = connection.createStatement();
                ResultSet row = sql.executeQuery(query)) {
            return row.next() ? row.getLong(1) : -1;
        }
    }
}
