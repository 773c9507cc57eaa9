package io.visitorcounter.web.values;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginsTest {

    @ParameterizedTest
    @CsvSource({
        "https://Example.org, https://example.org",
        "https://example.org:443, https://example.org",
        "http://example.org:80, http://example.org",
        "http://example.org:443, http://example.org:443",
        "chrome-extension://abc, chrome-extension://abc",
        "null, null",
    })
    void anOriginIsComparedAsBrowsersWriteIt(String listed, String sent) {
        Origins origins = Origins.of("https://other.example, " + listed);

        assertThat(origins.contains(sent)).isTrue();
        assertThat(origins.contains("https://third.example")).isFalse();
    }

    @Test
    void anAsteriskMeansAllAndABlankListNone() {
        assertThat(Origins.of("https://example.org, *").contains("https://third.example"))
                .isTrue();
        assertThat(Origins.of(" ").none()).isTrue();
    }
}
