package io.visitorcounter.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlotTest {

    @ParameterizedTest
    @CsvSource({
        "0, 1",
        "1, 1",
        "2, 2",
        "3, 3",
        "6, 6",
        "7, 8",
        "9, 10",
        "11, 20",
        "21, 30",
        "81, 100",
        "9223372036854775807, 9223372036854775807"
    })
    void theScaleEndsAtARoundNumber(long most, long expected) {
        assertThat(Plot.roundedUp(most)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "999, 999",
        "1000, 1k",
        "2500, 2.5k",
        "15000, 15k",
        "800000000, 800M",
        "4000000000000, 4T",
        "9223372036854775807, 9223372T"
    })
    void theScaleIsShort(long number, String expected) {
        assertThat(Plot.shortened(number)).isEqualTo(expected);
    }

    @Test
    void everyBarIsInThePictureAndInTheTable() {
        Plot plot = new Plot(
                "Last", "Hour", Plot.What.VISITS, List.of(new Plot.Bar("10:00", 0), new Plot.Bar("11:00", 1234)));

        String html = plot.html();

        assertThat(html).contains("1\u202f234 visits").contains("<title>11:00: 1\u202f234</title>");
        assertThat(html.split("<rect", -1)).hasSize(3);
        assertThat(html).contains("<th scope=\"row\">10:00</th><td>0</td>").contains("height=\"0.0\"");
    }

    @Test
    void oneVisitIsNotVisits() {
        assertThat(new Plot("Last", "Hour", Plot.What.VISITS, List.of(new Plot.Bar("x", 1))).html())
                .contains(">1 visit</span>");
    }

    @Test
    void theScaleIsReadAtTheTopAndInTheMiddle() {
        String html = new Plot("Last", "Hour", Plot.What.VISITS, List.of(new Plot.Bar("x", 1800))).html();

        assertThat(html).contains(">2k</text>").contains(">1k</text>");
    }

    /** The script keeps the visits up to date, by marks that visitors don't have. */
    @Test
    void visitorsAreNotAddedUp() {
        String html = new Plot(
                        "Visitors", "Day", Plot.What.VISITORS, List.of(new Plot.Bar("1", 70), new Plot.Bar("2", 40)))
                .html();

        assertThat(html)
                .contains("about 40 today, at most 70 in one bar", "<th scope=\"col\">Visitors</th>")
                .doesNotContain("110", "data-visits");
    }
}
