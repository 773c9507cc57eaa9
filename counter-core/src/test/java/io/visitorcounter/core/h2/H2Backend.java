package io.visitorcounter.core.h2;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.StoreHealth;
import io.visitorcounter.core.spi.Backend;
import io.visitorcounter.core.spi.Batch;
import io.visitorcounter.core.spi.Change;
import io.visitorcounter.core.spi.Outcome;
import io.visitorcounter.core.spi.Tally;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads and writes by one connection, on one thread; a write is a transaction that first locks the one row of a table, so
 *  that those of several processes come after each other. */
final class H2Backend implements Backend {

    /** Far longer than a lane sends a batch again. */
    private static final Duration LANE_KEPT = Duration.ofHours(6);

    private final Connection connection;
    private final CounterOptions options;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> new Thread(task, "visits in H2"));

    H2Backend(Connection connection, CounterOptions options) throws SQLException {
        this.connection = connection;
        this.options = options;
        run("CREATE TABLE IF NOT EXISTS latch(id INT PRIMARY KEY)");
        run("MERGE INTO latch VALUES(1)");
        run("CREATE TABLE IF NOT EXISTS counter(name VARCHAR PRIMARY KEY, amount BIGINT, generation BIGINT, top"
                + " BIGINT)");
        run("CREATE TABLE IF NOT EXISTS visits(name VARCHAR, since BIGINT, amount BIGINT, PRIMARY KEY(name, since))");
        run("CREATE TABLE IF NOT EXISTS record(name VARCHAR, record VARCHAR, counted BIGINT, total BIGINT,"
                + " generation BIGINT, until BIGINT, PRIMARY KEY(name, record))");
        connection.setAutoCommit(false);
    }

    /** What is done in a transaction. */
    private interface Step {
        Outcome run(Instant now) throws SQLException;
    }

    @Override
    public void write(Batch batch, Consumer<Outcome> answer) {
        transact(now -> count(batch, now), answer);
    }

    @Override
    public void change(Change change, Consumer<Outcome> answer) {
        transact(now -> set(change, now), answer);
    }

    private void transact(Step step, Consumer<Outcome> answer) {
        try {
            thread.execute(() -> answer.accept(outcome(step)));
        } catch (RejectedExecutionException closed) {
            answer.accept(new Outcome.NotWritten("the store is closed", null, false));
        }
    }

    private Outcome outcome(Step step) {
        boolean committing = false;
        try {
            rows("SELECT id FROM latch FOR UPDATE", row -> row.getInt(1));
            Outcome outcome = step.run(Instant.now());
            committing = true;
            connection.commit();
            return outcome;
        } catch (SQLException e) {
            String why = "h2: " + e.getMessage();
            boolean undone = !committing && rolledBack();
            // A lock that was not had in time, and a commit whose end nobody saw: the same batch again settles both.
            return undone ? new Outcome.NotWritten(why, e, true) : new Outcome.MaybeWritten(why, e, true);
        }
    }

    private boolean rolledBack() {
        try {
            connection.rollback();
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    private Outcome count(Batch batch, Instant now) throws SQLException {
        String name = batch.counter().text();
        Duration kept = batch.hasId() ? options.idWindow().plus(options.deadline()) : LANE_KEPT;
        Remembered record = record(name, batch.record(), now);
        if (record != null && record.counted == batch.cumulative()) {
            remember(name, batch.record(), record, now.plus(kept));
            return new Outcome.Written(record.total, record.generation, true, null);
        }
        if (record != null && record.counted > batch.cumulative()) {
            return new Outcome.MaybeWritten("h2: a later batch was found", null, false);
        }
        if (record == null && batch.previous() > 0) {
            return new Outcome.Forgotten();
        }
        int visits = Math.toIntExact(batch.cumulative() - (record == null ? 0 : record.counted));
        Tally before = tally(name);
        String objection = before.objection(visits);
        if (objection != null) {
            return new Outcome.NotWritten("h2: counter " + name + ": " + objection, null, false);
        }
        Tally after = before.plus(visits, batch.known());
        run("MERGE INTO counter VALUES(?, ?, ?, ?)", name, after.value(), after.generation(), after.top());
        long hour = hour(now);
        List<Long> inHour =
                rows("SELECT amount FROM visits WHERE name = ? AND since = ?", row -> row.getLong(1), name, hour);
        run("MERGE INTO visits VALUES(?, ?, ?)", name, hour, visits + (inHour.isEmpty() ? 0 : inHour.get(0)));
        run("DELETE FROM visits WHERE name = ? AND since <= ?", name, hour - HourlyVisits.KEPT.toHours());
        remember(
                name,
                batch.record(),
                new Remembered(batch.cumulative(), after.value(), after.generation()),
                now.plus(kept));
        return new Outcome.Written(after.value(), after.generation(), false, before.regression(batch.known()));
    }

    private Outcome set(Change change, Instant now) throws SQLException {
        String name = change.counter().text();
        Remembered record = record(name, change.record(), now);
        if (record != null) {
            return new Outcome.Written(record.total, record.generation, true, null);
        }
        Tally after = tally(name).changedTo(change.value(), change.known());
        run("MERGE INTO counter VALUES(?, ?, ?, ?)", name, after.value(), after.generation(), after.top());
        List<HourlyVisits> history = change.history();
        if (history != null) {
            run("DELETE FROM visits WHERE name = ?", name);
            for (HourlyVisits hour : history) {
                run("INSERT INTO visits VALUES(?, ?, ?)", name, hour(hour.hour()), hour.visits());
            }
        }
        Remembered done = new Remembered(1, after.value(), after.generation());
        remember(name, change.record(), done, now.plus(options.idWindow()).plus(options.deadline()));
        return new Outcome.Written(after.value(), after.generation(), false, null);
    }

    /** What a sender's record holds. */
    private record Remembered(long counted, long total, long generation) {}

    private @Nullable Remembered record(String name, String record, Instant now) throws SQLException {
        run("DELETE FROM record WHERE until < ?", now.toEpochMilli());
        List<Remembered> found = rows(
                "SELECT counted, total, generation FROM record WHERE name = ? AND record = ?",
                row -> new Remembered(row.getLong(1), row.getLong(2), row.getLong(3)),
                name,
                record);
        return found.isEmpty() ? null : found.get(0);
    }

    private void remember(String name, String record, Remembered what, Instant until) throws SQLException {
        run(
                "MERGE INTO record VALUES(?, ?, ?, ?, ?, ?)",
                name,
                record,
                what.counted,
                what.total,
                what.generation,
                until.toEpochMilli());
    }

    private Tally tally(String name) throws SQLException {
        List<Tally> found = rows(
                "SELECT amount, generation, top FROM counter WHERE name = ?",
                row -> new Tally(row.getLong(1), row.getLong(2), row.getLong(3)),
                name);
        return found.isEmpty() ? Tally.NONE : found.get(0);
    }

    private static long hour(Instant instant) {
        return Math.floorDiv(instant.getEpochSecond(), 3600L);
    }

    @Override
    public CompletionStage<CounterValue> value(CounterName counter, CounterValue known) {
        return read(() -> tally(counter.text()).seen(known));
    }

    @Override
    public CompletionStage<List<CounterName>> counters() {
        return read(() -> rows("SELECT name FROM counter WHERE amount > 0", row -> CounterName.of(row.getString(1))));
    }

    @Override
    public CompletionStage<List<HourlyVisits>> history(CounterName counter, long fromHour, long toHour) {
        return read(() -> rows(
                "SELECT since, amount FROM visits WHERE name = ? AND since >= ? AND since < ? ORDER BY since",
                row -> new HourlyVisits(Instant.ofEpochSecond(row.getLong(1) * 3600), row.getLong(2)),
                counter.text(),
                fromHour,
                toHour));
    }

    /** Reads in the thread. */
    private interface Query<T> {
        T run() throws SQLException;
    }

    private <T> CompletionStage<T> read(Query<T> query) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            thread.execute(() -> {
                try {
                    result.complete(query.run());
                    connection.commit();
                } catch (SQLException | RuntimeException e) {
                    result.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException closed) {
            result.completeExceptionally(new StoreException("h2: the store is closed", closed));
        }
        return result;
    }

    private void run(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = prepared(sql, values)) {
            statement.execute();
        }
    }

    /** Makes something of a row. */
    private interface Mapping<T> {
        T of(ResultSet row) throws SQLException;
    }

    private <T> List<T> rows(String sql, Mapping<T> mapping, Object... values) throws SQLException {
        List<T> found = new ArrayList<>();
        try (PreparedStatement statement = prepared(sql, values);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                found.add(mapping.of(rows));
            }
        }
        return found;
    }

    private PreparedStatement prepared(String sql, Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    @Override
    public StoreHealth health() {
        return new StoreHealth(!thread.isShutdown(), "h2");
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            thread.awaitTermination(1, TimeUnit.MINUTES);
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            throw new StoreException("h2: can't be closed: " + e.getMessage(), e);
        }
    }
}
