package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.release.Digest;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UploadLinesTest {

    private static final Digest BLOB = new Digest("sha256:" + "ab".repeat(32));
    private static final long MIB = 1 << 20;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private UploadLines lines(Map<String, String> variables) {
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        return new UploadLines(
                new ProcessContext(variables, Clock.systemUTC(), InputStream.nullInputStream(), stream, stream));
    }

    private String printed() {
        return err.toString(StandardCharsets.UTF_8).replace("\r\u001b[K", "|").replace(System.lineSeparator(), "\n");
    }

    @Test
    void aTerminalSeesEachPercentOnceOverTheSameLine() {
        UploadLines lines = lines(Map.of("RELEASE_ERR_TERMINAL", "1"));

        lines.sent(BLOB, 0, 200 * MIB);
        lines.sent(BLOB, MIB, 200 * MIB);
        lines.sent(BLOB, 3 * MIB, 200 * MIB);
        lines.ended(BLOB, 200 * MIB, true);

        assertThat(printed())
                .isEqualTo("|upload   abababababab  200.0 MiB  0 %|upload   abababababab  200.0 MiB  1 %"
                        + "|upload   abababababab  200.0 MiB\n");
    }

    @Test
    void aFurtherTryIsALineOfItsOwnWithReasonAndWait() {
        UploadLines lines = lines(Map.of("RELEASE_ERR_TERMINAL", "1"));

        lines.again("registry.example: answered 503", 2, 5, Duration.ofMillis(1240));
        lines.sent(BLOB, 0, MIB);
        lines.again("registry.example:\n\u001b[2Jreset", 3, 5, Duration.ofSeconds(2));
        lines.sent(BLOB, 0, MIB);

        assertThat(printed())
                .isEqualTo("again    registry.example: answered 503; try 2 of 5 in 1.2 s\n"
                        + "|upload   abababababab  1.0 MiB  0 %|"
                        + "again    registry.example:; \\u001b[2Jreset; try 3 of 5 in 2.0 s\n"
                        + "|upload   abababababab  1.0 MiB  0 %");
    }

    @Test
    void elsewhereItIsALineWhenItIsThere() {
        UploadLines lines = lines(Map.of());

        lines.sent(BLOB, 0, 3000);
        lines.sent(BLOB, 3000, 3000);
        assertThat(printed()).isEmpty();
        lines.ended(BLOB, 3000, true);

        assertThat(printed()).isEqualTo("upload   abababababab  2.9 KiB\n");
    }

    @Test
    void whatFailedLeavesTheLineToTheFault() {
        UploadLines terminal = lines(Map.of("RELEASE_ERR_TERMINAL", "1"));

        terminal.sent(BLOB, 0, 0);
        terminal.ended(BLOB, 0, false);
        lines(Map.of()).ended(BLOB, 0, false);

        assertThat(printed()).isEqualTo("|upload   abababababab  0 bytes  100 %|");
    }
}
