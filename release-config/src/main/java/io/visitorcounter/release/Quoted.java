package io.visitorcounter.release;

/** Somebody's text as an error may show it: quoted, cut to 60 characters, control characters replaced. */
final class Quoted {

    private static final int MAX_CHARACTERS = 60;

    private Quoted() {}

    static String of(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.codePoints()
                .limit(MAX_CHARACTERS)
                .map(c -> Character.isISOControl(c) || c == '"' ? '?' : c)
                .forEach(out::appendCodePoint);
        return out.append(text.codePointCount(0, text.length()) > MAX_CHARACTERS ? "…\"" : "\"")
                .toString();
    }
}
