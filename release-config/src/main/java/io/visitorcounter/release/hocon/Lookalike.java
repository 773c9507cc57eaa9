package io.visitorcounter.release.hocon;

import io.visitorcounter.release.hocon.HoconLexer.Kind;
import io.visitorcounter.release.hocon.HoconLexer.Token;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A value that HOCON reads differently from what it looks like. */
public enum Lookalike {
    REFERENCE_IN_QUOTES("${...} in quotes is text; for a reference, write it without the quotes"),
    SINGLE_QUOTES("the single quotes are part of the value; HOCON has double quotes only"),
    QUOTES_IN_QUOTES("the inner quotes are part of the value"),
    LEADING_ZERO("a number with a leading zero is read without it"),
    COMMENT("what follows # or // is a comment; if it belongs to the value, put the value in quotes"),
    INVISIBLE("the value contains an invisible character; write it as an escape, such as \\u200B");

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{[^}\\s]+}");
    private static final Pattern INNER_QUOTES = Pattern.compile("\"(?:'.*'|\\\\\".*\\\\\")\"");
    private static final Pattern ZERO = Pattern.compile("-?0[0-9]+");
    private static final Pattern NOT_VISIBLE = Pattern.compile("[\\p{Cf}\\p{Zl}\\p{Zp}]");
    private static final Pattern COMMENT_START = Pattern.compile("#|//");

    private final String text;

    Lookalike(String text) {
        this.text = text;
    }

    /** {@return what the value is, as opposed to what it looks like} */
    public String text() {
        return text;
    }

    /** {@return what a value only looks like}
     *
     *  @param value its tokens
     *  @param file the text that contains them */
    static Optional<Lookalike> of(List<Token> value, String file) {
        int end = value.get(value.size() - 1).end();
        String all = file.substring(value.get(0).start(), end);
        boolean quoted = value.stream().anyMatch(token -> token.is(Kind.QUOTED));
        if (COMMENT_START.matcher(file).region(end, file.length()).lookingAt()) {
            return Optional.of(COMMENT);
        } else if (value.stream().anyMatch(token -> token.is(Kind.QUOTED) && has(REFERENCE, token, file))) {
            return Optional.of(REFERENCE_IN_QUOTES);
        } else if (all.length() > 1 && all.startsWith("'") && all.endsWith("'")) {
            return Optional.of(SINGLE_QUOTES);
        } else if (INNER_QUOTES.matcher(all).matches()) {
            return Optional.of(QUOTES_IN_QUOTES);
        } else if (ZERO.matcher(all).matches()) {
            return Optional.of(LEADING_ZERO);
        }
        return quoted && NOT_VISIBLE.matcher(all).find() ? Optional.of(INVISIBLE) : Optional.empty();
    }

    private static boolean has(Pattern pattern, Token token, String file) {
        return pattern.matcher(file).region(token.start(), token.end()).find();
    }
}
