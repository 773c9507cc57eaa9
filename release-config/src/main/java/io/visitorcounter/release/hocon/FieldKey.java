package io.visitorcounter.release.hocon;

import io.visitorcounter.release.hocon.HoconLexer.Kind;
import io.visitorcounter.release.hocon.HoconLexer.Token;
import java.util.List;
import java.util.Optional;

/** What precedes a value: the key and the separator.
 *
 *  @param first the first token of the field; the value's if there is no key
 *  @param tokens of the key
 *  @param text of the key
 *  @param given whether a value may follow
 *  @param separator {@code =}, {@code :} or {@code +=}; empty before an object */
record FieldKey(Token first, List<Token> tokens, String text, boolean given, String separator) {

    static final String NO_VALUE = "a key without a value";

    /** Reads it, up to the value, or to the end of its line if there is none. */
    static FieldKey read(TokenReader tokens) {
        Token first = tokens.peek();
        int start = tokens.position();
        while (tokens.at(Kind.WORD) || tokens.at(Kind.QUOTED) || tokens.at(Kind.REFERENCE) || tokens.at(Kind.BAD)) {
            tokens.take();
        }
        List<Token> key = tokens.since(start);
        int endOfLine = tokens.position();
        tokens.skipNewlines();
        boolean given = tokens.at(Kind.SEPARATOR) || (tokens.at(Kind.OPEN_BRACE) && !key.isEmpty());
        if (!given) {
            tokens.goBackTo(endOfLine);
        }
        String separator = tokens.at(Kind.SEPARATOR) ? tokens.written(tokens.take()) : "";
        return new FieldKey(first, key, tokens.written(key), given, separator);
    }

    /** What is wrong with it. */
    Optional<String> error() {
        Optional<String> bad = tokens.stream()
                .filter(token -> token.is(Kind.BAD))
                .map(Token::error)
                .findFirst();
        if (bad.isPresent()) {
            return bad;
        } else if (tokens.stream().anyMatch(token -> token.is(Kind.REFERENCE))) {
            return Optional.of("a reference in a key; only values can refer to others");
        } else if (!given) {
            boolean include = tokens.size() > 1
                    && text.substring(0, first.end() - first.start()).equalsIgnoreCase(Outline.INCLUDE);
            return Optional.of(include ? NO_VALUE + "; write include in lower case" : NO_VALUE);
        } else if (tokens.isEmpty()) {
            return Optional.of("a value without a key");
        }
        boolean triple = tokens.stream().anyMatch(token -> text.startsWith("\"\"\"", token.start() - first.start()));
        return triple ? Optional.of("a key in triple quotes") : Optional.empty();
    }
}
