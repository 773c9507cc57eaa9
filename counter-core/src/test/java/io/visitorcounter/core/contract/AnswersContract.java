package io.visitorcounter.core.contract;

import static io.visitorcounter.core.contract.Asking.freshName;
import static io.visitorcounter.core.contract.Attempts.NOTHING;
import static io.visitorcounter.core.contract.Attempts.batch;
import static io.visitorcounter.core.contract.Attempts.change;
import static io.visitorcounter.core.contract.Attempts.sender;
import static io.visitorcounter.core.contract.Attempts.value;
import static io.visitorcounter.core.contract.Attempts.write;
import static io.visitorcounter.core.contract.Attempts.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.spi.Backend;
import io.visitorcounter.core.spi.Outcome;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a backend owes to who waits: one answer to each attempt, which is true, at the close too. */
interface AnswersContract {

    /** {@return a newly opened backend, which is closed after the test} */
    Backend openedBackend();

    /** Closes what the test opened. */
    void closeBackends();

    /** {@return whether two backends count together} */
    boolean sharing();

    @Test
    default void everyAttemptHasOneAnswer() {
        Backend backend = openedBackend();
        CounterName counter = freshName();
        List<List<Outcome>> answers =
                Stream.generate(Attempts::answers).limit(300).toList();
        answers.forEach(answer -> backend.write(batch(counter, sender(), 0, 1), answer::add));

        assertThat(write(backend, batch(counter, sender(), 0, 1))).isInstanceOf(Outcome.Written.class);
        closeBackends();

        assertThat(answers).allSatisfy(answer -> assertThat(answer).hasSize(1));
        assertThat(answers.stream().map(answer -> ((Outcome.Written) answer.get(0)).total()))
                .doesNotHaveDuplicates()
                .allMatch(total -> total >= 1 && total <= 301);
    }

    @Test
    default void whatIsUnderWayAtTheCloseHasAnAnswerThatIsTrue() {
        Backend backend = openedBackend();
        CounterName counter = freshName();
        List<List<Outcome>> answers =
                Stream.generate(Attempts::answers).limit(300).toList();
        answers.forEach(answer -> backend.write(batch(counter, sender(), 0, 1), answer::add));

        backend.close();

        Asking.until(() -> answers.stream().allMatch(answer -> answer.size() == 1));
        long told = answers.stream()
                .filter(answer -> answer.get(0) instanceof Outcome.Written)
                .count();
        long maybe = answers.stream()
                .filter(answer -> answer.get(0) instanceof Outcome.MaybeWritten)
                .count();
        if (sharing()) {
            assertThat(value(openedBackend(), counter).value()).isBetween(told, told + maybe);
        }
    }

    @Test
    default void anAnswerThatThrowsHarmsNoOther() {
        Backend backend = openedBackend();
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
    default void nothingIsWrittenAfterTheClose() {
        Backend backend = openedBackend();
        CounterName counter = freshName();
        write(backend, batch(counter, sender(), 0, 1));
        backend.close();

        assertThat(write(backend, batch(counter, sender(), 0, 1))).isInstanceOf(Outcome.NotWritten.class);
        assertThat(change(backend, counter, 40, NOTHING)).isInstanceOf(Outcome.NotWritten.class);
        assertThatThrownBy(() -> value(backend, counter)).isInstanceOf(Exception.class);
        assertThat(backend.health().up()).isFalse();
        if (sharing()) {
            assertThat(value(openedBackend(), counter)).isEqualTo(new CounterValue(1, 0));
        }
    }
}
