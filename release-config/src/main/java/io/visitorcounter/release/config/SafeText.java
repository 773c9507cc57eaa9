package io.visitorcounter.release.config;

/** Somebody's text as an error may show it: cut to 60 characters, control characters replaced, and not at all if it looks
 *  like a secret. */
final class SafeText {

    private static final int MAX_LENGTH = 60;
    private static final String SECRET = "a secret";

    private SafeText() {}

    static String quoted(String text) {
        return TokenShape.find(text).isPresent() ? SECRET : "\"" + cut(text.replace('"', '?')) + "\"";
    }

    static String plain(String text) {
        return TokenShape.find(text).isPresent() ? SECRET : cut(text);
    }

    private static String cut(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints()
                .limit(MAX_LENGTH)
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .forEach(out::appendCodePoint);
        return out.append(text.codePointCount(0, text.length()) > MAX_LENGTH ? "…" : "")
                .toString();
    }
}
