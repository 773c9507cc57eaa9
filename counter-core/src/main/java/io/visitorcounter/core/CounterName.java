package io.visitorcounter.core;

import java.util.regex.Pattern;

/** A counter's name, which is also the key of its value in Redis.
 *
 *  @param text 1 to 100 of {@code A-Z a-z 0-9 . _ -}, beginning with a letter or a digit */
public record CounterName(String text) {

    // No braces or colon: the name is put in braces as the hash tag of the counter's other keys.
    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    /** Checks length and characters.
     *
     *  @param text the name */
    public CounterName {
        if (!isValid(text)) {
            throw new IllegalArgumentException("counter name: expected 1..100 of A-Z a-z 0-9 . _ -, beginning with a"
                    + " letter or digit, got " + quoted(text));
        }
    }

    /** {@return whether the text is a valid counter name}
     *
     *  @param text the text to check */
    public static boolean isValid(String text) {
        return VALID.matcher(text).matches();
    }

    /** {@return the name with this text}
     *
     *  @param text the name
     *  @throws IllegalArgumentException if the name is not valid */
    public static CounterName of(String text) {
        return new CounterName(text);
    }

    @Override
    public String toString() {
        return text;
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.codePoints()
                .limit(40)
                .map(c -> c < ' ' || c > '~' || c == '"' ? '?' : c)
                .forEach(out::appendCodePoint);
        return out.append(text.length() > 40 ? "…\"" : "\"").toString();
    }
}
