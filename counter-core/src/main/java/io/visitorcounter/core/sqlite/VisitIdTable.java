package io.visitorcounter.core.sqlite;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.spi.Outcome;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Remembers, for a limited time, which number each visit id got and what each change did. The number of ids is
 *  limited. Used by one thread, in a transaction of {@link Tables}. */
final class VisitIdTable {

    /** The highest number of ids that are remembered: as many as counter-web accepts in a day. Each takes about
     *  150 bytes. */
    static final int MAX_IDS = 1_000_000;

    /** How often to recount, since other processes may add ids, in seconds. */
    private static final long COUNT_EVERY = 60;

    private final PreparedStatement read;
    private final PreparedStatement write;
    private final PreparedStatement forget;
    private final PreparedStatement count;
    private final Path path;
    private final int max;

    // How many ids there are, as far as this connection knows; negative if unknown.
    private long ids = -1;
    private long idsBefore = -1;
    private long countedAt;

    VisitIdTable(Connection connection, Path path, int max) throws SQLException {
        this.path = path;
        this.max = max;
        read = connection.prepareStatement(
                "SELECT number, generation FROM id WHERE counter = ? AND id = ? AND until >= ?");
        write = connection.prepareStatement("INSERT INTO id(counter, id, number, generation, until)"
                + " VALUES(?, ?, ?, ?, ?) ON CONFLICT(counter, id) DO UPDATE SET number = excluded.number,"
                + " generation = excluded.generation, until = excluded.until");
        forget = connection.prepareStatement("DELETE FROM id WHERE until < ?");
        count = connection.prepareStatement("SELECT count(*) FROM id");
    }

    void begin() {
        idsBefore = ids;
    }

    void rollback() {
        ids = idsBefore;
    }

    /** {@return the outcome of the first visit or change with this record, whose time is extended; null if there was
     *  none}
     *
     *  @param until the new time until which it is remembered */
    @Nullable Outcome repeated(CounterName counter, String record, Instant now, Instant until) throws SQLException {
        ids -= Tables.with(forget, now.getEpochSecond()).executeUpdate();
        long number;
        long generation;
        try (ResultSet row =
                Tables.with(read, counter.text(), record, now.getEpochSecond()).executeQuery()) {
            if (!row.next()) {
                return null;
            }
            number = row.getLong(1);
            generation = row.getLong(2);
        }
        remember(counter, record, number, generation, until);
        return new Outcome.Written(number, generation, true, null);
    }

    /** Reserves room for one more id.
     *
     *  @return null; or, if there is no room, the outcome of the visit or change */
    @Nullable Outcome reserve(Instant now) throws SQLException {
        if (ids < 0 || now.getEpochSecond() - countedAt >= COUNT_EVERY) {
            try (ResultSet row = count.executeQuery()) {
                row.next();
                ids = row.getLong(1);
            }
            countedAt = now.getEpochSecond();
        }
        if (ids >= max) {
            return new Outcome.NotWritten(
                    path + ": " + max + " visit ids are remembered, and no more fit; wait until some expire, or choose"
                            + " another store",
                    null,
                    false);
        }
        ids++;
        return null;
    }

    void remember(CounterName counter, String record, long number, long generation, Instant until) throws SQLException {
        Tables.with(write, counter.text(), record, number, generation, until.getEpochSecond())
                .executeUpdate();
    }
}
