package io.visitorcounter.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrintableTextTest {

    @Test
    void whatSteersATerminalOrTheDirectionOfWritingIsEscaped() {
        assertThat(PrintableText.oneLine("a\u001b[31mb\u202ec\u2066d\u200be\ufeff\u0085"))
                .isEqualTo("a\\u001b[31mb\\u202ec\\u2066d\\u200be\\ufeff\\u0085");
        assertThat(PrintableText.oneLine("Grüße, \u00e9t\u00e9, \u65e5\u672c \ud83d\ude00"))
                .isEqualTo("Grüße, \u00e9t\u00e9, \u65e5\u672c \ud83d\ude00");
        assertThat(PrintableText.oneLine("one\r\n  two\nthree")).isEqualTo("one; two; three");
        assertThat(PrintableText.lines("one\n\ttwo\u0007")).isEqualTo("one\n\ttwo\\u0007");
    }

    @ParameterizedTest
    @CsvSource({
        "see https://bob:s3cr3t@git.example/l.git now, see https://bob:***@git.example/l.git now",
        "https://bob:p@ss:w@git.example/l, https://bob:***@git.example/l",
        "https://ghp_token@git.example/l, https://***@git.example/l",
        "HTTPS://ghp_token@git.example/l, HTTPS://***@git.example/l",
        "ssh://git@git.example/l, ssh://git@git.example/l",
        "git@git.example:l.git, git@git.example:l.git",
        "http://git.example/a@b, http://git.example/a@b",
    })
    void aUrlIsShownWithoutPasswordAndToken(String text, String shown) {
        assertThat(PrintableText.oneLine(text)).isEqualTo(shown);
    }

    @Test
    void aFailureOfTheFileSystemHasAReasonRatherThanItsPath() {
        assertThat(ReleaseException.reason(new AccessDeniedException("/a/b"))).isEqualTo("permission denied");
        assertThat(ReleaseException.reason(new NoSuchFileException("/a/b"))).isEqualTo("no such file or folder");
        assertThat(ReleaseException.reason(new java.io.FileNotFoundException("/a/b (Permission denied)")))
                .isEqualTo("permission denied");
        assertThat(ReleaseException.reason(new IOException())).isEqualTo("it failed (IOException)");
    }
}
