package io.visitorcounter.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CounterOptionsTest {

    @Test
    void optionsThatAreBuiltFromOthersAreTheSame() {
        CounterOptions options = CounterOptions.builder()
                .keyPrefix("app:visits:")
                .queue(7)
                .credentials(new Credentials("app", "secret"))
                .build();

        assertThat(options.toBuilder().build()).usingRecursiveComparison().isEqualTo(options);
    }

    @Test
    void theirTextHoldsNoSecret() {
        CounterOptions options = CounterOptions.builder()
                .credentials(new Credentials("app", "hush"))
                .keyPrefix("shop:")
                .build();

        assertThat(options)
                .hasToString("durability memory, deadline PT2S, queue 10000, id window PT24H, key prefix shop:, with"
                        + " credentials");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{a}:", "a b:", "ü:", "a\n", "*"})
    void aPrefixThatWouldBeAnotherHashTagOrUnreadableIsRefused(String prefix) {
        assertThatThrownBy(() -> CounterOptions.builder().keyPrefix(prefix))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("key prefix: expected 0..100 of A-Z a-z 0-9 . _ - : / @, got ");
    }

    @Test
    @SuppressWarnings({"NullAway", "DataFlowIssue"}) // callers without a null checker
    void nullIsRefusedWithTheNameOfTheOption() {
        CounterOptions.Builder builder = CounterOptions.builder();

        assertThatThrownBy(() -> builder.durability(null)).hasMessage("durability");
        assertThatThrownBy(() -> builder.deadline(null)).hasMessage("deadline");
        assertThatThrownBy(() -> builder.idWindow(null)).hasMessage("id window");
        assertThatThrownBy(() -> builder.listener(null)).hasMessage("listener");
        assertThatThrownBy(() -> builder.executor(null)).hasMessage("executor");
        assertThatThrownBy(() -> builder.credentials(null)).hasMessage("credentials");
        assertThatThrownBy(() -> builder.certificates(null)).hasMessage("certificates");
        assertThatThrownBy(() -> builder.eventLoop(null)).hasMessage("event loop");
        assertThatThrownBy(() -> builder.openTimeout(null)).hasMessage("open timeout");
        assertThatThrownBy(() -> builder.keyPrefix(null)).hasMessage("key prefix");
    }
}
