package io.visitorcounter.release;

import java.util.regex.Pattern;

/** Text from outside, made safe for a terminal, a log or an error. Characters that are invisible or look like a blank,
 *  or that control a terminal or the direction of writing, are escaped as in JSON, such as {@code \u202e}; so JSON
 *  keeps its meaning. */
public final class PrintableText {

    private static final int MAX_CHARACTERS = 60;
    private static final Pattern PASSWORD = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*://[^\\s/@:]*):[^\\s/]*@");
    // In an HTTP URL, what precedes the @ without a colon is often a token.
    private static final Pattern TOKEN = Pattern.compile("([Hh][Tt][Tt][Pp][Ss]?://)[^\\s/@:]+@");

    // A login before a host, as registries and scp write it; a tag before a digest is not a login.
    private static final Pattern LOGIN =
            Pattern.compile("(?<![\\w/.-])([\\w.-]+):[^\\s/@:]+@(?!sha256:)(?=[\\w.-]+[:/])");

    private PrintableText() {}

    /** {@return the text without anything invisible; line ends stay} */
    public static String lines(String text) {
        return escaped(text, true);
    }

    /** {@return the text as one line, its lines separated by semicolons}
     *
     *  @param somebodys text from outside */
    public static String oneLine(String somebodys) {
        String text = withoutPasswords(somebodys);
        if (text.indexOf('\n') < 0 && text.indexOf('\r') < 0) {
            return escaped(text, false);
        }
        return escaped(String.join("; ", text.lines().map(String::strip).toList()), false);
    }

    /** {@return the text in quotes, cut to 60 characters} */
    public static String quoted(String text) {
        // Passwords go before the cut, which could fall in the middle of one.
        String whole = withoutPasswords(text);
        int length = whole.codePointCount(0, whole.length());
        String shown =
                length > MAX_CHARACTERS ? whole.substring(0, whole.offsetByCodePoints(0, MAX_CHARACTERS)) : whole;
        return "\"" + escaped(shown.replace('"', '?'), false) + (length > MAX_CHARACTERS ? "…\"" : "\"");
    }

    /** {@return the text, with passwords and tokens removed from its URLs} */
    public static String withoutPasswords(String text) {
        if (text.indexOf('@') < 0) {
            return text;
        }
        String masked = PASSWORD.matcher(text).replaceAll("$1:***@");
        return LOGIN.matcher(TOKEN.matcher(masked).replaceAll("$1***@")).replaceAll("$1:***@");
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
        return isInvisible(c) && !(linesStay && (c == '\n' || c == '\t'));
    }

    /** {@return whether it is invisible or looks like a blank, or controls a terminal or the direction of writing} */
    public static boolean isInvisible(int c) {
        if (c < 0x7f) {
            return c < ' ';
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> true;
            default -> isIgnorable(c);
        };
    }

    // Letters, marks and signs that fonts leave blank: Unicode's Default_Ignorable_Code_Point, and Braille's blank.
    private static boolean isIgnorable(int c) {
        return c == 0x34f
                || (c >= 0x115f && c <= 0x1160)
                || (c >= 0x17b4 && c <= 0x17b5)
                || (c >= 0x180b && c <= 0x180f)
                || c == 0x2800
                || c == 0x3164
                || (c >= 0xfe00 && c <= 0xfe0f)
                || c == 0xffa0
                || (c >= 0xe0000 && c <= 0xe0fff);
    }
}
