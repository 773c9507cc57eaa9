package io.visitorcounter.release;

import java.util.regex.Pattern;

/** Text from outside as a terminal, a log or an error may show it. Whatever a reader can't see, or what steers a terminal
 *  or the direction of writing, is escaped as in JSON, such as {@code \u202e}: two texts that differ look different. */
public final class PrintableText {

    private static final int MAX_CHARACTERS = 60;
    private static final Pattern PASSWORD = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*://[^\\s/@:]*):[^\\s/]*@");
    // Over HTTP what stands alone before the @ is often a token.
    private static final Pattern TOKEN = Pattern.compile("([Hh][Tt][Tt][Pp][Ss]?://)[^\\s/@:]+@");

    private PrintableText() {}

    /** {@return the text without anything invisible; line ends stay}
     *
     *  @param text any text */
    public static String lines(String text) {
        return escaped(text, true);
    }

    /** {@return the text as one line, its lines separated by semicolons}
     *
     *  @param somebodys any text */
    public static String oneLine(String somebodys) {
        String text = withoutPasswords(somebodys);
        if (text.indexOf('\n') < 0 && text.indexOf('\r') < 0) {
            return escaped(text, false);
        }
        return escaped(String.join("; ", text.lines().map(String::strip).toList()), false);
    }

    /** {@return the text in quotes, cut to 60 characters}
     *
     *  @param text any text */
    public static String quoted(String text) {
        int length = text.codePointCount(0, text.length());
        String shown = length > MAX_CHARACTERS ? text.substring(0, text.offsetByCodePoints(0, MAX_CHARACTERS)) : text;
        return "\"" + escaped(shown.replace('"', '?'), false) + (length > MAX_CHARACTERS ? "…\"" : "\"");
    }

    /** {@return the text, its URLs without their passwords and tokens}
     *
     *  @param text any text */
    public static String withoutPasswords(String text) {
        if (!text.contains("://") || text.indexOf('@') < 0) {
            return text;
        }
        String masked = PASSWORD.matcher(text).replaceAll("$1:***@");
        return TOKEN.matcher(masked).replaceAll("$1***@");
    }

    private static String escaped(String text, boolean linesStay) {
        // Most texts have nothing to escape.
        if (text.codePoints().noneMatch(c -> isInvisible(c, linesStay))) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (isInvisible(c, linesStay)) {
                for (char unit : Character.toChars(c)) {
                    String hex = Integer.toHexString(unit);
                    out.append("\\u").append("0".repeat(4 - hex.length())).append(hex);
                }
            } else {
                out.appendCodePoint(c);
            }
        });
        return out.toString();
    }

    private static boolean isInvisible(int c, boolean linesStay) {
        if (c < 0x7f) {
            return c < ' ' && !(linesStay && (c == '\n' || c == '\t'));
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }
}
