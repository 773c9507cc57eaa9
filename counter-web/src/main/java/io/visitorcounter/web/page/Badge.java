package io.visitorcounter.web.page;

import static io.visitorcounter.web.http.Markup.escaped;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** A small image for a README: a label with a value next to it.
 *
 *  @param label on the left, 1 to 64 characters
 *  @param value on the right
 *  @param color the value's background, as in {@code #2458a6} */
public record Badge(String label, String value, String color) {

    /** The longest label, in characters. */
    public static final int MAX_LABEL = 64;

    private static final Map<String, String> COLORS = Map.of(
            "blue", "#2458a6",
            "green", "#2b7a3d",
            "grey", "#5b6270",
            "orange", "#b4460f",
            "purple", "#6b3fa0",
            "red", "#b3261e",
            "teal", "#0f6f6f",
            "black", "#1d2330");

    private static final Pattern HEX = Pattern.compile("#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})");

    // For 11 px Verdana and its substitutes, in tenths of a pixel.
    private static final int PADDING = 60;

    /** {@return the color that the text names: a known word, or three or six hexadecimal digits} */
    public static Optional<String> color(String text) {
        String named = COLORS.get(text.toLowerCase(Locale.ROOT));
        if (named != null) {
            return Optional.of(named);
        }
        return HEX.matcher(text).matches() ? Optional.of(text.startsWith("#") ? text : "#" + text) : Optional.empty();
    }

    /** {@return the SVG} */
    public String svg() {
        int left = width(label);
        int right = width(value);
        int leftBox = left + 2 * PADDING;
        int rightBox = right + 2 * PADDING;
        String said = escaped(label + ": " + value);
        return format(
                """
                <svg xmlns="http://www.w3.org/2000/svg" width="%1$s" height="20" role="img" aria-label="%2$s">\
                <title>%2$s</title>\
                <clipPath id="r"><rect width="%1$s" height="20" rx="3"/></clipPath>\
                <g clip-path="url(#r)">\
                <path fill="#3a3f4b" d="M0 0h%3$sv20H0z"/><path fill="%4$s" d="M%3$s 0h%5$sv20H%3$sz"/></g>\
                <g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">\
                <text x="%6$s" y="14" textLength="%7$s">%8$s</text>\
                <text x="%9$s" y="14" fill="%10$s" textLength="%11$s">%12$s</text></g></svg>
                """,
                tenths(leftBox + rightBox),
                said,
                tenths(leftBox),
                color,
                tenths(rightBox),
                tenths(leftBox / 2),
                tenths(left),
                escaped(label),
                tenths(leftBox + rightBox / 2),
                isLight(color) ? "#1d2330" : "#fff",
                tenths(right),
                escaped(value));
    }

    /** {@return the width in tenths of a pixel; the SVG's textLength makes renderers use it} */
    static int width(String text) {
        return text.codePoints().map(Badge::width).sum();
    }

    private static int width(int c) {
        if (c < 0x7f) {
            return "iIjl.,:;'|!".indexOf(c) >= 0
                    ? 33
                    : "ft ()[]{}/\\-r\"`".indexOf(c) >= 0
                            ? 45
                            : "mwMW@%".indexOf(c) >= 0 ? 103 : Character.isUpperCase(c) ? 77 : 69;
        }
        int type = Character.getType(c);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
            return 0;
        }
        return c >= 0x1100 && !(c >= 0x1e00 && c < 0x2e80) ? 115 : 72; // from Hangul on, most characters are square
    }

    private static boolean isLight(String color) {
        String hex = color.length() == 4 ? color.replaceAll("([0-9a-fA-F])", "$1$1") : color;
        int rgb = Integer.parseInt(hex.substring(1), 16);
        double brightness = 0.299 * (rgb >> 16) + 0.587 * (rgb >> 8 & 0xff) + 0.114 * (rgb & 0xff);
        return brightness > 150;
    }

    private static String tenths(int tenths) {
        return format("%d.%d", tenths / 10, tenths % 10);
    }

    private static String format(String text, Object... values) {
        return String.format(Locale.ROOT, text, values);
    }
}
