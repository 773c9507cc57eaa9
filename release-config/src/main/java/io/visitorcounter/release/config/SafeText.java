package io.visitorcounter.release.config;

/** Somebody's text as an error or a table may show it. */
final class SafeText {

    private static final int MAX_CHARACTERS = 60;
    private static final String SECRET = "a secret";

    private SafeText() {}

    /** In quotes, cut to 60 characters; not at all if it looks like a secret. */
    static String quoted(String text) {
        return TokenShape.find(text).isPresent() ? SECRET : "\"" + cut(text.replace('"', '?')) + "\"";
    }

    /** The same without quotes. */
    static String plain(String text) {
        return TokenShape.find(text).isPresent() ? SECRET : cut(text);
    }

    /** On one line, and with nothing in it that steers a terminal, reverses text or can't be seen: as an escape. */
    static String visible(String text) {
        if (text.codePoints().allMatch(SafeText::isVisible)) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (isVisible(c)) {
                out.appendCodePoint(c);
            } else {
                out.append(String.format(c > 0xffff ? "\\U%06X" : "\\u%04X", c));
            }
        });
        return out.toString();
    }

    private static boolean isVisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }

    private static String cut(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().limit(MAX_CHARACTERS).forEach(out::appendCodePoint);
        return visible(out.toString()) + (text.codePointCount(0, text.length()) > MAX_CHARACTERS ? "…" : "");
    }
}
