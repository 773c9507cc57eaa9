package io.visitorcounter.core.contract;

import static io.visitorcounter.core.contract.Asking.SOON;
import static io.visitorcounter.core.contract.Asking.freshName;
import static io.visitorcounter.core.contract.Asking.inParallel;
import static io.visitorcounter.core.contract.Asking.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.VisitId;
import io.visitorcounter.core.spi.Backend;
import io.visitorcounter.core.spi.Batch;
import io.visitorcounter.core.spi.Change;
import io.visitorcounter.core.spi.Outcome;
import io.visitorcounter.core.spi.VisitorSketches;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a backend owes to the queues in front of it: batches that are sent again, records that are lost, attempts at the
 *  close. {@link CounterStoreContract} can't see it, since it happens only where an answer is lost. Extend both. */
public abstract class BackendContract implements SketchesContract {

    private static final CounterValue NOTHING = new CounterValue(0, 0);

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

    /** Closes what the test opened. */
    @AfterEach
    public final void closeBackends() {
        opened.forEach(Backend::close);
        opened.clear();
    }

    final Backend open() {
        Backend backend = openBackend(CounterOptions.builder().deadline(SOON).build());
        opened.add(backend);
        return backend;
    }

    private static List<Outcome> answers() {
        return new CopyOnWriteArrayList<>();
    }

    private static String sender() {
        return "lane:" + UUID.randomUUID();
    }

    private static Batch batch(CounterName counter, String sender, long previous, long cumulative) {
        return new Batch(counter, sender, previous, cumulative, NOTHING);
    }

    private static Outcome write(Backend to, Batch batch) {
        CompletableFuture<Outcome> answer = new CompletableFuture<>();
        to.write(batch, answer::complete);
        return now(answer);
    }

    private static Outcome change(Backend to, CounterName counter, long value, CounterValue known) {
        CompletableFuture<Outcome> answer = new CompletableFuture<>();
        to.change(new Change(counter, Change.record(VisitId.random()), value, null, known), answer::complete);
        return now(answer);
    }

    private static CounterValue value(Backend of, CounterName counter) {
        return now(of.value(counter, NOTHING));
    }

    private static long visitsOfTheDay(Backend of, CounterName counter) {
        long hour = Instant.now().getEpochSecond() / 3600;
        return now(of.history(counter, hour - 24, hour + 24)).stream()
                .mapToLong(HourlyVisits::visits)
                .sum();
    }

    private static Outcome written(long total, long generation) {
        return new Outcome.Written(total, generation, false, null);
    }

    private static Outcome repeated(long total, long generation) {
        return new Outcome.Written(total, generation, true, null);
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
    public final void everyAttemptHasOneAnswer() {
        Backend backend = open();
        CounterName counter = freshName();
        List<List<Outcome>> answers =
                Stream.generate(BackendContract::answers).limit(300).toList();
        answers.forEach(answer -> backend.write(batch(counter, sender(), 0, 1), answer::add));

        assertThat(write(backend, batch(counter, sender(), 0, 1))).isInstanceOf(Outcome.Written.class);
        closeBackends();

        assertThat(answers).allSatisfy(answer -> assertThat(answer).hasSize(1));
        assertThat(answers.stream().map(answer -> ((Outcome.Written) answer.get(0)).total()))
                .doesNotHaveDuplicates()
                .allMatch(total -> total >= 1 && total <= 301);
    }

    @Test
    public final void whatIsUnderWayAtTheCloseHasAnAnswerThatIsTrue() {
        Backend backend = open();
        CounterName counter = freshName();
        List<List<Outcome>> answers =
                Stream.generate(BackendContract::answers).limit(300).toList();
        answers.forEach(answer -> backend.write(batch(counter, sender(), 0, 1), answer::add));

        backend.close();

        Asking.until(() -> answers.stream().allMatch(answer -> answer.size() == 1));
        long told = answers.stream()
                .filter(answer -> answer.get(0) instanceof Outcome.Written)
                .count();
        long maybe = answers.stream()
                .filter(answer -> answer.get(0) instanceof Outcome.MaybeWritten)
                .count();
        if (shares()) {
            assertThat(value(open(), counter).value()).isBetween(told, told + maybe);
        }
    }

    @Test
    public final void anAnswerThatThrowsHarmsNoOther() {
        Backend backend = open();
        CounterName counter = freshName();
        for (Throwable thrown :
                List.of(new IllegalStateException("of the test"), new NoClassDefFoundError("of the test"))) {
            try {
                backend.write(batch(counter, sender(), 0, 1), outcome -> Asking.<RuntimeException>sneak(thrown));
            } catch (RuntimeException | Error e) {
                // Thrown at who asked: then the backend answers before it returns.
                assertThat(e).isSameAs(thrown);
            }
        }

        assertThat(write(backend, batch(counter, sender(), 0, 1))).isEqualTo(written(3, 0));
    }

    @Test
    public final void nothingIsWrittenAfterTheClose() {
        Backend backend = open();
        CounterName counter = freshName();
        write(backend, batch(counter, sender(), 0, 1));
        backend.close();

        assertThat(write(backend, batch(counter, sender(), 0, 1))).isInstanceOf(Outcome.NotWritten.class);
        assertThat(change(backend, counter, 40, NOTHING)).isInstanceOf(Outcome.NotWritten.class);
        assertThatThrownBy(() -> value(backend, counter)).isInstanceOf(Exception.class);
        assertThat(backend.health().up()).isFalse();
        if (shares()) {
            assertThat(value(open(), counter)).isEqualTo(new CounterValue(1, 0));
        }
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
