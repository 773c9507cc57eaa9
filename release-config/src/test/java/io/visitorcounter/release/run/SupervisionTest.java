package io.visitorcounter.release.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.release.ReleaseException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of a child that ended as soon as it started. */
final class SupervisionTest {

    private static int await(String script) {
        Prepared child = new Prepared(
                List.of("/bin/sh", "-c", script),
                Map.of(),
                Path.of("/"),
                new Prepared.Ending(Optional.empty(), Duration.ofSeconds(1)),
                Optional.empty(),
                Optional.empty(),
                List.of());
        return new Supervision("dev v1", child, Set.of(4)).await();
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void whoIsStoppedFromOutsideDidNotFailToStart(String signal) {
        // Where this build itself was begun with signals ignored, as by nohup or in the background, so is the shell.
        assertThat(await("kill -" + signal + " $$; exit 130")).isIn(130, 143);
    }

    @Test
    void aDeclaredExitCodeIsPassedOn() {
        assertThat(await("exit 4")).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit 1", "exit 129", "kill -KILL $$"})
    void whoEndsByItselfAtOnceDidNotStart(String script) {
        assertThatThrownBy(() -> await(script))
                .isInstanceOf(ReleaseException.Unhealthy.class)
                .hasMessageStartingWith("dev v1: ended with code ");
    }
}
