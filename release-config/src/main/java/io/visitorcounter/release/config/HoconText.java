package io.visitorcounter.release.config;

/** A HOCON text and how far it is read: white space, comments and quotes. */
final class HoconText {

    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final String TRIPLE = "\"\"\"";

    private final String text;
    private int position;
    private int line = 1;

    HoconText(String text) {
        this.text = text;
    }

    /** How many characters are read. */
    int position() {
        return position;
    }

    /** The 1-based line of the next character. */
    int line() {
        return line;
    }

    boolean atEnd() {
        return position >= text.length();
    }

    /** Whether this comes next. */
    boolean at(String what) {
        return text.startsWith(what, position);
    }

    /** Whether this was read last. */
    boolean before(String what) {
        return text.startsWith(what, position - what.length());
    }

    /** What was read since a position. */
    String since(int start) {
        return text.substring(start, position);
    }

    /** The next characters, at most that many. */
    String rest(int max) {
        return text.substring(position, Math.min(text.length(), position + max));
    }

    void advance(int count) {
        int stop = Math.min(text.length(), position + count);
        for (; position < stop; position++) {
            line += text.charAt(position) == '\n' ? 1 : 0;
        }
    }

    void skipAll() {
        position = text.length();
    }

    /** Skips to the end of the line, which is not read. */
    void skipLine() {
        while (!atEnd() && !at("\n")) {
            position++;
        }
    }

    /** Skips white space, newlines and comments; false at the end. */
    boolean skipSpace() {
        while (!atEnd()) {
            if (at("\n") || atSpace()) {
                advance(1);
            } else if (atComment()) {
                skipLine();
            } else {
                return true;
            }
        }
        return false;
    }

    /** Whether white space comes next that ends no line. */
    boolean atSpace() {
        return !atEnd() && !at("\n") && isSpace(text.charAt(position));
    }

    boolean atComment() {
        return at("#") || at("//");
    }

    /** Whether a value ends here: with the line, at a comma, at a bracket that closes what is around it. */
    boolean atEndOfValue() {
        return atEnd() || at("\n") || at(",") || at("}") || at("]") || atComment();
    }

    /** Reads a key up to what ends one: a separator, a brace, the end of the line. */
    String takeKey() {
        int start = position;
        while (!atEndOfValue() && !at("=") && !at(":") && !at("{") && !at("+=")) {
            if (at("\"")) {
                skipQuoted();
            } else {
                advance(1);
            }
        }
        return since(start);
    }

    /** Skips a quoted text; false if it is not closed. */
    boolean skipQuoted() {
        if (at(TRIPLE)) {
            int end = text.indexOf(TRIPLE, position + TRIPLE.length());
            advance(end < 0 ? TRIPLE.length() : end + TRIPLE.length() - position);
            // More quotes than three at the end belong to the text.
            while (end >= 0 && at("\"")) {
                advance(1);
            }
            return end >= 0;
        }
        advance(1);
        while (!atEnd() && !at("\"") && !at("\n")) {
            advance(at("\\") && !rest(2).endsWith("\n") ? 2 : 1);
        }
        boolean closed = at("\"");
        advance(closed ? 1 : 0);
        return closed;
    }

    /** Whether an include comes next, and no key that begins with the word. */
    boolean atInclude() {
        int after = position + "include".length();
        if (!at("include") || after >= text.length()) {
            return false;
        }
        String rest = text.substring(after, Math.min(text.length(), after + 200));
        return rest.startsWith("\"")
                || (isSpace(rest.charAt(0))
                        && rest.stripLeading().matches("(?s)(\"|(required|file|url|classpath|package)\\s*\\().*"));
    }

    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || BYTE_ORDER_MARK.indexOf(c) >= 0;
    }
}
