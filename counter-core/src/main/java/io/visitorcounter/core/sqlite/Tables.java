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

/** The rows of a store, on one connection: values and hours here, ids and visitors in tables of their own. Used by one thread. */
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
    private final PreparedStatement readNames;
    private final PreparedStatement checkpoint;
    private final PreparedStatement touch;
    private final Connection connection;
    private final Path path;
    private final VisitIdTable ids;
    private @Nullable VisitorTables visitors;

    Tables(Connection connection, Path path) throws SQLException {
        this(connection, path, VisitIdTable.MAX_IDS);
    }

    Tables(Connection connection, Path path, int maxIds) throws SQLException {
        this.connection = connection;
        this.path = path;
        this.ids = new VisitIdTable(connection, path, maxIds);
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
        touch = connection.prepareStatement("PRAGMA user_version=" + SqliteFile.SCHEMA);
        checkpoint = connection.prepareStatement("PRAGMA wal_checkpoint(PASSIVE)");
    }

    void begin() throws SQLException {
        ids.begin();
        begin.execute();
    }

    void commit() throws SQLException {
        commit.execute();
    }

    void rollback() throws SQLException {
        ids.rollback();
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

    /** {@return the tables of the visitors; created if absent, in the open transaction} */
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

    /** Moves what is committed from the log into the file, as far as readers of other processes permit. */
    void checkpoint() throws SQLException {
        try (ResultSet outcome = checkpoint.executeQuery()) {
            // An open statement would make the next commit fail.
            outcome.next();
        }
    }

    /** Counts a batch in the open transaction. An id is remembered until the given time. */
    Outcome count(Batch batch, Instant now, Instant idUntil) throws SQLException {
        if (batch.hasId()) {
            Outcome first = ids.repeated(batch.counter(), batch.record(), now, idUntil);
            if (first != null) {
                return first;
            }
        }
        Tally before = tally(batch.counter());
        String objection = before.objection(batch.visits());
        if (objection != null) {
            return new Outcome.NotWritten(row(batch.counter()) + ": " + objection, null, false);
        }
        Outcome full = batch.hasId() ? ids.reserve(now) : null;
        if (full != null) {
            return full;
        }
        Tally after = before.plus(batch.visits(), batch.known());
        write(batch.counter(), after);
        addToHour(batch.counter(), hour(now), batch.visits());
        forgetHours(batch.counter(), hour(now) - HourlyVisits.KEPT.toHours());
        if (batch.hasId()) {
            ids.remember(batch.counter(), batch.record(), after.value(), after.generation(), idUntil);
        }
        return new Outcome.Written(after.value(), after.generation(), false, before.regression(batch.known()));
    }

    /** Sets a value in the open transaction. The change is remembered until the given time. */
    Outcome change(Change change, Instant now, Instant until) throws SQLException {
        CounterName counter = change.counter();
        Outcome first = ids.repeated(counter, change.record(), now, until);
        if (first != null) {
            return first;
        }
        Tally before = tally(counter);
        String objection = before.objection(0);
        if (objection != null) {
            return new Outcome.NotWritten(row(counter) + ": " + objection, null, false);
        }
        Outcome full = ids.reserve(now);
        if (full != null) {
            return full;
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
        ids.remember(counter, change.record(), after.value(), after.generation(), until);
        return new Outcome.Written(after.value(), after.generation(), false, null);
    }

    private static long hour(Instant now) {
        return Math.floorDiv(now.getEpochSecond(), 3600L);
    }

    private void write(CounterName counter, Tally tally) throws SQLException {
        with(write, counter.text(), tally.value(), tally.generation(), tally.top())
                .executeUpdate();
    }

    private void addToHour(CounterName counter, long hour, long visits) throws SQLException {
        with(addToHour, counter.text(), hour, visits).executeUpdate();
    }

    private void forgetHours(CounterName counter, long upTo) throws SQLException {
        with(forgetHours, counter.text(), upTo).executeUpdate();
    }

    /** {@return the statement, its parameters set in order} */
    static PreparedStatement with(PreparedStatement statement, Object... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }

    /** {@return where a counter is stored, for messages} */
    private String row(CounterName counter) {
        return path + ": table counter, row \"" + counter + "\"";
    }

    /** {@return the counter's value; another program may have set it to anything} */
    CounterValue value(CounterName counter, CounterValue known) throws SQLException {
        Tally stored = tally(counter);
        String objection = stored.objection(0);
        if (objection != null) {
            throw new StoreException(row(counter) + ": " + objection, null);
        }
        return stored.seen(known);
    }

    private Tally tally(CounterName counter) throws SQLException {
        try (ResultSet row = with(read, counter.text()).executeQuery()) {
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
        List<HourlyVisits> hours = new ArrayList<>();
        try (ResultSet row = with(readHours, counter.text(), fromHour, toHour).executeQuery()) {
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
