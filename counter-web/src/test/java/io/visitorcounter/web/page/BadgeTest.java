package io.visitorcounter.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class BadgeTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "visitors",
                "<script>alert(1)</script>",
                "\" onload=\"x",
                "a & b ' c",
                "\u0001control\u0000",
                "日本語の訪問者",
                "😀😀",
                "lone \ud800 surrogate",
                "e\u0301\u0301\u0301"
            })
    void anyLabelIsWellFormedAndHoldsNoMarkup(String label) throws Exception {
        Element svg = parse(new Badge(label, "9", "#2458a6").svg());

        assertThat(svg.getElementsByTagName("script").getLength()).isZero();
        assertThat(svg.getElementsByTagName("text").getLength()).isEqualTo(2);
        assertThat(svg.hasAttribute("onload")).isFalse();
        assertThat(svg.getAttribute("aria-label")).endsWith(": 9");
    }

    @Test
    void theBoxesAreAsWideAsTheirTextsAndTheWholeAsBoth() throws Exception {
        Element narrow = parse(new Badge("il", "1", "#2458a6").svg());
        Element wide = parse(new Badge("MMMMWWWW", "1 234 567", "#2458a6").svg());

        assertThat(width(wide)).isGreaterThan(2 * width(narrow));
        assertThat(width(wide)).isEqualTo((Badge.width("MMMMWWWW") + Badge.width("1 234 567")) / 10.0 + 24);
    }

    @Test
    void aCombiningMarkTakesNoRoom() {
        assertThat(Badge.width("e\u0301")).isEqualTo(Badge.width("e"));
    }

    @ParameterizedTest
    @CsvSource({"blue, #2458a6", "BLUE, #2458a6", "abc, #abc", "#AABBCC, #AABBCC", "123456, #123456"})
    void aColorIsAWordOrDigits(String text, String expected) {
        assertThat(Badge.color(text)).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "blueish", "#12", "#12345", "12345g", "url(#x)", "#abc\"/>", "rgb(0,0,0)"})
    void anythingElseIsNoColor(String text) {
        assertThat(Badge.color(text)).isEmpty();
    }

    @Test
    void textOnALightGroundIsDark() {
        assertThat(new Badge("a", "1", "#ffee00").svg()).contains("fill=\"#1d2330\"");
        assertThat(new Badge("a", "1", "#000").svg()).doesNotContain("fill=\"#1d2330\"");
    }

    private static double width(Element svg) {
        return Double.parseDouble(svg.getAttribute("width"));
    }

    private static Element parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(svg)))
                .getDocumentElement();
    }
}
