package io.visitorcounter.release.config;

/** Somebody's text as an error may show it. */
final class Shown {

    private static final int LONGEST = 60;

    private Shown() {}

    /** Quoted, cut to 60 characters, control characters replaced; text that looks like a secret is not shown at all. */
    static String quoted(String text) {
        if (TokenShape.find(text).isPresent()) {
            return "a secret";
        }
        StringBuilder out = new StringBuilder("\"");
        text.codePoints()
                .limit(LONGEST)
                .map(c -> Character.isISOControl(c) || c == '"' ? '?' : c)
                .forEach(out::appendCodePoint);
        return out.append(text.codePointCount(0, text.length()) > LONGEST ? "…\"" : "\"")
                .toString();
    }
}
