package io.visitorcounter.release.hocon;

import io.visitorcounter.release.hocon.HoconLexer.Kind;
import io.visitorcounter.release.hocon.HoconLexer.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The parts of a file that are not the HOCON that environment files may use, and the part that can still be read. */
public final class SyntaxErrors {

    private final List<SyntaxError> errors = new ArrayList<>();
    private final StringBuilder parsable;
    private boolean structural;
    private int tooDeepAt;

    /** One error, in clearer words than the library's. */
    public record SyntaxError(int line, String text) {}

    /** No errors in a text yet. */
    SyntaxErrors(String text) {
        this.parsable = new StringBuilder(text);
    }

    /** All, in the order in which they were found. */
    public List<SyntaxError> all() {
        return errors;
    }

    /** The text without the wrong statements; empty if its brackets do not match, since it is then unclear what they
     *  enclose. */
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

    /** Adds an error, if it is the first of its line: later ones mostly follow from it. */
    void add(int line, String what) {
        if (errors.isEmpty() || errors.get(errors.size() - 1).line() != line) {
            errors.add(new SyntaxError(line, what));
        }
    }

    /** Adds an extra bracket, or another error that makes the structure unclear. */
    void breaks(int line, String what) {
        structural = true;
        errors.add(new SyntaxError(line, what));
    }

    /** Adds an unclosed bracket, unless an unclosed quote has swallowed the closing one. */
    void notClosed(Token opened, String bracket) {
        Predicate<SyntaxError> within = error -> error.line() >= opened.line();
        boolean swallowed =
                errors.stream().filter(within).anyMatch(error -> error.text().contains(HoconLexer.NOT_CLOSED));
        if (!structural && !swallowed) {
            if (opened.is(Kind.OPEN_BRACKET)) {
                // Inside a list that runs to the end of the file, keys and values look wrong.
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

    /** Blanks out what is wrong for the library, without moving lines. */
    void blank(int start, int end) {
        for (int i = start; i < end; i++) {
            if (parsable.charAt(i) != '\n') {
                parsable.setCharAt(i, ' ');
            }
        }
    }
}
