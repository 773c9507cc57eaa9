package io.visitorcounter.core.sqlite;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.spi.Batch;
import io.visitorcounter.core.spi.Change;
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

    /** How many visit ids are remembered at most: as many as counter-web takes in a day. Each takes some 150 bytes. */
    static final int MAX_IDS = 1_000_000;

    /** How often the ids are counted that other processes may have added, in seconds. */
    private static final long COUNT_EVERY = 60;

    private final PreparedStatement begin;
    private final PreparedStatement commit;
    private final PreparedStatement rollback;
    private final PreparedStatement read;
    private final PreparedStatement write;
    private final PreparedStatement addToHour;
    private final PreparedStatement forgetHours;
    private final PreparedStatement readHours;
    private final PreparedStatement readNames;
    private final PreparedStatement readId;
    private final PreparedStatement writeId;
    private final PreparedStatement forgetIds;
    private final PreparedStatement countIds;
    private final PreparedStatement checkpoint;
    private final PreparedStatement touch;
    private final Connection connection;
    private final Path path;
    private @Nullable VisitorTables visitors;
    private final int maxIds;

    // How many ids there are, as far as this connection knows; below 0 where it does not.
    private long ids = -1;
    private long idsBefore = -1;
    private long idsCounted;

    Tables(Connection connection, Path path) throws SQLException {
        this(connection, path, MAX_IDS);
    }

    Tables(Connection connection, Path path, int maxIds) throws SQLException {
        this.connection = connection;
        this.path = path;
        this.maxIds = maxIds;
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
        readNames = connection.prepareStatement("SELECT name FROM counter WHERE value > 0");
        readId = connection.prepareStatement(
                "SELECT number, generation FROM id WHERE counter = ? AND id = ? AND until >= ?");
        writeId = connection.prepareStatement("INSERT INTO id(counter, id, number, generation, until)"
                + " VALUES(?, ?, ?, ?, ?) ON CONFLICT(counter, id) DO UPDATE SET number = excluded.number,"
                + " generation = excluded.generation, until = excluded.until");
        forgetIds = connection.prepareStatement("DELETE FROM id WHERE until < ?");
        countIds = connection.prepareStatement("SELECT count(*) FROM id");
        touch = connection.prepareStatement("PRAGMA user_version=" + SqliteFile.SCHEMA);
        checkpoint = connection.prepareStatement("PRAGMA wal_checkpoint(PASSIVE)");
    }

    void begin() throws SQLException {
        idsBefore = ids;
        begin.execute();
    }

    void commit() throws SQLException {
        commit.execute();
    }

    void rollback() throws SQLException {
        ids = idsBefore;
        VisitorTables perhapsUndone = visitors;
        visitors = null;
        try {
            if (perhapsUndone != null) {
                perhapsUndone.close();
            }
        } finally {
            rollback.execute();
        }
    }

    /** {@return the tables of the visitors, which are made if there are none; in the open transaction} */
    VisitorTables visitors() throws SQLException {
        VisitorTables tables = visitors;
        if (tables == null) {
            tables = new VisitorTables(connection);
            visitors = tables;
        }
        return tables;
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
            Outcome first = repeated(batch.counter(), batch.record(), now, idUntil);
            if (first != null) {
                return first;
            }
        }
        Tally before = tally(batch.counter());
        String objection = before.objection(batch.visits());
        if (objection != null) {
            return new Outcome.NotWritten(row(batch.counter()) + ": " + objection, null, false);
        }
        if (batch.hasId() && !hasRoom(now)) {
            return noRoom();
        }
        Tally after = before.plus(batch.visits(), batch.known());
        write(batch.counter(), after);
        addToHour(batch.counter(), hour(now), batch.visits());
        forgetHours(batch.counter(), hour(now) - HourlyVisits.KEPT.toHours());
        if (batch.hasId()) {
            remember(batch.counter(), batch.record(), after.value(), after.generation(), idUntil);
        }
        return new Outcome.Written(after.value(), after.generation(), false, before.regression(batch.known()));
    }

    /** Sets a value in the open transaction.
     *
     *  @param until when the change is remembered */
    Outcome change(Change change, Instant now, Instant until) throws SQLException {
        CounterName counter = change.counter();
        Outcome first = repeated(counter, change.record(), now, until);
        if (first != null) {
            return first;
        }
        Tally before = tally(counter);
        String objection = before.objection(0);
        if (objection != null) {
            return new Outcome.NotWritten(row(counter) + ": " + objection, null, false);
        }
        if (!hasRoom(now)) {
            return noRoom();
        }
        Tally after = before.changedTo(change.value(), change.known());
        write(counter, after);
        List<HourlyVisits> history = change.history();
        if (history != null) {
            forgetHours(counter, Long.MAX_VALUE);
            for (HourlyVisits hour : history) {
                addToHour(counter, hour(hour.hour()), hour.visits());
            }
            forgetHours(counter, hour(now) - HourlyVisits.KEPT.toHours());
        }
        remember(counter, change.record(), after.value(), after.generation(), until);
        return new Outcome.Written(after.value(), after.generation(), false, null);
    }

    private static long hour(Instant now) {
        return Math.floorDiv(now.getEpochSecond(), 3600L);
    }

    private void write(CounterName counter, Tally tally) throws SQLException {
        write.setString(1, counter.text());
        write.setLong(2, tally.value());
        write.setLong(3, tally.generation());
        write.setLong(4, tally.top());
        write.executeUpdate();
    }

    private void addToHour(CounterName counter, long hour, long visits) throws SQLException {
        addToHour.setString(1, counter.text());
        addToHour.setLong(2, hour);
        addToHour.setLong(3, visits);
        addToHour.executeUpdate();
    }

    private void forgetHours(CounterName counter, long upTo) throws SQLException {
        forgetHours.setString(1, counter.text());
        forgetHours.setLong(2, upTo);
        forgetHours.executeUpdate();
    }

    private @Nullable Outcome repeated(CounterName counter, String record, Instant now, Instant idUntil)
            throws SQLException {
        forgetIds.setLong(1, now.getEpochSecond());
        ids -= forgetIds.executeUpdate();
        readId.setString(1, counter.text());
        readId.setString(2, record);
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
        remember(counter, record, number, generation, idUntil);
        return new Outcome.Written(number, generation, true, null);
    }

    /** {@return whether one id more may be remembered} */
    private boolean hasRoom(Instant now) throws SQLException {
        if (ids < 0 || now.getEpochSecond() - idsCounted >= COUNT_EVERY) {
            try (ResultSet row = countIds.executeQuery()) {
                row.next();
                ids = row.getLong(1);
            }
            idsCounted = now.getEpochSecond();
        }
        return ids++ < maxIds;
    }

    private Outcome noRoom() {
        ids--;
        return new Outcome.NotWritten(
                path + ": " + maxIds + " visit ids are remembered, and no more fit; wait until some expire, or choose"
                        + " another store",
                null,
                false);
    }

    private void remember(CounterName counter, String record, long number, long generation, Instant until)
            throws SQLException {
        writeId.setString(1, counter.text());
        writeId.setString(2, record);
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

    /** {@return the counters whose value is above 0} */
    List<CounterName> counters() throws SQLException {
        List<CounterName> names = new ArrayList<>();
        try (ResultSet row = readNames.executeQuery()) {
            while (row.next()) {
                names.add(CounterName.of(row.getString(1)));
            }
        }
        return names;
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
