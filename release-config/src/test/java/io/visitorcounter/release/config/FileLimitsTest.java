package io.visitorcounter.release.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.release.hocon.Outline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The limits on environment files, as {@code docs/config.md} lists them. */
class FileLimitsTest {

    @Test
    void theDocsNameEveryLimit() throws IOException {
        String page = Files.readString(Path.of("../docs/config.md")).replace('\n', ' ');

        assertThat(page)
                .contains(
                        count(Loader.MAX_INCLUDES) + " includes",
                        size(ConfigSource.MAX_FILE_BYTES) + " in a file",
                        size(Loader.MAX_CHARACTERS) + " in all included files together",
                        count(Loader.MAX_KEYS) + " keys",
                        count(Loader.MAX_VALUES_OF_A_KEY) + " values in a row for one key",
                        count(Loader.MAX_REFERENCES) + " references",
                        count(Expansion.MAX_DEPTH) + " references in a chain",
                        size(Expansion.MAX_TOTAL) + " of values that come by reference",
                        count(Outline.MAX_DEPTH) + " levels of nesting");
    }

    private static String count(int limit) {
        return String.format(Locale.ROOT, "%,d", limit);
    }

    private static String size(long limit) {
        return limit >= 1 << 20 ? (limit >> 20) + " MiB" : (limit >> 10) + " KiB";
    }
}
