package io.visitorcounter.release.hocon;

import io.visitorcounter.release.hocon.HoconLexer.Kind;
import io.visitorcounter.release.hocon.HoconLexer.Token;
import java.util.List;

/** The tokens of a file, and the reading position. */
final class TokenReader {

    private final String text;
    private final List<Token> tokens;
    private int next;

    TokenReader(String text) {
        this.text = text;
        this.tokens = HoconLexer.tokens(text);
    }

    /** How many tokens are read. */
    int position() {
        return next;
    }

    /** Reads on from an earlier position. */
    void goBackTo(int position) {
        next = position;
    }

    /** Gives up the rest. */
    void skipAll() {
        next = tokens.size() - 1;
    }

    Token peek() {
        return tokens.get(next);
    }

    Token take() {
        return tokens.get(next++);
    }

    /** The token that was read last. */
    Token last() {
        return tokens.get(next - 1);
    }

    /** What was read since a position. */
    List<Token> since(int position) {
        return tokens.subList(position, next);
    }

    boolean at(Kind kind) {
        return peek().is(kind);
    }

    /** Whether a value ends here: at the end of the line, a comma, or the closing bracket of what contains it. */
    boolean atEndOfValue() {
        return at(Kind.NEWLINE) || at(Kind.COMMA) || atClosing() || at(Kind.END);
    }

    boolean atClosing() {
        return at(Kind.CLOSE_BRACE) || at(Kind.CLOSE_BRACKET);
    }

    void skipNewlines() {
        while (at(Kind.NEWLINE)) {
            next++;
        }
    }

    /** A token as written in the file. */
    String written(Token token) {
        return text.substring(token.start(), token.end());
    }

    /** Tokens as written in the file, with everything between them. */
    String written(List<Token> several) {
        return several.isEmpty()
                ? ""
                : text.substring(
                        several.get(0).start(), several.get(several.size() - 1).end());
    }
}
