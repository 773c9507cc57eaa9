package io.visitorcounter.core.sqlite;

import io.visitorcounter.core.spi.Batch;
import io.visitorcounter.core.spi.Outcome;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The store's only connection. It writes all waiting batches in one transaction with one sync. At least once a second
 *  it moves what was written from SQLite's log into the file itself, so that a copy of just the file lacks little. Used
 *  by one thread. */
final class GroupCommit {

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

    private static final String MOVED =
            "the file was moved, emptied or deleted while it was open; put it back and start again";
    private static final String COMPANION_MOVED =
            "its -wal or -shm file was moved or deleted while it was open; start again";
    private static final long CHECKPOINT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final SqliteFile file;
    private final Clock clock;
    private final LongSupplier nanos;
    private final Duration idWindow;
    private @Nullable Tables tables;
    private @Nullable List<Optional<Object>> companions;
    private boolean inLogOnly;
    private long oldestInLog;
    private volatile @Nullable String trouble;

    GroupCommit(SqliteFile file, Clock clock, LongSupplier nanos, Duration idWindow) {
        this.file = file;
        this.clock = clock;
        this.nanos = nanos;
        this.idWindow = idWindow;
    }

    interface Query<T> {
        T run(Tables tables) throws SQLException;
    }

    /** Writes to the tables in the open transaction. */
    interface Step {
        Outcome on(Tables tables, Instant now, Instant idUntil) throws SQLException;
    }

    /** {@return why the last write failed, or null; from any thread} */
    @Nullable String trouble() {
        return trouble;
    }

    /** Runs steps in one transaction.
     *
     *  @return one outcome for each step, in their order; never throws */
    List<Outcome> write(List<Step> steps) {
        String moved = whatMoved();
        if (moved != null) {
            return all(steps, new Outcome.NotWritten(noteTrouble(moved), null, false));
        }
        boolean committing = false;
        try {
            List<Outcome> outcomes = new ArrayList<>(steps.size());
            Tables rows = open();
            rows.begin();
            Instant now = clock.instant();
            for (Step step : steps) {
                outcomes.add(step.on(rows, now, now.plus(idWindow)));
            }
            committing = true;
            rows.commit();
            noteCommit();
            return outcomes;
        } catch (SQLException e) {
            if (!committing && steps.size() > 1 && !SqliteFault.of(e).concernsTheFile() && rollBack()) {
                return oneByOne(steps);
            }
            return all(steps, failed(e, committing));
        } catch (RuntimeException | Error e) {
            return all(steps, broke(e, committing));
        }
    }

    // A row that SQLite can't change, such as one at its limit, must affect only its own counter.
    private List<Outcome> oneByOne(List<Step> steps) {
        return steps.stream().flatMap(step -> write(List.of(step)).stream()).toList();
    }

    // A commit that failed because the disk is full or the file is locked left nothing behind. After any other failed
    // commit its frames may be in the log, and a crash could bring them back. So the connection is given up and the
    // calls end as maybe counted (after a failed sync, a retry proves nothing).
    private Outcome failed(SQLException e, boolean committing) {
        SqliteFault fault = SqliteFault.of(e);
        String why = noteTrouble(fault.reason(file));
        boolean rolledBack = rollBack();
        if (!fault.isBusy() || !rolledBack) {
            close();
        }
        return !committing || (rolledBack && fault.leftNothing())
                ? new Outcome.NotWritten(why, e, fault.passes())
                : new Outcome.MaybeWritten(why, e, false);
    }

    private Outcome broke(Throwable e, boolean committing) {
        String why = noteTrouble("the writer failed: " + e);
        LOG.error("{}", why, e);
        rollBack();
        close();
        return committing ? new Outcome.MaybeWritten(why, e, false) : new Outcome.NotWritten(why, e, false);
    }

    private static List<Outcome> all(List<Step> steps, Outcome outcome) {
        return Collections.nCopies(steps.size(), outcome);
    }

    private String noteTrouble(String why) {
        String where = file.path() + ": " + why;
        trouble = where;
        return where;
    }

    /** {@return why a write would go to a file that the next start does not find, or null} */
    private @Nullable String whatMoved() {
        if (!file.isInPlace()) {
            return MOVED;
        }
        return companions == null || companions.equals(file.companions()) ? null : COMPANION_MOVED;
    }

    private void noteCommit() {
        trouble = null;
        if (companions == null) {
            companions = file.companions();
        }
        if (!inLogOnly) {
            inLogOnly = true;
            oldestInLog = nanos.getAsLong();
        }
    }

    /** {@return how long until {@link #checkpoint} has something to do, in ns; {@link Long#MAX_VALUE} if nothing waits} */
    long nanosToCheckpoint() {
        return inLogOnly ? Math.max(0, oldestInLog + CHECKPOINT_NANOS - nanos.getAsLong()) : Long.MAX_VALUE;
    }

    /** Moves what was committed from the log into the file, if that is due. */
    void checkpoint() {
        if (nanosToCheckpoint() > 0) {
            return;
        }
        inLogOnly = false;
        try {
            open().checkpoint();
        } catch (SQLException e) {
            // What was committed is safe in the log. The next write shows whether the disk can be written.
            LOG.debug("{}: no checkpoint: {}", file.path(), e.getMessage());
            if (!SqliteFault.of(e).isBusy()) {
                close();
            }
        }
    }

    <T> T read(Query<T> query) throws SQLException {
        return query.run(open());
    }

    /** {@return the outcome that a visit would have now; nothing is changed} */
    Outcome check(Batch visit) {
        String moved = whatMoved();
        if (moved != null) {
            noteTrouble(moved);
        } else if (trouble != null) {
            probe();
        }
        String why = trouble;
        if (why != null) {
            return new Outcome.NotWritten(why, null, true);
        }
        try {
            Tables rows = open();
            rows.begin();
            Outcome outcome = rows.count(visit, clock.instant(), clock.instant().plus(idWindow));
            rows.rollback();
            return outcome;
        } catch (SQLException e) {
            return failed(e, false);
        }
    }

    /** Finds out whether trouble is over, by a write that changes nothing: on a full disk, only writes fail. */
    void probe() {
        String moved = whatMoved();
        if (moved != null) {
            noteTrouble(moved);
            return;
        }
        try {
            Tables rows = open();
            rows.begin();
            rows.touch();
            rows.commit();
            trouble = null;
        } catch (SQLException e) {
            noteTrouble(SqliteFault.of(e).reason(file));
            rollBack();
            close();
        }
    }

    private boolean rollBack() {
        try {
            if (tables != null) {
                tables.rollback();
            }
            return true;
        } catch (SQLException e) {
            // After some errors SQLite rolls back by itself and then reports that there is no transaction.
            return String.valueOf(e.getMessage()).contains("no transaction is active");
        }
    }

    private Tables open() throws SQLException {
        Tables rows = tables;
        if (rows == null) {
            rows = new Tables(file.connect(), file.path());
            tables = rows;
        }
        return rows;
    }

    /** Closes the connection; the next call opens another. */
    void close() {
        Tables rows = tables;
        tables = null;
        companions = null;
        if (rows != null) {
            try {
                rows.close();
            } catch (SQLException e) {
                LOG.warn("{}: could not be closed: {}", file.path(), e.getMessage());
            }
        }
    }
}
