package io.visitorcounter.core.sqlite;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.DailyVisitors;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.spi.Outcome;
import io.visitorcounter.core.spi.VisitorSketches;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Notes visitors in the transactions that count visits.
 *
 *  @param writer runs a step in the next transaction and returns its outcome */
record SqliteVisitors(BiConsumer<GroupCommit.Step, Consumer<Outcome>> writer) implements VisitorSketches {

    private static final Outcome DONE = new Outcome.Written(0, 0, false, null);

    private interface VisitorStep<T> {
        T on(VisitorTables tables) throws SQLException;
    }

    /** A step whose result is available once the transaction is committed. */
    private static final class VisitorWrite<T> extends CompletableFuture<T> {

        private final VisitorStep<T> work;
        private @Nullable T found;

        VisitorWrite(VisitorStep<T> work) {
            this.work = work;
        }

        Outcome run(Tables rows) throws SQLException {
            found = work.on(rows.visitors());
            return DONE;
        }

        void end(Outcome outcome) {
            if (outcome instanceof Outcome.Written) {
                complete(Objects.requireNonNull(found));
            } else if (outcome instanceof Outcome.NotWritten not) {
                completeExceptionally(
                        not.again()
                                ? new IllegalStateException(not.why(), not.cause())
                                : new StoreException(not.why(), not.cause()));
            } else {
                completeExceptionally(new IllegalStateException(String.valueOf(outcome)));
            }
        }
    }

    private <T> CompletionStage<T> transact(VisitorStep<T> work) {
        VisitorWrite<T> result = new VisitorWrite<>(work);
        writer.accept((rows, now, until) -> result.run(rows), result::end);
        return result;
    }

    @Override
    public CompletionStage<byte[]> salt(CounterName counter, LocalDate day, byte[] proposed) {
        return transact(tables -> tables.salt(counter, day, proposed));
    }

    @Override
    public CompletionStage<?> note(CounterName counter, LocalDate day, long hash) {
        return transact(tables -> {
            tables.note(counter, day, hash);
            return true;
        });
    }

    @Override
    public CompletionStage<List<DailyVisitors>> days(CounterName counter, LocalDate from, LocalDate to) {
        return transact(tables -> tables.days(counter, from, to));
    }

    @Override
    public void forgetSaltsBefore(LocalDate day) {
        transact(tables -> {
            tables.forgetSaltsBefore(day);
            return true;
        });
    }
}
