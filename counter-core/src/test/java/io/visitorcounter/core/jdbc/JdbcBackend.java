package io.visitorcounter.core.jdbc;

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
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Reads and writes on one thread; a write is a transaction that first locks the one row of a table, so that those of several
 *  processes come after each other. */
final class JdbcBackend implements Backend {

    /** Far longer than a lane sends a batch again. */
    private static final Duration LANE_KEPT = Duration.ofHours(6);

    private final Database database;
    private final Duration idKept;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(task -> new Thread(task, "visits by JDBC"));
    private volatile String trouble = "";

    JdbcBackend(Database database, CounterOptions options) {
        this.database = database;
        this.idKept = options.idWindow().plus(options.deadline());
    }

    /** What is done in a transaction. */
    private interface Step<T> {
        T run(Instant now) throws SQLException;
    }

    @Override
    public void write(Batch batch, Consumer<Outcome> answer) {
        transact(now -> count(batch, now), answer);
    }

    @Override
    public void change(Change change, Consumer<Outcome> answer) {
        transact(now -> set(change, now), answer);
    }

    private void transact(Step<Outcome> step, Consumer<Outcome> answer) {
        try {
            thread.execute(() -> answer.accept(outcome(step)));
        } catch (RejectedExecutionException closed) {
            answer.accept(new Outcome.NotWritten("the store is closed", null, false));
        }
    }

    private Outcome outcome(Step<Outcome> step) {
        boolean committing = false;
        try {
            database.rows("SELECT id FROM latch FOR UPDATE", row -> row.getInt(1));
            Outcome outcome = step.run(Instant.now());
            committing = true;
            database.commit();
            trouble = "";
            return outcome;
        } catch (SQLException e) {
            // What was not committed ends with its connection. A commit whose end nobody saw: the same batch settles
            // it.
            String why = failed(e);
            return committing ? new Outcome.MaybeWritten(why, e, true) : new Outcome.NotWritten(why, e, true);
        }
    }

    private String failed(SQLException e) {
        database.disconnect();
        trouble = database + ": " + e.getMessage();
        return trouble;
    }

    private Outcome count(Batch batch, Instant now) throws SQLException {
        String name = batch.counter().text();
        Sent record = record(name, batch.record(), now);
        if (record.counted >= batch.cumulative()) {
            return record.counted == batch.cumulative()
                    ? kept(name, batch.record(), record, now, true)
                    : new Outcome.MaybeWritten(database + ": a later batch was found", null, false);
        }
        if (record.equals(Sent.NONE) && batch.previous() > 0) {
            return new Outcome.Forgotten();
        }
        int visits = Math.toIntExact(batch.cumulative() - record.counted);
        Tally before = tally(name);
        String objection = before.objection(visits);
        if (objection != null) {
            return new Outcome.NotWritten(database + ": counter " + name + ": " + objection, null, false);
        }
        Tally after = before.plus(visits, batch.known());
        Outcome.Regression regression = before.regression(batch.known());
        if (record.counted < batch.previous() && regression == null) {
            // The database lost visits of this sender, as from an old backup.
            regression = new Outcome.Regression(before.top(), before.value());
            after = before.changedTo(after.value(), batch.known());
        }
        store(name, after);
        addToHour(name, hour(now), visits);
        database.run("DELETE FROM visits WHERE name = ? AND since <= ?", name, hour(now) - HourlyVisits.KEPT.toHours());
        Sent counted = new Sent(batch.cumulative(), after.value(), after.generation());
        kept(name, batch.record(), counted, now, false);
        return new Outcome.Written(after.value(), after.generation(), false, regression);
    }

    private Outcome set(Change change, Instant now) throws SQLException {
        String name = change.counter().text();
        Sent record = record(name, change.record(), now);
        if (!record.equals(Sent.NONE)) {
            return kept(name, change.record(), record, now, true);
        }
        Tally after = tally(name).changedTo(change.value(), change.known());
        store(name, after);
        if (change.history() != null) {
            database.run("DELETE FROM visits WHERE name = ?", name);
            for (HourlyVisits hour : change.history()) {
                addToHour(name, hour(hour.hour()), hour.visits());
            }
        }
        return kept(name, change.record(), new Sent(1, after.value(), after.generation()), now, false);
    }

    /** What a sender's record holds. */
    private record Sent(long counted, long total, long generation) {
        static final Sent NONE = new Sent(0, 0, 0);
    }

    private Sent record(String name, String sender, Instant now) throws SQLException {
        database.run("DELETE FROM sent WHERE kept < ?", now.toEpochMilli());
        List<Sent> found = database.rows(
                "SELECT counted, total, generation FROM sent WHERE name = ? AND sender = ?",
                row -> new Sent(row.getLong(1), row.getLong(2), row.getLong(3)),
                name,
                sender);
        return found.isEmpty() ? Sent.NONE : found.get(0);
    }

    private Outcome kept(String name, String sender, Sent what, Instant now, boolean duplicate) throws SQLException {
        long until = now.plus(sender.startsWith("lane:") ? LANE_KEPT : idKept).toEpochMilli();
        database.put(
                "UPDATE sent SET counted = ?, total = ?, generation = ?, kept = ? WHERE name = ? AND sender = ?",
                "INSERT INTO sent(counted, total, generation, kept, name, sender) VALUES(?, ?, ?, ?, ?, ?)",
                what.counted,
                what.total,
                what.generation,
                until,
                name,
                sender);
        return new Outcome.Written(what.total, what.generation, duplicate, null);
    }

    private Tally tally(String name) throws SQLException {
        List<Tally> found = database.rows(
                "SELECT amount, generation, top FROM counter WHERE name = ?",
                row -> new Tally(row.getLong(1), row.getLong(2), row.getLong(3)),
                name);
        return found.isEmpty() ? Tally.NONE : found.get(0);
    }

    private void store(String name, Tally tally) throws SQLException {
        database.put(
                "UPDATE counter SET amount = ?, generation = ?, top = ? WHERE name = ?",
                "INSERT INTO counter(amount, generation, top, name) VALUES(?, ?, ?, ?)",
                tally.value(),
                tally.generation(),
                tally.top(),
                name);
    }

    private void addToHour(String name, long hour, long visits) throws SQLException {
        database.put(
                "UPDATE visits SET amount = amount + ? WHERE name = ? AND since = ?",
                "INSERT INTO visits(amount, name, since) VALUES(?, ?, ?)",
                visits,
                name,
                hour);
    }

    private static long hour(Instant instant) {
        return Math.floorDiv(instant.getEpochSecond(), 3600L);
    }

    @Override
    public CompletionStage<CounterValue> value(CounterName counter, CounterValue known) {
        return read(now -> tally(counter.text()).seen(known));
    }

    @Override
    public CompletionStage<List<CounterName>> counters() {
        return read(now ->
                database.rows("SELECT name FROM counter WHERE amount > 0", row -> CounterName.of(row.getString(1))));
    }

    @Override
    public CompletionStage<List<HourlyVisits>> history(CounterName counter, long fromHour, long toHour) {
        return read(now -> database.rows(
                "SELECT since, amount FROM visits WHERE name = ? AND since >= ? AND since < ? ORDER BY since",
                row -> new HourlyVisits(Instant.ofEpochSecond(row.getLong(1) * 3600), row.getLong(2)),
                counter.text(),
                fromHour,
                toHour));
    }

    private <T> CompletionStage<T> read(Step<T> step) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            thread.execute(() -> {
                try {
                    result.complete(step.run(Instant.now()));
                    database.commit();
                } catch (SQLException e) {
                    result.completeExceptionally(new IllegalStateException(failed(e), e));
                } catch (RuntimeException e) {
                    result.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException closed) {
            result.completeExceptionally(new StoreException(database + ": the store is closed", closed));
        }
        return result;
    }

    @Override
    public StoreHealth health() {
        return new StoreHealth(trouble.isEmpty() && !thread.isShutdown(), trouble.isEmpty() ? "" + database : trouble);
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            thread.awaitTermination(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        database.disconnect();
    }
}
