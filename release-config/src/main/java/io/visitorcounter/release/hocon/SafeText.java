package io.visitorcounter.release.hocon;

import io.visitorcounter.release.PrintableText;
import java.util.regex.Pattern;

/** Somebody's text as a fault or a table may show it: no secret, cut, and what is invisible as an escape. */
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

    // A login before a host, also where no scheme makes a URL of it.
    private static String masked(String text) {
        return LOGIN.matcher(text).replaceAll("$1:***@");
    }

    /** On one line, with an escape for whatever is {@link PrintableText#isInvisible}. */
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
