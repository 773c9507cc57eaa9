package io.visitorcounter.core.sqlite;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.StoreHealth;
import io.visitorcounter.core.spi.Backend;
import io.visitorcounter.core.spi.Batch;
import io.visitorcounter.core.spi.Change;
import io.visitorcounter.core.spi.Outcome;
import io.visitorcounter.core.spi.VisitorSketches;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Queues the requests of lanes and readers for one thread, which puts all waiting writes into one transaction. */
final class SqliteBackend implements Backend {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteBackend.class);

    private static final Outcome CLOSED = new Outcome.NotWritten("the store is closed", null, false);

    private final SqliteFile file;
    private final GroupCommit commit;
    private final LinkedBlockingQueue<Task> tasks = new LinkedBlockingQueue<>();
    private final Thread thread;
    private final SqliteVisitors visitors =
            new SqliteVisitors((step, answer) -> add(new Write("visitors", step, answer)));
    private final AtomicBoolean probing = new AtomicBoolean();
    private volatile boolean closed;

    SqliteBackend(SqliteFile file, Clock clock, Duration idWindow) {
        this.file = file;
        this.commit = new GroupCommit(file, clock, System::nanoTime, idWindow);
        this.thread = new Thread(this::work, "visitor-counter-sqlite");
        thread.setDaemon(true);
        thread.start();
    }

    private sealed interface Task {

        /** Answers the caller, unless that was done. Never throws. */
        void giveUp(Throwable why);
    }

    /** A batch, a change or a visitor to write. */
    private static final class Write implements Task {

        final String whose;
        final GroupCommit.Step step;
        private @Nullable Consumer<Outcome> answer;

        Write(String whose, GroupCommit.Step step, Consumer<Outcome> answer) {
            this.whose = whose;
            this.step = step;
            this.answer = answer;
        }

        /** Gives the answer, once. Never throws, since other counters wait for their answers next. */
        void answer(Outcome outcome) {
            Consumer<Outcome> first = answer;
            answer = null;
            try {
                if (first != null) {
                    first.accept(outcome);
                }
            } catch (RuntimeException | Error e) {
                LOG.error("{}: an answer could not be given", whose, e);
            }
        }

        @Override
        public void giveUp(Throwable why) {
            answer(new Outcome.MaybeWritten("the writer failed: " + why, why, false));
        }
    }

    /** A query that runs on the thread. */
    private interface Lookup<T> {
        T look(GroupCommit commit) throws SQLException;
    }

    private record Inquiry<T>(Lookup<T> lookup, CompletableFuture<T> result) implements Task {

        void run(GroupCommit commit) {
            try {
                result.complete(lookup.look(commit));
            } catch (Exception | Error e) {
                giveUp(e);
            }
        }

        @Override
        public void giveUp(Throwable why) {
            result.completeExceptionally(why);
        }
    }

    @Override
    public void write(Batch batch, Consumer<Outcome> answer) {
        add(new Write(whose(batch.counter()), (rows, now, until) -> rows.count(batch, now, until), answer));
    }

    @Override
    public void change(Change change, Consumer<Outcome> answer) {
        add(new Write(whose(change.counter()), (rows, now, until) -> rows.change(change, now, until), answer));
    }

    private static String whose(CounterName counter) {
        return "counter \"" + counter + "\"";
    }

    @Override
    public Optional<VisitorSketches> sketches() {
        return Optional.of(visitors);
    }

    private void add(Write write) {
        if (closed) {
            write.answer(CLOSED);
        } else {
            tasks.add(write);
        }
    }

    @Override
    public CompletionStage<List<CounterName>> counters() {
        return read(Tables::counters);
    }

    @Override
    public CompletionStage<CounterValue> value(CounterName counter, CounterValue known) {
        return read(rows -> rows.value(counter, known));
    }

    @Override
    public CompletionStage<List<HourlyVisits>> history(CounterName counter, long fromHour, long toHour) {
        return read(rows -> rows.hours(counter, fromHour, toHour));
    }

    private <T> CompletionStage<T> read(GroupCommit.Query<T> query) {
        return closed ? CompletableFuture.failedFuture(isClosed()) : ask(commit -> commit.read(query));
    }

    private StoreException isClosed() {
        return new StoreException(file.path() + ": the store is closed", null);
    }

    private <T> CompletionStage<T> ask(Lookup<T> lookup) {
        CompletableFuture<T> result = new CompletableFuture<>();
        tasks.add(new Inquiry<>(lookup, result));
        return result;
    }

    @Override
    public CompletionStage<StoreHealth> check(CounterName counter) {
        return closed
                ? CompletableFuture.completedFuture(new StoreHealth(false, file.path() + ": the store is closed"))
                : ask(commit -> health(commit, counter));
    }

    private static StoreHealth health(GroupCommit commit, CounterName counter) {
        Outcome outcome = commit.check(new Batch(counter, "lane:check", 0, 1, new CounterValue(0, 0)));
        return outcome instanceof Outcome.NotWritten not
                ? new StoreHealth(false, not.why())
                : new StoreHealth(true, whose(counter) + ": can be counted");
    }

    @Override
    public StoreHealth health() {
        String bad = commit.trouble();
        if (bad != null && !closed && probing.compareAndSet(false, true)) {
            // Without visits nothing else would notice that the trouble is over.
            ask(writer -> {
                probing.set(false);
                writer.probe();
                return true;
            });
        }
        return new StoreHealth(bad == null && !closed, bad == null ? file.path() + ": counting" : bad);
    }

    @Override
    public String place() {
        return file.path().toAbsolutePath().toString();
    }

    @Override
    public String toString() {
        return "sqlite:" + file.path();
    }

    private void work() {
        while (!closed || !tasks.isEmpty()) {
            List<Task> taken = new ArrayList<>();
            try {
                take(taken);
                work(taken);
                commit.checkpoint();
            } catch (InterruptedException e) {
                // A callback may have interrupted this thread. Only the close ends it.
            } catch (RuntimeException | Error e) {
                LOG.error("{}: the writer failed", file.path(), e);
                taken.forEach(task -> task.giveUp(e));
            }
        }
        commit.close();
    }

    /** Waits for tasks, or until a checkpoint is due. */
    private void take(List<Task> into) throws InterruptedException {
        long wait = commit.nanosToCheckpoint();
        Task first = wait == Long.MAX_VALUE ? tasks.take() : tasks.poll(wait, TimeUnit.NANOSECONDS);
        if (first != null) {
            into.add(first);
            tasks.drainTo(into);
        }
    }

    private void work(List<Task> taken) {
        List<Write> writes = taken.stream()
                .filter(Write.class::isInstance)
                .map(Write.class::cast)
                .toList();
        if (!writes.isEmpty()) {
            List<Outcome> outcomes =
                    commit.write(writes.stream().map(write -> write.step).toList());
            for (int i = 0; i < outcomes.size(); i++) {
                writes.get(i).answer(outcomes.get(i));
            }
        }
        for (Task task : taken) {
            if (task instanceof Inquiry<?> inquiry) {
                inquiry.run(commit);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        ask(commit -> true); // wakes the thread
        boolean interrupted = Thread.interrupted();
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        for (Task task : tasks) {
            if (task instanceof Write late) {
                late.answer(CLOSED);
            } else {
                task.giveUp(isClosed());
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
