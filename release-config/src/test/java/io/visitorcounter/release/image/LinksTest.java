package io.visitorcounter.release.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Links as RFC 8288 lets servers write them. */
class LinksTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "</v2/a?n=1>; rel=\"next\"",
                "</v2/a?n=1>;rel=next",
                "  < /v2/a?n=1>  ;  REL = \"next\"  ",
                "</v2/a?n=1>; title=\"a, <b>; rel=\\\"prev\\\"\"; rel=\"next\"",
                "</v2/a?n=1>; rel=\"last next\"",
                "</v2/a?n=1>; rel=\"NEXT\"; rel=\"prev\"",
                "</v2/a?n=1>; async; rel=next; n=5",
                "</first>; rel=\"prev\", </v2/a?n=1>; rel=\"next\", </last>; rel=last",
                "</first>, </v2/a?n=1>; rel=next",
                "no link, </v2/a?n=1>; rel=next"
            })
    void theNextPageIsFoundHoweverItIsWritten(String field) {
        assertThat(Links.to("next", List.of(field)).map(String::strip)).contains("/v2/a?n=1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "</v2/a>",
                "</v2/a>; rel=prev",
                "</v2/a>; rel=\"prev\"; rel=\"next\"",
                "</v2/a>; title=\"rel=next\"",
                "</v2/a>; title=\"; rel=next",
                "</v2/a; rel=next",
                "</v2/a>, rel=next",
                "</v2/a>; rel=nextish"
            })
    void whatIsNotTheNextPageIsNone(String field) {
        assertThat(Links.to("next", List.of(field))).isEmpty();
    }

    @Test
    void aLinkMayBeInAnyOfSeveralFields() {
        assertThat(Links.to("next", List.of("</a>; rel=prev", "</b>; rel=next")))
                .contains("/b");
    }
}
