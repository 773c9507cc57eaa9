package io.visitorcounter.core.sqlite;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.spi.Batch;
import io.visitorcounter.core.spi.Outcome;
import io.visitorcounter.core.spi.Tally;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a store, on one connection. Used by one thread. */
final class Tables implements AutoCloseable {

    static final List<String> SCHEMA = List.of(
            "CREATE TABLE IF NOT EXISTS counter(name TEXT PRIMARY KEY, value INTEGER NOT NULL,"
                    + " generation INTEGER NOT NULL, top INTEGER NOT NULL) STRICT, WITHOUT ROWID",
            "CREATE TABLE IF NOT EXISTS hour(counter TEXT, hour INTEGER, visits INTEGER NOT NULL,"
                    + " PRIMARY KEY(counter, hour)) STRICT, WITHOUT ROWID",
            "CREATE TABLE IF NOT EXISTS id(counter TEXT, id TEXT, number INTEGER NOT NULL,"
                    + " generation INTEGER NOT NULL, until INTEGER NOT NULL, PRIMARY KEY(counter, id)) STRICT,"
                    + " WITHOUT ROWID",
            "CREATE INDEX IF NOT EXISTS id_until ON id(until)");

    private final PreparedStatement begin;
    private final PreparedStatement commit;
    private final PreparedStatement rollback;
    private final PreparedStatement read;
    private final PreparedStatement write;
    private final PreparedStatement addToHour;
    private final PreparedStatement forgetHours;
    private final PreparedStatement readHours;
    private final PreparedStatement readId;
    private final PreparedStatement writeId;
    private final PreparedStatement forgetIds;
    private final PreparedStatement checkpoint;
    private final PreparedStatement touch;
    private final Connection connection;
    private final Path path;

    Tables(Connection connection, Path path) throws SQLException {
        this.connection = connection;
        this.path = path;
        begin = connection.prepareStatement("BEGIN IMMEDIATE");
        commit = connection.prepareStatement("COMMIT");
        rollback = connection.prepareStatement("ROLLBACK");
        read = connection.prepareStatement("SELECT value, generation, top FROM counter WHERE name = ?");
        write = connection.prepareStatement("INSERT INTO counter(name, value, generation, top) VALUES(?, ?, ?, ?)"
                + " ON CONFLICT(name) DO UPDATE SET value = excluded.value, generation = excluded.generation,"
                + " top = excluded.top");
        addToHour = connection.prepareStatement("INSERT INTO hour(counter, hour, visits) VALUES(?, ?, ?)"
                + " ON CONFLICT(counter, hour) DO UPDATE SET visits = visits + excluded.visits");
        forgetHours = connection.prepareStatement("DELETE FROM hour WHERE counter = ? AND hour <= ?");
        readHours = connection.prepareStatement(
                "SELECT hour, visits FROM hour WHERE counter = ? AND hour >= ? AND hour < ? ORDER BY hour");
        readId = connection.prepareStatement(
                "SELECT number, generation FROM id WHERE counter = ? AND id = ? AND until >= ?");
        writeId = connection.prepareStatement("INSERT INTO id(counter, id, number, generation, until)"
                + " VALUES(?, ?, ?, ?, ?) ON CONFLICT(counter, id) DO UPDATE SET number = excluded.number,"
                + " generation = excluded.generation, until = excluded.until");
        forgetIds = connection.prepareStatement("DELETE FROM id WHERE until < ?");
        touch = connection.prepareStatement("PRAGMA user_version=" + SqliteFile.SCHEMA);
        checkpoint = connection.prepareStatement("PRAGMA wal_checkpoint(PASSIVE)");
    }

    void begin() throws SQLException {
        begin.execute();
    }

    void commit() throws SQLException {
        commit.execute();
    }

    void rollback() throws SQLException {
        rollback.execute();
    }

    /** Writes to the file without changing it. */
    void touch() throws SQLException {
        touch.execute();
    }

    /** Moves what is committed from the log into the file, as far as no reader of another process is in the way. */
    void checkpoint() throws SQLException {
        try (ResultSet outcome = checkpoint.executeQuery()) {
            // A statement that is left open would make the next commit fail.
            outcome.next();
        }
    }

    /** Counts a batch in the open transaction.
     *
     *  @param idUntil until when an id is remembered */
    Outcome count(Batch batch, Instant now, Instant idUntil) throws SQLException {
        if (batch.hasId()) {
            Outcome first = repeated(batch, now, idUntil);
            if (first != null) {
                return first;
            }
        }
        Tally before = tally(batch.counter());
        String objection = before.objection(batch.visits());
        if (objection != null) {
            return new Outcome.NotWritten(row(batch.counter()) + ": " + objection, null, false);
        }
        Tally after = before.plus(batch.visits(), batch.known());
        write.setString(1, batch.counter().text());
        write.setLong(2, after.value());
        write.setLong(3, after.generation());
        write.setLong(4, after.top());
        write.executeUpdate();
        addToHour(batch, Math.floorDiv(now.getEpochSecond(), 3600L));
        if (batch.hasId()) {
            remember(batch, after.value(), after.generation(), idUntil);
        }
        return new Outcome.Written(after.value(), after.generation(), false, before.regression(batch.known()));
    }

    private void addToHour(Batch batch, long hour) throws SQLException {
        addToHour.setString(1, batch.counter().text());
        addToHour.setLong(2, hour);
        addToHour.setLong(3, batch.visits());
        addToHour.executeUpdate();
        forgetHours.setString(1, batch.counter().text());
        forgetHours.setLong(2, hour - HourlyVisits.KEPT.toHours());
        forgetHours.executeUpdate();
    }

    private @Nullable Outcome repeated(Batch batch, Instant now, Instant idUntil) throws SQLException {
        forgetIds.setLong(1, now.getEpochSecond());
        forgetIds.executeUpdate();
        readId.setString(1, batch.counter().text());
        readId.setString(2, batch.record());
        readId.setLong(3, now.getEpochSecond());
        long number;
        long generation;
        try (ResultSet row = readId.executeQuery()) {
            if (!row.next()) {
                return null;
            }
            number = row.getLong(1);
            generation = row.getLong(2);
        }
        remember(batch, number, generation, idUntil);
        return new Outcome.Written(number, generation, true, null);
    }

    private void remember(Batch batch, long number, long generation, Instant until) throws SQLException {
        writeId.setString(1, batch.counter().text());
        writeId.setString(2, batch.record());
        writeId.setLong(3, number);
        writeId.setLong(4, generation);
        writeId.setLong(5, until.getEpochSecond());
        writeId.executeUpdate();
    }

    /** {@return where a counter is stored, for messages} */
    private String row(CounterName counter) {
        return path + ": table counter, row \"" + counter + "\"";
    }

    /** {@return the counter's value, which a foreign hand may have set to anything} */
    CounterValue value(CounterName counter, CounterValue known) throws SQLException {
        Tally stored = tally(counter);
        String objection = stored.objection(0);
        if (objection != null) {
            throw new StoreException(row(counter) + ": " + objection, null);
        }
        return stored.seen(known);
    }

    private Tally tally(CounterName counter) throws SQLException {
        read.setString(1, counter.text());
        try (ResultSet row = read.executeQuery()) {
            return row.next() ? new Tally(row.getLong(1), row.getLong(2), row.getLong(3)) : Tally.NONE;
        }
    }

    /** {@return the hours that had visits, oldest first} */
    List<HourlyVisits> hours(CounterName counter, long fromHour, long toHour) throws SQLException {
        readHours.setString(1, counter.text());
        readHours.setLong(2, fromHour);
        readHours.setLong(3, toHour);
        List<HourlyVisits> hours = new ArrayList<>();
        try (ResultSet row = readHours.executeQuery()) {
            while (row.next()) {
                hours.add(new HourlyVisits(Instant.ofEpochSecond(row.getLong(1) * 3600), row.getLong(2)));
            }
        }
        return List.copyOf(hours);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
