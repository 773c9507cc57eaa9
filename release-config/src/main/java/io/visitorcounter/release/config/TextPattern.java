package io.visitorcounter.release.config;

import java.util.regex.Pattern;

/** A contract's {@code pattern}: a regular expression as JSON Schema has it, which is ECMAScript's. There {@code $} is the end
 *  of the text alone; Java's would also take a line feed after it.
 *
 *  @param written as the contract has it
 *  @param compiled what Java makes of it */
record TextPattern(String written, Pattern compiled) {

    private static final int MAX_SHOWN = 80;

    /** The pattern of this text.
     *
     *  @throws java.util.regex.PatternSyntaxException if it is none */
    static TextPattern of(String written) {
        return new TextPattern(written, Pattern.compile(endsStrictly(written)));
    }

    /** Whether a part of the text matches. */
    boolean isFoundIn(CharSequence text) {
        return compiled.matcher(text).find();
    }

    /** The pattern for a message: the start of a long one. */
    @Override
    public String toString() {
        return written.length() <= MAX_SHOWN
                ? written
                : written.substring(0, MAX_SHOWN) + "… (release schema shows all of it)";
    }

    private static String endsStrictly(String pattern) {
        StringBuilder strict = new StringBuilder();
        boolean inClass = false;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '\\' && i + 1 < pattern.length()) {
                strict.append(c).append(pattern.charAt(++i));
                continue;
            }
            inClass = c == '[' || (inClass && c != ']');
            strict.append(c == '$' && !inClass ? "\\z" : String.valueOf(c));
        }
        return strict.toString();
    }
}
