package io.visitorcounter.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReleaseIdTest {

    private static final Environment PROD = new Environment("prod");

    @ParameterizedTest
    @ValueSource(strings = {"prod@v12", "prod@12"})
    void bothFormsNameTheSameRelease(String text) {
        ReleaseId id = ReleaseId.parse(text);

        assertThat(id).isEqualTo(new ReleaseId(PROD, 12)).hasToString("prod@v12");
        assertThat(id.label()).isEqualTo("prod v12");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "prod", "prod@", "prod@v0", "prod@v012", "prod@-1", "prod@v1000000", "prod v12", "a@b@1"})
    void otherFormsAreRefused(String text) {
        assertThatThrownBy(() -> ReleaseId.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("release: expected a form like prod@v12, got \"" + text + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Prod", "1prod", "-prod", "prod-", "prod_1", "an-environment-with-too-long-a-name"})
    void aNameThatCanBeNoFolderOrLabelEverywhereIsNoEnvironment(String name) {
        assertThat(Environment.isValid(name)).isFalse();
        assertThatThrownBy(() -> ReleaseId.parse(name + "@v1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "environment: expected 1..31 of a-z 0-9 -, a letter first and no - last, got \"" + name + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"p", "p1", "eu-1", "a-b--c", "an-environment-of-31-characters"})
    void aNameThatCanBeBothIsOne(String name) {
        assertThat(new Environment(name)).hasToString(name);
    }

    @Test
    void releasesSortByEnvironmentAndThenByNumber() {
        ReleaseId dev10 = ReleaseId.parse("dev@10");
        ReleaseId dev9 = ReleaseId.parse("dev@9");
        ReleaseId prod1 = ReleaseId.parse("prod@1");

        assertThat(List.of(prod1, dev10, dev9).stream().sorted()).containsExactly(dev9, dev10, prod1);
    }

    @Test
    void textOfOthersIsShownCutAndWithoutControlCharacters() {
        assertThatThrownBy(() -> new Environment("\u001b[2J" + "x".repeat(100)))
                .hasMessageEndingWith("got \"\\u001b[2J" + "x".repeat(56) + "…\"");
    }
}
