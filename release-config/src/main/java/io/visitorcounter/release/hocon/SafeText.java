package io.visitorcounter.release.hocon;

import io.visitorcounter.release.PrintableText;
import java.util.regex.Pattern;

/** Text from outside, made safe for a fault or a table: without secrets, cut, and with invisible characters escaped. */
public final class SafeText {

    private static final int MAX_CHARACTERS = 60;
    private static final String SECRET = "a secret";
    private static final Pattern LOGIN = Pattern.compile("([^\\s/:@\"]{1,200}):[^\\s/@\"]{1,200}@");

    private SafeText() {}

    /** In quotes, cut to 60 characters; not at all if it looks like a secret. */
    public static String quoted(String text) {
        return TokenShape.find(text).isPresent()
                ? SECRET
                : "\"" + cut(masked(text).replace('"', '?')) + "\"";
    }

    /** The same without quotes. */
    public static String plain(String text) {
        return TokenShape.find(text).isPresent() ? SECRET : cut(masked(text));
    }

    // A login before a host, even without a URL's scheme.
    private static String masked(String text) {
        return LOGIN.matcher(text).replaceAll("$1:***@");
    }

    /** On one line, with {@link PrintableText#isInvisible invisible} characters escaped. */
    public static String visible(String text) {
        if (text.codePoints().noneMatch(PrintableText::isInvisible)) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (PrintableText.isInvisible(c)) {
                out.append(String.format(c > 0xffff ? "\\U%06X" : "\\u%04X", c));
            } else {
                out.appendCodePoint(c);
            }
        });
        return out.toString();
    }

    private static String cut(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().limit(MAX_CHARACTERS).forEach(out::appendCodePoint);
        return visible(out.toString()) + (text.codePointCount(0, text.length()) > MAX_CHARACTERS ? "…" : "");
    }
}
