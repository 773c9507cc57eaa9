package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where Java could not decode what it was given, the command says so and does nothing. */
class LostLettersTest {

    private static final String ASCII = "ANSI_X3.4-1968";

    @Test
    void anArgumentAVariableAndTheFolderAreNamed() {
        assertThat(LostLetters.in(ASCII, List.of("create", "dev", "--reason", "Gr\ufffd\ufffde"), Map.of(), "/"))
                .hasValue("argument 4: expected letters that the locale's encoding ANSI_X3.4-1968 has, got others;"
                        + " set LC_ALL=C.UTF-8, or start it by bin/release");
        assertThat(LostLetters.in(ASCII, List.of(), Map.of("RELEASE_USER", "J\ufffd\ufffdrg"), "/"))
                .hasValueSatisfying(fault -> assertThat(fault).startsWith("RELEASE_USER: expected"));
        assertThat(LostLetters.in(ASCII, List.of(), Map.of(), "/home/J\ufffd\ufffdrg"))
                .hasValueSatisfying(fault -> assertThat(fault).startsWith("the folder it is started in: expected"));
    }

    @Test
    void whatIsAsciiOrOfUtf8IsTakenAndForeignVariablesDoNotCount() {
        assertThat(LostLetters.in(ASCII, List.of("create", "dev"), Map.of("PS1", "\u2192"), "/home/ada"))
                .isEmpty();
        assertThat(LostLetters.in("UTF-8", List.of("Grüße"), Map.of("RELEASE_USER", "Jörg"), "/ü"))
                .isEmpty();
    }
}
