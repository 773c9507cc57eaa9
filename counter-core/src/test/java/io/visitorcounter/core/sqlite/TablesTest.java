package io.visitorcounter.core.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.spi.Batch;
import io.visitorcounter.core.spi.Change;
import io.visitorcounter.core.spi.Outcome;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many visit ids a file takes: clients choose them, and each is a row for as long as it is remembered. */
final class TablesTest {

    private static final CounterName HOME = CounterName.of("home");
    private static final CounterValue NOTHING = new CounterValue(0, 0);
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration WINDOW = Duration.ofHours(1);
    private static final int MAX_IDS = 10;

    @TempDir
    private Path folder;

    private SqliteFile file;
    private Tables tables;

    @BeforeEach
    void open() throws SQLException {
        file = new SqliteFile(folder.resolve("visitors.db")).open();
        tables = new Tables(file.connect(), file.path(), MAX_IDS);
    }

    @AfterEach
    void close() throws SQLException {
        tables.close();
    }

    @Test
    void asManyIdsAreRememberedAsFitAndNoMore() throws Exception {
        for (int i = 1; i <= MAX_IDS; i++) {
            assertThat(counted("id:" + i, NOW)).isEqualTo(new Outcome.Written(i, 0, false, null));
        }

        assertThat(counted("id:more", NOW))
                .isEqualTo(new Outcome.NotWritten(
                        file.path()
                                + ": 10 visit ids are remembered, and no more fit; wait until some expire, or choose"
                                + " another store",
                        null,
                        false));
        assertThat(changed("set:more")).isInstanceOf(Outcome.NotWritten.class);
        assertThat(counted("id:3", NOW)).as("a repeat").isEqualTo(new Outcome.Written(3, 0, true, null));
        assertThat(counted("lane:x", NOW)).as("without an id").isEqualTo(new Outcome.Written(11, 0, false, null));
        assertThat(rows()).isEqualTo(MAX_IDS);
    }

    @Test
    void whatExpiredMakesRoom() throws Exception {
        for (int i = 1; i <= MAX_IDS; i++) {
            counted("id:" + i, NOW);
        }
        Instant later = NOW.plus(WINDOW).plusSeconds(1);

        for (int i = 1; i <= MAX_IDS; i++) {
            assertThat(counted("id:later-" + i, later)).isInstanceOf(Outcome.Written.class);
        }
        assertThat(counted("id:more", later)).isInstanceOf(Outcome.NotWritten.class);
        assertThat(rows()).isEqualTo(MAX_IDS);
    }

    @Test
    void whatWasRolledBackTakesNoRoom() throws Exception {
        counted("id:1", NOW);
        for (int i = 0; i < 2 * MAX_IDS; i++) {
            tables.begin();
            tables.count(batch("id:again-" + i), NOW, NOW.plus(WINDOW));
            tables.rollback();
        }

        for (int i = 2; i <= MAX_IDS; i++) {
            assertThat(counted("id:" + i, NOW)).isInstanceOf(Outcome.Written.class);
        }
        assertThat(counted("id:more", NOW)).isInstanceOf(Outcome.NotWritten.class);
    }

    @Test
    void whatAnotherProcessAddsOrForgetsIsSeenAMinuteLater() throws Exception {
        counted("id:1", NOW);
        try (Connection other = file.connect();
                Statement sql = other.createStatement()) {
            for (int i = 0; i < MAX_IDS; i++) {
                sql.execute("INSERT INTO id VALUES('home', 'id:other-" + i + "', 1, 0, " + Long.MAX_VALUE + ")");
            }
            Instant soon = NOW.plusSeconds(60);
            assertThat(counted("id:2", soon)).isInstanceOf(Outcome.NotWritten.class);

            sql.execute("DELETE FROM id WHERE id LIKE 'id:other-%'");
            assertThat(counted("id:2", soon.plusSeconds(60))).isInstanceOf(Outcome.Written.class);
        }
    }

    private Outcome counted(String record, Instant now) throws SQLException {
        tables.begin();
        Outcome outcome = tables.count(batch(record), now, now.plus(WINDOW));
        tables.commit();
        return outcome;
    }

    private Outcome changed(String record) throws SQLException {
        tables.begin();
        Outcome outcome = tables.change(new Change(HOME, record, 100, null, NOTHING), NOW, NOW.plus(WINDOW));
        tables.commit();
        return outcome;
    }

    private static Batch batch(String record) {
        return new Batch(HOME, record, 0, 1, NOTHING);
    }

    private long rows() throws SQLException {
        try (Connection other = file.connect();
                Statement sql = other.createStatement();
                var row = sql.executeQuery("SELECT count(*) FROM id")) {
            row.next();
            return row.getLong(1);
        }
    }
}
