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
        // Blanks that are none, letters that are drawn as nothing, and what only a font of one's own can show.
        assertThat(PrintableText.oneLine("a\u00a0b\u2003c\u3164d\u115fe\ufe0ff\u2800g\ue000h\udb40\udc41"))
                .isEqualTo("a\\u00a0b\\u2003c\\u3164d\\u115fe\\ufe0ff\\u2800g\\ue000h\\udb40\\udc41");
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
        "bob:s3cr3t@git.example:l.git, bob:***@git.example:l.git",
        "got bob:s3cr3t@127.0.0.1:5000/team/app:1 here, got bob:***@127.0.0.1:5000/team/app:1 here",
        "host:5000/team/app:1@sha256:0123, host:5000/team/app:1@sha256:0123",
        "app:1@sha256:0123, app:1@sha256:0123",
        "http://git.example/a@b, http://git.example/a@b",
    })
    void aUrlIsShownWithoutPasswordAndToken(String text, String shown) {
        assertThat(PrintableText.oneLine(text)).isEqualTo(shown);
    }

    @Test
    void aPasswordIsTakenAwayBeforeTheTextIsCut() {
        assertThat(PrintableText.quoted("https://bob:" + "s3cr3t".repeat(20) + "@git.example/l"))
                .isEqualTo("\"https://bob:***@git.example/l\"");
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
