package io.visitorcounter.release.config;

import java.util.regex.Pattern;

/** A contract's {@code pattern}: a regular expression of JSON Schema, and so of ECMAScript. There {@code $} matches
 *  only at the end of the text; Java's would also match before a final line feed.
 *
 *  @param written as in the contract
 *  @param compiled Java's form */
record TextPattern(String written, Pattern compiled) {

    private static final int MAX_SHOWN = 80;
    private static final int MAX_STEPS = 5_000_000;

    /** The pattern of this text.
     *
     *  @throws java.util.regex.PatternSyntaxException if it is invalid */
    static TextPattern of(String written) {
        return new TextPattern(written, Pattern.compile(endsStrictly(written)));
    }

    /** Whether a part of the text matches.
     *
     *  @throws TooManyStepsException where it backtracks for too long, which would hang the tool or overflow its stack */
    boolean isFoundIn(CharSequence text) {
        try {
            return compiled.matcher(new BoundedText(text)).find();
        } catch (StackOverflowError endless) {
            throw new TooManyStepsException();
        }
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

    /** A text that limits how many characters a matcher may look at. */
    private static final class BoundedText implements CharSequence {
        private final CharSequence text;
        private int steps;

        BoundedText(CharSequence text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            if (steps++ > MAX_STEPS) {
                throw new TooManyStepsException();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }

    /** The text is too long for this pattern. */
    static final class TooManyStepsException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
