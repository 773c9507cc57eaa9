package io.visitorcounter.release.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A pattern means what JSON Schema says, in whichever place the dollar stands. */
class TextPatternTest {

    @ParameterizedTest
    @CsvSource({
        "^a$, a, true",
        "^a$, 'a\n', false",
        "^a$, 'a\r\n', false",
        "^(a$|b), 'a\n', false",
        "'^(a(,(?!$)|$))*$', 'a,a', true",
        "'^(a(,(?!$)|$))*$', 'a,', false",
        "^[$a]$, $, true",
        "^[$a]$, 'a\n', false",
        "^a\\$$, a$, true",
        "^a\\$$, 'a$\n', false",
        "^\\\\$, 'x', false",
    })
    void theDollarIsTheEndOfTheText(String pattern, String text, boolean found) {
        assertThat(TextPattern.of(pattern).isFoundIn(text)).isEqualTo(found);
    }

    @Test
    void aMessageShowsAtMostALineOfIt() {
        assertThat(TextPattern.of("^" + "(a|b)".repeat(200) + "$"))
                .asString()
                .startsWith("^(a|b)(a|b)")
                .endsWith("… (release schema shows all of it)")
                .hasSizeLessThan(130);
        assertThat(TextPattern.of("^(a|b)$")).hasToString("^(a|b)$");
    }
}
