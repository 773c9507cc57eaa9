package io.visitorcounter.web.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptTest {

    private static final List<String> OFFERED = List.of("text/plain", "text/html", "application/json");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "none | text/plain",
                "*/* | text/plain",
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8 | text/html",
                "application/json | application/json",
                "application/json, text/plain, */* | text/plain",
                "application/json, */*;q=0.1 | application/json",
                "Application/JSON | application/json",
                "application/* | application/json",
                "text/* | text/plain",
                "text/plain;q=0, */* | text/html",
                "text/html;q=0.5, application/json;q=0.7 | application/json",
                "text/html;level=1 | text/html",
                "image/webp | text/plain",
                "text/html;q=x | text/plain",
                "'' | text/plain",
                ",,;;q=,/ | text/plain",
                "; | text/plain",
                ";;;,,, | text/plain",
                ",;,application/json | application/json",
                "text/html;;q=1 | text/html",
                "application/json; | application/json",
            })
    void theTypeThatTheClientLikesBestIsChosen(String accept, String expected) {
        assertThat(OFFERED.get(Accept.best(accept, OFFERED))).isEqualTo(expected);
    }
}
