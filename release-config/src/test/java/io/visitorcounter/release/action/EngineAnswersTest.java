package io.visitorcounter.release.action;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.engine.Rollout;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Every process, asked through an engine. */
class EngineAnswersTest {

    private final FakeEngine engine = new FakeEngine(Clock.systemUTC());
    private final EngineAnswers answers = new EngineAnswers(
            engine,
            new Rollout(1, "app", Digest.of(new byte[0]), "", Optional.of(2), Duration.ofMinutes(1)),
            ReleaseFixture.RELEASE);

    @Test
    void whereProcessesCanNotBeAskedNothingIsWanted() {
        assertThat(answers.wanted(2)).isZero();
    }

    @Test
    void eachProcessIsAskedOnceAndMustSayThisRelease() {
        engine.answers(ReleaseFixture.answer());

        assertThat(answers.wanted(2)).isEqualTo(1);
        assertThat(answers.fault()).isEmpty();
    }

    @Test
    void oneThatSaysAnotherIsNamed() {
        engine.answers(ReleaseFixture.answer().replace("\"version\":7", "\"version\":6"));
        assertThat(answers.fault()).contains("pod-1/release: version: expected 7, got \"6\"");

        engine.answers("error trying to reach service");
        assertThat(answers.fault().orElseThrow()).startsWith("pod-1/release: expected JSON, got");
    }
}
