package io.visitorcounter.release.hocon;

import io.visitorcounter.release.hocon.HoconLexer.Kind;
import io.visitorcounter.release.hocon.HoconLexer.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What in a file is not the HOCON that environment files may use, and what of the file can be read all the same. */
public final class SyntaxErrors {

    private final List<SyntaxError> errors = new ArrayList<>();
    private final StringBuilder parsable;
    private boolean structural;
    private int tooDeepAt;

    /** One error, in words that a user understands better than the library's. */
    public record SyntaxError(int line, String text) {}

    /** No errors in a text yet. */
    SyntaxErrors(String text) {
        this.parsable = new StringBuilder(text);
    }

    /** All, in the order in which they were found. */
    public List<SyntaxError> all() {
        return errors;
    }

    /** The text without the wrong statements; empty if its brackets do not match, as it is then unknown what they enclose. */
    public Optional<String> parsable() {
        return structural ? Optional.empty() : Optional.of(parsable.toString());
    }

    /** Whether brackets are wrong. */
    public boolean areStructural() {
        return structural;
    }

    /** The line where the nesting gets too deep; 0 if it does not. */
    public int tooDeepAt() {
        return tooDeepAt;
    }

    /** Adds the first error of a line: what follows mostly comes of it. */
    void add(int line, String what) {
        if (errors.isEmpty() || errors.get(errors.size() - 1).line() != line) {
            errors.add(new SyntaxError(line, what));
        }
    }

    /** Adds a bracket too many, or what else leaves unclear what belongs to what. */
    void breaks(int line, String what) {
        structural = true;
        errors.add(new SyntaxError(line, what));
    }

    /** Adds an open bracket, unless a quote that does not end either has swallowed the closing one. */
    void notClosed(Token opened, String bracket) {
        Predicate<SyntaxError> within = error -> error.line() >= opened.line();
        boolean swallowed =
                errors.stream().filter(within).anyMatch(error -> error.text().contains(HoconLexer.NOT_CLOSED));
        if (!structural && !swallowed) {
            if (opened.is(Kind.OPEN_BRACKET)) {
                // Keys and values look wrong in a list that goes on to the end.
                errors.removeIf(within);
            }
            errors.add(new SyntaxError(opened.line(), bracket + " " + HoconLexer.NOT_CLOSED));
        }
        structural = true;
    }

    /** Nothing from here on is read. */
    void tooDeep(int line) {
        structural = true;
        tooDeepAt = tooDeepAt == 0 ? line : tooDeepAt;
    }

    /** Takes what is wrong from what the library sees; lines stay where they are. */
    void blank(int start, int end) {
        for (int i = start; i < end; i++) {
            if (parsable.charAt(i) != '\n') {
                parsable.setCharAt(i, ' ');
            }
        }
    }
}
