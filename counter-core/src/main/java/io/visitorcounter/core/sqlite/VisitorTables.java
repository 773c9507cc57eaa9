package io.visitorcounter.core.sqlite;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.DailyVisitors;
import io.visitorcounter.core.spi.HyperLogLog;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The sketches and salts, in tables that are created once visitors are noted: at most 16,384 small rows for each
 *  counter and day, one for each non-empty register. Used by one thread, in a transaction. */
final class VisitorTables implements AutoCloseable {

    private static final List<String> SCHEMA = List.of(
            // Deleted data is overwritten: a deleted salt must not remain in the file.
            "PRAGMA secure_delete=ON",
            "CREATE TABLE IF NOT EXISTS salt(counter TEXT, day INTEGER, salt BLOB NOT NULL, PRIMARY KEY(counter, day))"
                    + " STRICT, WITHOUT ROWID",
            "CREATE TABLE IF NOT EXISTS sketch(counter TEXT, day INTEGER, register INTEGER, rank INTEGER NOT NULL,"
                    + " PRIMARY KEY(counter, day, register)) STRICT, WITHOUT ROWID");

    private final PreparedStatement propose;
    private final PreparedStatement readSalt;
    private final PreparedStatement note;
    private final PreparedStatement read;
    private final PreparedStatement forgetSalts;
    private final PreparedStatement forgetSketches;

    VisitorTables(Connection connection) throws SQLException {
        try (Statement sql = connection.createStatement()) {
            for (String statement : SCHEMA) {
                sql.execute(statement);
            }
        }
        propose = connection.prepareStatement(
                "INSERT INTO salt(counter, day, salt) VALUES(?, ?, ?) ON CONFLICT(counter, day) DO NOTHING");
        readSalt = connection.prepareStatement("SELECT salt FROM salt WHERE counter = ? AND day = ?");
        note = connection.prepareStatement("INSERT INTO sketch(counter, day, register, rank) VALUES(?, ?, ?, ?)"
                + " ON CONFLICT(counter, day, register) DO UPDATE SET rank = excluded.rank"
                + " WHERE excluded.rank > sketch.rank");
        read = connection.prepareStatement("SELECT day, rank, count(*) FROM sketch"
                + " WHERE counter = ? AND day >= ? AND day < ? GROUP BY day, rank");
        forgetSalts = connection.prepareStatement("DELETE FROM salt WHERE day < ?");
        forgetSketches = connection.prepareStatement("DELETE FROM sketch WHERE day < ?");
    }

    /** {@return the salt of a day, or the proposed one if there was none; data that is too old is deleted then} */
    byte[] salt(CounterName counter, LocalDate day, byte[] proposed) throws SQLException {
        if (Tables.with(propose, counter.text(), day.toEpochDay(), proposed).executeUpdate() > 0) {
            forgetSaltsBefore(day);
            Tables.with(forgetSketches, day.toEpochDay() - DailyVisitors.KEPT_DAYS + 1)
                    .executeUpdate();
        }
        try (ResultSet row =
                Tables.with(readSalt, counter.text(), day.toEpochDay()).executeQuery()) {
            return row.next() ? row.getBytes(1) : proposed;
        }
    }

    void forgetSaltsBefore(LocalDate day) throws SQLException {
        Tables.with(forgetSalts, day.toEpochDay()).executeUpdate();
    }

    void note(CounterName counter, LocalDate day, long hash) throws SQLException {
        Tables.with(note, counter.text(), day.toEpochDay(), HyperLogLog.register(hash), HyperLogLog.rank(hash))
                .executeUpdate();
    }

    /** {@return the days that had visitors, oldest first} */
    List<DailyVisitors> days(CounterName counter, LocalDate from, LocalDate to) throws SQLException {
        Map<LocalDate, int[]> byDay = new TreeMap<>();
        try (ResultSet row = Tables.with(read, counter.text(), from.toEpochDay(), to.toEpochDay())
                .executeQuery()) {
            while (row.next()) {
                int[] registersOfRank =
                        byDay.computeIfAbsent(LocalDate.ofEpochDay(row.getLong(1)), day -> emptySketch());
                registersOfRank[row.getInt(2)] = row.getInt(3);
                registersOfRank[0] -= row.getInt(3);
            }
        }
        List<DailyVisitors> days = new ArrayList<>();
        byDay.forEach(
                (day, registersOfRank) -> days.add(new DailyVisitors(day, HyperLogLog.estimate(registersOfRank))));
        return List.copyOf(days);
    }

    private static int[] emptySketch() {
        int[] registersOfRank = new int[HyperLogLog.MAX_RANK + 1];
        registersOfRank[0] = HyperLogLog.REGISTERS;
        return registersOfRank;
    }

    @Override
    public void close() throws SQLException {
        for (PreparedStatement statement : List.of(propose, readSalt, note, read, forgetSalts, forgetSketches)) {
            statement.close();
        }
    }
}
