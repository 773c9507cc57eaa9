package io.visitorcounter.release.hocon;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a file into tokens. Accepts only the HOCON that environment files may use: anything that the library could read
 *  differently is a token of kind {@link Kind#BAD}, with the reason. Spaces and comments are left out. */
final class HoconLexer {

    /** What a token is. */
    enum Kind {
        NEWLINE,
        WORD,
        QUOTED,
        REFERENCE,
        SEPARATOR,
        COMMA,
        OPEN_BRACE,
        CLOSE_BRACE,
        OPEN_BRACKET,
        CLOSE_BRACKET,
        BAD,
        END
    }

    /** One token.
     *
     *  @param start the index of its first character
     *  @param end the index after its last
     *  @param line the 1-based line of its first character
     *  @param error what is wrong; empty unless the token is bad */
    record Token(Kind kind, int start, int end, int line, String error) {

        boolean is(Kind other) {
            return kind == other;
        }

        /** Whether it is the bracket that closes this one. */
        boolean closes(Token opening) {
            return kind == (opening.is(Kind.OPEN_BRACE) ? Kind.CLOSE_BRACE : Kind.CLOSE_BRACKET);
        }
    }

    /** The end of an error about an unclosed quote or reference; such a token includes the rest of the line. */
    static final String NOT_CLOSED = "is not closed";

    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final String TRIPLE = "\"\"\"";
    private static final Pattern TRIPLE_QUOTED = Pattern.compile("\"\"\"[\\s\\S]*?\"{3,}+");
    private static final Pattern QUOTED = Pattern.compile("\"[^\"\\\\\n]*+(?:\\\\[^\n][^\"\\\\\n]*+)*+\"");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(u[0-9a-fA-F]{4}|.)");
    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x1f]");
    private static final Pattern REFERENCE =
            Pattern.compile("\\$\\{\\??(?:[ .]*+(?:[\\p{L}\\p{N}_-]++|\"[^\"\\\\\n]*+\"))++ *+}");
    private static final Pattern ANY_REFERENCE = Pattern.compile("\\$\\{[^}\n]*}");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]++(?:\\.[0-9]++)?[eE]\\+[0-9]++(?![0-9eE+.-])");
    private static final Pattern BROKEN_NUMBER = Pattern.compile("[-0-9][0-9eE.-]*+\\+");
    private static final Pattern POSITIVE = Pattern.compile("\\+[0-9]");
    private static final Pattern WORD =
            Pattern.compile("(?:(?!//)[^\\p{Z}\\p{Cc}\\p{Cf}$\"{}\\[\\]:=,+#`^?!@*&\\\\])++");
    private static final Pattern REORDERED = Pattern.compile("[^\n]*?[\u202A-\u202E\u2066-\u2069]");
    private static final Pattern MERGE_MARKER = Pattern.compile("(?:<{7}|={7}|>{7}|\\|{7})(?:[ \r][^\n]*+)?(?=\n|\\z)");

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int position;
    private int line = 1;

    private HoconLexer(String text) {
        this.text = text;
    }

    /** The tokens, the last of them {@link Kind#END}. */
    static List<Token> tokens(String text) {
        HoconLexer lexer = new HoconLexer(text);
        lexer.position = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? 1 : 0;
        while (lexer.position < text.length()) {
            lexer.next();
        }
        lexer.add(Kind.END, text.length());
        return lexer.tokens;
    }

    private void next() {
        char c = text.charAt(position);
        switch (c) {
            case '\n' -> add(Kind.NEWLINE, position + 1);
            case ' ', '\t', '\r' -> position++;
            case '#' -> comment();
            case '{' -> add(Kind.OPEN_BRACE, position + 1);
            case '}' -> add(Kind.CLOSE_BRACE, position + 1);
            case '[' -> add(Kind.OPEN_BRACKET, position + 1);
            case ']' -> add(Kind.CLOSE_BRACKET, position + 1);
            case ',' -> add(Kind.COMMA, position + 1);
            case '"' -> quoted();
            case '$' -> reference();
            default -> other(c);
        }
    }

    private void other(char c) {
        int marker = atLineStart() ? endOf(MERGE_MARKER) : -1;
        int number = endOf(NUMBER);
        int word = endOf(WORD);
        if (marker > 0) {
            bad(marker, "a merge conflict marker; resolve the conflict");
        } else if (text.startsWith("//", position)) {
            comment();
        } else if (c == '=' || c == ':') {
            add(Kind.SEPARATOR, position + 1);
        } else if (text.startsWith("+=", position)) {
            add(Kind.SEPARATOR, position + 2);
        } else if (number > 0) {
            add(Kind.WORD, number);
        } else if (endOf(BROKEN_NUMBER) > 0) {
            bad(endOf(BROKEN_NUMBER), unexpected('+'));
        } else if (c == '+' && endOf(POSITIVE) > 0) {
            bad(position + 1, "'+' is not expected here; write a number without it");
        } else if (word > 0) {
            add(Kind.WORD, word);
        } else {
            bad(position + 1, unexpected(c));
        }
    }

    // Right-to-left text can hide where a comment ends.
    private void comment() {
        if (endOf(REORDERED) > 0) {
            bad(endOfLine(), "a character that reverses text; take it out of the comment");
        } else {
            position = endOfLine();
        }
    }

    private static String unexpected(char c) {
        boolean space = Character.isWhitespace(c) || Character.isSpaceChar(c);
        if (space || c == BYTE_ORDER_MARK || Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
            String name =
                    String.format(space ? "a special space (U+%04X)" : "an invisible character (U+%04X)", (int) c);
            return name + " outside quotes; write an ordinary space";
        }
        return unexpected(String.valueOf(c));
    }

    /** What is wrong with a character that HOCON reserves. */
    static String unexpected(String character) {
        return "'" + character + "' is not expected here; put a text that contains it in quotes";
    }

    private void quoted() {
        boolean triple = text.startsWith(TRIPLE, position);
        int end = endOf(triple ? TRIPLE_QUOTED : QUOTED);
        if (end < 0) {
            bad(
                    triple ? text.length() : endOfLine(),
                    triple ? "\"\"\" " + NOT_CLOSED : "\" " + NOT_CLOSED + " on its line");
            return;
        }
        String quoted = text.substring(position, end);
        Matcher escapes = ESCAPE.matcher(quoted);
        while (!triple && escapes.find()) {
            char escaped = escapes.group(1).charAt(0);
            if (escapes.group(1).length() == 1 && "\"\\/bfnrt".indexOf(escaped) < 0) {
                bad(end, "\\" + escaped + " is not an escape; write \\\\ for a backslash");
                return;
            }
        }
        if (!triple && CONTROL.matcher(quoted).find()) {
            bad(end, "a tab or a control character in quotes; write it as an escape, such as \\t");
        } else {
            add(Kind.QUOTED, end);
        }
    }

    private void reference() {
        int end = endOf(REFERENCE);
        int any = endOf(ANY_REFERENCE);
        if (end > 0) {
            add(Kind.REFERENCE, end);
        } else if (any > 0) {
            bad(any, "expected the name of a key or a variable in ${}");
        } else if (text.startsWith("${", position)) {
            bad(endOfLine(), "${ " + NOT_CLOSED);
        } else {
            bad(
                    position + 1,
                    "'$' is not expected here; a reference is ${KEY}, and a text that contains $ needs quotes");
        }
    }

    private void add(Kind kind, int end) {
        add(kind, end, "");
    }

    private void bad(int end, String error) {
        add(Kind.BAD, end, error);
    }

    private void add(Kind kind, int end, String error) {
        tokens.add(new Token(kind, position, end, line, error));
        for (; position < end; position++) {
            line += text.charAt(position) == '\n' ? 1 : 0;
        }
    }

    private boolean atLineStart() {
        return position == 0 || text.charAt(position - 1) == '\n';
    }

    private int endOfLine() {
        int end = text.indexOf('\n', position);
        return end < 0 ? text.length() : end;
    }

    private int endOf(Pattern pattern) {
        Matcher matcher = pattern.matcher(text).region(position, text.length());
        return matcher.lookingAt() ? matcher.end() : -1;
    }
}
