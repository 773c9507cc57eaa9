package io.visitorcounter.core.sqlite;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.StoreHealth;
import io.visitorcounter.core.spi.Backend;
import io.visitorcounter.core.spi.Batch;
import io.visitorcounter.core.spi.Outcome;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the batches of all lanes that wait in one transaction with one sync, on one thread. */
final class SqliteBackend implements Backend {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteBackend.class);

    private final SqliteFile file;
    private final Clock clock;
    private final Duration idWindow;
    private final LinkedBlockingQueue<Task> tasks = new LinkedBlockingQueue<>();
    private final Thread thread;
    private @Nullable Tables tables;
    private final AtomicBoolean probing = new AtomicBoolean();
    private volatile boolean closed;
    private volatile @Nullable String trouble;

    SqliteBackend(SqliteFile file, Clock clock, Duration idWindow) {
        this.file = file;
        this.clock = clock;
        this.idWindow = idWindow;
        this.thread = new Thread(this::work, "visitor-counter-sqlite");
        thread.setDaemon(true);
        thread.start();
    }

    /** What the thread is asked to do. */
    private sealed interface Task {}

    private record Write(Batch batch, Consumer<Outcome> answer) implements Task {}

    private record Read<T>(Query<T> query, CompletableFuture<T> result) implements Task {}

    /** Finds out whether trouble is over: without visits nothing else would. */
    private record Probe() implements Task {}

    private record Stop() implements Task {}

    /** Reads from the tables. */
    private interface Query<T> {
        T run(Tables tables) throws SQLException;
    }

    /** A batch, and what the open transaction made of it. */
    private record Pending(Write write, Outcome outcome) {}

    @Override
    public void write(Batch batch, Consumer<Outcome> answer) {
        if (closed) {
            answer.accept(new Outcome.NotWritten("the store is closed", null, false));
        } else {
            tasks.add(new Write(batch, answer));
        }
    }

    @Override
    public CompletionStage<CounterValue> value(CounterName counter, CounterValue known) {
        return read(rows -> rows.tally(counter).seen(known));
    }

    @Override
    public CompletionStage<List<HourlyVisits>> history(CounterName counter, long fromHour, long toHour) {
        return read(rows -> rows.hours(counter, fromHour, toHour));
    }

    private <T> CompletionStage<T> read(Query<T> query) {
        CompletableFuture<T> result = new CompletableFuture<>();
        if (closed) {
            result.completeExceptionally(new StoreException(file.path() + ": the store is closed", null));
        } else {
            tasks.add(new Read<>(query, result));
        }
        return result;
    }

    @Override
    public StoreHealth health() {
        String bad = trouble;
        if (bad != null && !closed && probing.compareAndSet(false, true)) {
            tasks.add(new Probe());
        }
        return new StoreHealth(bad == null && !closed, bad == null ? file.path() + ": counting" : bad);
    }

    private void work() {
        List<Task> taken = new ArrayList<>();
        boolean stop = false;
        while (!stop) {
            taken.clear();
            try {
                taken.add(tasks.take());
            } catch (InterruptedException e) {
                // Nobody else has this thread, and close() sends a task.
                continue;
            }
            tasks.drainTo(taken);
            stop = taken.stream().anyMatch(task -> task instanceof Stop);
            try {
                work(taken);
            } catch (RuntimeException | Error e) {
                LOG.error("{}: the writer failed", file.path(), e);
            }
        }
        release();
    }

    private void work(List<Task> taken) {
        List<Write> writes = new ArrayList<>();
        for (Task task : taken) {
            if (task instanceof Write write) {
                writes.add(write);
            }
        }
        if (!writes.isEmpty()) {
            transact(writes);
        }
        for (Task task : taken) {
            if (task instanceof Read<?> read) {
                answer(read);
            } else if (task instanceof Probe) {
                probe();
            }
        }
    }

    private <T> void answer(Read<T> read) {
        try {
            read.result().complete(read.query().run(open()));
        } catch (SQLException e) {
            read.result().completeExceptionally(e);
        }
    }

    private void probe() {
        probing.set(false);
        if (!file.isInPlace()) {
            return;
        }
        try {
            Tables rows = open();
            rows.begin();
            rows.rollback();
            trouble = null;
        } catch (SQLException e) {
            trouble = file.path() + ": " + SqliteFault.of(e).reason();
            rollBack();
            release();
        }
    }

    private void transact(List<Write> writes) {
        if (!file.isInPlace()) {
            String gone =
                    file.path() + ": the file was moved or deleted while it was open; put it back and start again";
            trouble = gone;
            refuse(writes, new Outcome.NotWritten(gone, null, false));
            return;
        }
        List<Pending> pending = new ArrayList<>(writes.size());
        boolean committing = false;
        try {
            Tables rows = open();
            rows.begin();
            Instant now = clock.instant();
            for (Write write : writes) {
                pending.add(new Pending(write, rows.count(write.batch(), now, now.plus(idWindow))));
            }
            committing = true;
            rows.commit();
        } catch (SQLException e) {
            failed(writes, e, committing);
            return;
        }
        trouble = null;
        for (Pending one : pending) {
            answer(one.write(), one.outcome());
        }
    }

    // A commit that failed for want of room or of the lock left nothing behind. After any other failed commit its
    // frames may be in the log, and a crash could bring them back: nobody can know, so the connection is given up and
    // the calls are told so (never ask a disk again whose sync failed).
    private void failed(List<Write> writes, SQLException e, boolean committing) {
        SqliteFault fault = SqliteFault.of(e);
        String why = file.path() + ": " + fault.reason();
        trouble = why;
        boolean rolledBack = rollBack();
        if (!committing || (rolledBack && fault.leftNothing())) {
            refuse(writes, new Outcome.NotWritten(why, e, true));
        } else {
            refuse(writes, new Outcome.MaybeWritten(why, e, false));
        }
        if (!fault.isBusy() || !rolledBack) {
            release();
        }
    }

    private boolean rollBack() {
        try {
            if (tables != null) {
                tables.rollback();
            }
            return true;
        } catch (SQLException e) {
            // SQLite rolls back by itself after some errors, and then says that there is no transaction.
            return String.valueOf(e.getMessage()).contains("no transaction is active");
        }
    }

    private static void refuse(List<Write> writes, Outcome outcome) {
        writes.forEach(write -> answer(write, outcome));
    }

    private static void answer(Write write, Outcome outcome) {
        try {
            write.answer().accept(outcome);
        } catch (RuntimeException e) {
            LOG.error(
                    "counter \"{}\": an answer could not be given",
                    write.batch().counter(),
                    e);
        }
    }

    private Tables open() throws SQLException {
        Tables rows = tables;
        if (rows == null) {
            rows = new Tables(file.connect());
            tables = rows;
        }
        return rows;
    }

    private void release() {
        Tables rows = tables;
        tables = null;
        if (rows != null) {
            try {
                rows.close();
            } catch (SQLException e) {
                LOG.warn("{}: could not be closed: {}", file.path(), e.getMessage());
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        tasks.add(new Stop());
        boolean interrupted = Thread.interrupted();
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        refuse(
                tasks.stream()
                        .filter(task -> task instanceof Write)
                        .map(task -> (Write) task)
                        .toList(),
                new Outcome.NotWritten("the store is closed", null, false));
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
