package io.visitorcounter.web.page;

import static io.visitorcounter.web.http.Markup.escaped;
import static io.visitorcounter.web.http.Markup.grouped;

import java.util.List;
import java.util.Locale;

/** Visits or visitors over time as bars in an inline SVG, and as a table.
 *
 *  @param title as in {@code Last 24 hours (UTC)}
 *  @param unit the time unit of a bar, as in {@code Hour}
 *  @param what a bar counts
 *  @param bars oldest first, at least 1 */
record Plot(String title, String unit, What what, List<Bar> bars) {

    private static final String UNITS = " kMBT";
    private static final int WIDTH = 720;
    private static final int HEIGHT = 230;
    private static final int TOP = 34;
    private static final int BOTTOM = 36;
    private static final int BARS_TO_A_LABEL = 6;

    /** The width of the scale, left of the bars. */
    private static final int LEFT = 78;

    /** What is counted. */
    enum What {
        /** They add up, and the newest bar follows the live count. */
        VISITS("Visits"),
        /** Estimates. They can't be added up: somebody who came on two days is in both. */
        VISITORS("Visitors");

        private final String word;

        What(String word) {
            this.word = word;
        }
    }

    /** One bar.
     *
     *  @param label its time, as in {@code 13:00}
     *  @param visits its height, in visits or visitors */
    record Bar(String label, long visits) {}

    long total() {
        return bars.stream().mapToLong(Bar::visits).sum();
    }

    String html() {
        StringBuilder out = new StringBuilder(4096);
        out.append("<section><h2>").append(escaped(title));
        if (what == What.VISITS) {
            out.append(" <span")
                    .append(live(total()))
                    .append(" data-unit=\"visit\">")
                    .append(grouped(total()))
                    .append(total() == 1 ? " visit" : " visits")
                    .append("</span>");
        }
        out.append("</h2>\n<p class=\"key\">")
                .append(unit.equals("Day") ? "Today" : "This " + unit.toLowerCase(Locale.ROOT))
                .append(" so far</p>\n");
        svg(out);
        table(out);
        return out.append("</section>\n").toString();
    }

    /** {@return the attribute by which the script updates visits; nothing for visitors} */
    private String live(long visits) {
        return what == What.VISITS ? " data-visits=\"" + visits + "\"" : "";
    }

    private String summary(long max) {
        return what == What.VISITS
                ? grouped(total()) + " visits, at most " + grouped(max) + " in one bar"
                : "about " + grouped(bars.get(bars.size() - 1).visits()) + " today, at most " + grouped(max)
                        + " in one bar";
    }

    private void svg(StringBuilder out) {
        long max = bars.stream().mapToLong(Bar::visits).max().orElse(0);
        long top = roundedUp(max);
        double step = (double) (WIDTH - LEFT) / bars.size();
        int floor = HEIGHT - BOTTOM;
        out.append(format(
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s: %s\">\n",
                WIDTH, HEIGHT, escaped(title), summary(max)));
        int middle = (TOP + floor) / 2;
        line(out, TOP);
        line(out, middle);
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            double height = bar.visits() == 0 ? 0 : Math.max(2, (double) bar.visits() / top * (floor - TOP));
            out.append(format(
                    "<rect class=\"%s\"%s x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>%s: %s</title></rect>\n",
                    i == bars.size() - 1 ? "now" : "bar",
                    i == bars.size() - 1 && what == What.VISITS
                            ? live(bar.visits()) + format(" data-top=\"%d\" data-floor=\"%d\"", top, floor)
                            : "",
                    LEFT + i * step + step * 0.12,
                    floor - height,
                    step * 0.76,
                    height,
                    escaped(bar.label()),
                    grouped(bar.visits())));
            int fromLast = bars.size() - 1 - i;
            if (fromLast % BARS_TO_A_LABEL == 0) {
                out.append(format(
                        "<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%s</text>\n",
                        fromLast == 0 ? WIDTH : LEFT + (i + 0.5) * step,
                        HEIGHT - 6,
                        fromLast == 0 ? "end" : "middle",
                        escaped(bar.label())));
            }
        }
        line(out, floor);
        scale(out, TOP, top);
        if (top % 2 == 0) {
            scale(out, middle, top / 2);
        }
        out.append("</svg>\n");
    }

    private void table(StringBuilder out) {
        out.append("<details><summary>As a table</summary><table><thead><tr><th scope=\"col\">")
                .append(escaped(unit))
                .append("</th><th scope=\"col\">")
                .append(what.word)
                .append("</th></tr></thead><tbody>\n");
        for (int i = bars.size() - 1; i >= 0; i--) {
            out.append("<tr><th scope=\"row\">")
                    .append(escaped(bars.get(i).label()))
                    .append("</th><td")
                    .append(i == bars.size() - 1 ? live(bars.get(i).visits()) : "")
                    .append('>')
                    .append(grouped(bars.get(i).visits()))
                    .append("</td></tr>\n");
        }
        out.append("</tbody></table></details>");
    }

    private static void scale(StringBuilder out, int y, long visits) {
        out.append(format("<text x=\"0\" y=\"%d\" dy=\".35em\">%s</text>\n", y, shortened(visits)));
    }

    private static void line(StringBuilder out, int y) {
        out.append(format("<path class=\"grid\" d=\"M%d %dH%d\"/>\n", LEFT, y, WIDTH));
    }

    /** {@return a number with two significant digits in at most four characters, up to a trillion, as in {@code 2.5k}} */
    static String shortened(long number) {
        long unit = 1;
        int i = 0;
        while (i < UNITS.length() - 1 && number / unit >= 1000) {
            unit *= 1000;
            i++;
        }
        long tenths = number / unit * 10 + number % unit * 10 / unit;
        String rest = tenths % 10 == 0 ? "" : "." + tenths % 10;
        return tenths / 10 + rest + UNITS.substring(i, i + 1).strip();
    }

    /** {@return the number rounded up to one significant digit, which is never 7 or 9} */
    static long roundedUp(long number) {
        long power = 1;
        while (power <= Long.MAX_VALUE / 10) {
            for (long factor : new long[] {1, 2, 3, 4, 5, 6, 8}) {
                if (factor * power >= number) {
                    return factor * power;
                }
            }
            power *= 10;
        }
        return Long.MAX_VALUE;
    }

    private static String format(String text, Object... values) {
        return String.format(Locale.ROOT, text, values);
    }
}
