package io.visitorcounter.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DigestTest {

    // The example of FIPS 180-2, appendix B.1.
    private static final String ABC = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    private Path folder;

    @Test
    void theDigestOfBytesIsTheirSha256() {
        Digest digest = Digest.of("abc".getBytes(StandardCharsets.US_ASCII));

        assertThat(digest).isEqualTo(new Digest(ABC)).hasToString(ABC);
        assertThat(digest.hex()).hasSize(64);
        assertThat(digest.shortText()).isEqualTo("ba7816bf8f01");
    }

    @Test
    void aFileHasTheDigestOfItsBytesEvenIfItIsLargerThanABuffer() throws IOException {
        byte[] bytes = "0123456789".repeat(20_000).getBytes(StandardCharsets.US_ASCII);
        Path file = Files.write(folder.resolve("large"), bytes);

        assertThat(Digest.of(file)).isEqualTo(Digest.of(bytes));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sha256:",
                "ba7816bf",
                "sha512:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
            })
    void anythingElseIsNoDigest(String text) {
        assertThatThrownBy(() -> new Digest(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("digest: expected sha256: and 64 hex digits, got ");
    }
}
