package io.visitorcounter.core.contract;

import static io.visitorcounter.core.contract.Asking.SOON;
import static io.visitorcounter.core.contract.Asking.freshName;
import static io.visitorcounter.core.contract.Asking.inParallel;
import static io.visitorcounter.core.contract.Asking.now;
import static io.visitorcounter.core.contract.Attempts.NOTHING;
import static io.visitorcounter.core.contract.Attempts.batch;
import static io.visitorcounter.core.contract.Attempts.change;
import static io.visitorcounter.core.contract.Attempts.repeated;
import static io.visitorcounter.core.contract.Attempts.sender;
import static io.visitorcounter.core.contract.Attempts.value;
import static io.visitorcounter.core.contract.Attempts.visitsOfTheDay;
import static io.visitorcounter.core.contract.Attempts.write;
import static io.visitorcounter.core.contract.Attempts.written;
import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.spi.Backend;
import io.visitorcounter.core.spi.Batch;
import io.visitorcounter.core.spi.Outcome;
import io.visitorcounter.core.spi.VisitorSketches;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a backend owes to the queues in front of it: batches that are sent again, records that are lost, attempts at the
 *  close. {@link CounterStoreContract} can't see it, since it happens only where an answer is lost. Extend both. */
public abstract class BackendContract implements AnswersContract, SketchesContract {

    private final List<Backend> opened = new ArrayList<>();

    /** For subclasses. */
    protected BackendContract() {}

    /** {@return a newly opened backend; one that {@link #shares()} sees what the others of the same test wrote}
     *
     *  @param options as the test wants them */
    protected abstract Backend openBackend(CounterOptions options);

    /** {@return whether two backends that are open at the same time count together} */
    protected boolean shares() {
        return true;
    }

    /** {@return whether an answer can be lost after the write, so that {@link Outcome.MaybeWritten} is said and the batch
     *  sent again; false for a backend that always knows, which then needs no records of lanes} */
    protected boolean losesAnswers() {
        return true;
    }

    /** {@return whether values can be set and counters listed; false for a backend that keeps the defaults, which refuse} */
    protected boolean changes() {
        return true;
    }

    /** {@return whether it notes visitors, and is tested for it; false by default} */
    protected boolean notesVisitors() {
        return false;
    }

    @Override
    public final boolean notingVisitors() {
        return notesVisitors();
    }

    @Override
    public final boolean sharing() {
        return shares();
    }

    @Override
    public final VisitorSketches openedSketches() {
        return open().sketches().orElseThrow();
    }

    @Override
    @AfterEach
    public final void closeBackends() {
        opened.forEach(Backend::close);
        opened.clear();
    }

    @Override
    public final Backend openedBackend() {
        return open();
    }

    final Backend open() {
        Backend backend = openBackend(CounterOptions.builder().deadline(SOON).build());
        opened.add(backend);
        return backend;
    }

    @Test
    public final void aLaterBatchAddsItsOwnVisits() {
        Backend backend = open();
        CounterName counter = freshName();
        String one = sender();
        String other = sender();

        assertThat(write(backend, batch(counter, one, 0, 3))).isEqualTo(written(3, 0));
        assertThat(write(backend, batch(counter, other, 0, 10))).isEqualTo(written(13, 0));
        assertThat(write(backend, batch(counter, one, 3, 5))).isEqualTo(written(15, 0));
        assertThat(write(backend, batch(counter, one, 5, 6))).isEqualTo(written(16, 0));
        assertThat(visitsOfTheDay(backend, counter)).isEqualTo(16);
    }

    @Test
    public final void aBatchThatIsSentAgainAddsNothingAndKeepsItsTotal() {
        if (!losesAnswers()) {
            return;
        }
        Backend backend = open();
        CounterName counter = freshName();
        Batch first = batch(counter, sender(), 0, 3);
        Batch second = batch(counter, first.record(), 3, 5);
        write(backend, first);
        write(backend, batch(counter, sender(), 0, 10));

        assertThat(write(backend, first)).isEqualTo(repeated(3, 0));
        assertThat(write(backend, second)).isEqualTo(written(15, 0));
        assertThat(write(backend, second)).isEqualTo(repeated(15, 0));
        assertThat(value(backend, counter)).isEqualTo(new CounterValue(15, 0));
        assertThat(visitsOfTheDay(backend, counter)).isEqualTo(15);
    }

    @Test
    public final void aBatchThatIsSentAgainAfterReopeningAddsNothing() {
        if (!losesAnswers() || !shares()) {
            return;
        }
        CounterName counter = freshName();
        Batch first = batch(counter, sender(), 0, 3);
        Backend before = open();
        write(before, first);
        before.close();

        Backend backend = open();

        assertThat(write(backend, first)).isEqualTo(repeated(3, 0));
        assertThat(write(backend, batch(counter, first.record(), 3, 5))).isEqualTo(written(5, 0));
    }

    @Test
    public final void aBatchThatIsSentTwiceAtOnceIsAddedOnce() throws Exception {
        if (!losesAnswers()) {
            return;
        }
        List<Backend> backends = shares() ? List.of(open(), open()) : List.of(open());
        CounterName counter = freshName();

        for (int round = 1; round <= 20; round++) {
            Batch batch = batch(counter, sender(), 0, 2);
            CyclicBarrier together = new CyclicBarrier(2);
            List<Long> totals = inParallel(2, i -> {
                Asking.meet(together);
                return write(backends.get(i % backends.size()), batch) instanceof Outcome.Written told
                        ? List.of(told.total())
                        : List.of();
            });

            assertThat(totals).isNotEmpty().containsOnly(2L * round);
        }
        assertThat(value(backends.get(0), counter).value()).isEqualTo(40);
    }

    @Test
    public final void aBatchWhoseRecordIsGoneIsForgottenAndAddsNothing() {
        if (!losesAnswers()) {
            return;
        }
        Backend backend = open();
        CounterName counter = freshName();

        assertThat(write(backend, batch(counter, sender(), 5, 7))).isEqualTo(new Outcome.Forgotten());
        assertThat(value(backend, counter)).isEqualTo(NOTHING);
        assertThat(visitsOfTheDay(backend, counter)).isZero();
    }

    /** Perhaps it was written: the record of the later one does not tell. */
    @Test
    public final void aBatchThatComesAfterALaterOneIsMaybeWrittenAndAddsNothing() {
        if (!losesAnswers()) {
            return;
        }
        Backend backend = open();
        CounterName counter = freshName();
        Batch first = batch(counter, sender(), 0, 3);
        write(backend, first);
        write(backend, batch(counter, first.record(), 3, 5));

        assertThat(write(backend, first))
                .isInstanceOfSatisfying(
                        Outcome.MaybeWritten.class,
                        maybe -> assertThat(maybe.again()).isFalse());
        assertThat(value(backend, counter).value()).isEqualTo(5);
    }

    @Test
    public final void visitsThatARecordLostAreCountedInTheNextGeneration() {
        if (!losesAnswers()) {
            return;
        }
        Backend backend = open();
        CounterName counter = freshName();
        String sender = sender();
        write(backend, batch(counter, sender, 0, 3));

        assertThat(write(backend, batch(counter, sender, 5, 7))).isInstanceOfSatisfying(Outcome.Written.class, told -> {
            assertThat(told.total()).isEqualTo(7);
            assertThat(told.generation()).isEqualTo(1);
            assertThat(told.regression()).isNotNull();
        });
        assertThat(write(backend, batch(counter, sender, 7, 8))).isEqualTo(written(8, 1));
    }

    @Test
    public final void aRecordBelongsToItsCounter() {
        Backend backend = open();
        String sender = sender();

        for (CounterName counter : List.of(freshName(), freshName())) {
            assertThat(write(backend, batch(counter, sender, 0, 3))).isEqualTo(written(3, 0));
            assertThat(write(backend, batch(counter, sender, 3, 5))).isEqualTo(written(5, 0));
        }
    }

    @Test
    public final void aValueBehindWhatTheSenderSawBeginsTheNextGeneration() {
        Backend backend = open();
        CounterName counter = freshName();
        String sender = sender();
        CounterValue known = new CounterValue(10, 4);

        assertThat(now(backend.value(counter, known))).isEqualTo(new CounterValue(0, 5));
        assertThat(write(backend, new Batch(counter, sender, 0, 3, known)))
                .isEqualTo(new Outcome.Written(3, 5, false, new Outcome.Regression(10, 0)));
        assertThat(write(backend, new Batch(counter, sender, 3, 4, known))).isEqualTo(written(4, 5));
        assertThat(write(backend, new Batch(counter, sender, 4, 5, new CounterValue(9, 5))))
                .isEqualTo(new Outcome.Written(5, 6, false, new Outcome.Regression(9, 4)));
        if (changes()) {
            assertThat(change(backend, counter, 40, new CounterValue(100, 9))).isEqualTo(written(40, 10));
            assertThat(value(backend, counter)).isEqualTo(new CounterValue(40, 10));
        }
    }

    @Test
    public final void aChangeLeavesTheRecordsOfSenders() {
        if (!changes()) {
            return;
        }
        Backend backend = open();
        CounterName counter = freshName();
        Batch first = batch(counter, sender(), 0, 3);
        write(backend, first);
        change(backend, counter, 40, NOTHING);

        if (losesAnswers()) {
            assertThat(write(backend, first)).isEqualTo(repeated(3, 0));
        }
        assertThat(write(backend, batch(counter, first.record(), 3, 4))).isEqualTo(written(41, 1));
    }

    @Test
    public final void aBatchThatDoesNotFitIsRefusedForGood() {
        if (!changes()) {
            return;
        }
        Backend backend = open();
        CounterName counter = freshName();
        String sender = sender();
        change(backend, counter, CounterValue.MAX - 1, NOTHING);

        assertThat(write(backend, batch(counter, sender, 0, 2)))
                .isInstanceOfSatisfying(
                        Outcome.NotWritten.class, not -> assertThat(not.again()).isFalse());
        assertThat(visitsOfTheDay(backend, counter)).isZero();
        assertThat(write(backend, batch(counter, sender, 0, 1))).isEqualTo(written(CounterValue.MAX, 1));
    }

    @Test
    public final void checkingChangesNothing() {
        Backend backend = open();
        CounterName counter = freshName();

        assertThat(now(backend.check(counter)).up()).isTrue();
        assertThat(value(backend, counter)).isEqualTo(NOTHING);
        assertThat(visitsOfTheDay(backend, counter)).isZero();
        if (changes()) {
            assertThat(now(backend.counters())).doesNotContain(counter);
        }
    }
}
