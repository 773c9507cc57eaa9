package io.visitorcounter.release.config;

import io.visitorcounter.release.config.Statement.Kind;
import io.visitorcounter.release.config.Statement.Substitution;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a HOCON file says, statement by statement with its line: the library's own parse keeps only the last word on each
 *  key, so it can tell neither a key that is given twice nor what a value overrides. Lenient: what it can't make out it
 *  skips, for the library refuses it. */
final class Outline {

    /** How deep objects and lists may nest; more would overflow the library's stack. */
    static final int MAX_DEPTH = 64;

    private static final KeyPath UNREADABLE = new KeyPath(List.of("?"));

    private final String file;
    private final HoconText text;
    private final List<Statement> statements = new ArrayList<>();
    private final List<Integer> open = new ArrayList<>();
    private Optional<SyntaxError> error = Optional.empty();
    private int tooDeepAt;

    /** Something that HOCON does not allow, in words that a user understands better than the library's. */
    record SyntaxError(int line, String text) {}

    private Outline(String file, String text) {
        this.file = file;
        this.text = new HoconText(text);
    }

    /** The outline of a file's text. */
    static Outline of(String file, String text) {
        Outline outline = new Outline(file, text);
        outline.body(KeyPath.ROOT);
        return outline;
    }

    /** The statements, in their order. */
    List<Statement> statements() {
        return statements;
    }

    /** The first error, if there is one. */
    Optional<SyntaxError> error() {
        return error;
    }

    /** The line where the nesting gets too deep; 0 if it does not. */
    int tooDeepAt() {
        return tooDeepAt;
    }

    // The fields of an object, up to its closing brace or the end.
    private void body(KeyPath path) {
        while (text.skipSpace()) {
            if (text.at("}") || text.at("]")) {
                if (open.isEmpty()) {
                    error(text.line(), text.rest(1) + " closes nothing");
                }
                text.advance(1);
                if (!open.isEmpty()) {
                    return;
                }
            } else if (text.at(",")) {
                text.advance(1);
            } else if (text.at("[") && open.isEmpty()) {
                error(text.line(), "expected keys, got a list");
                text.skipAll();
            } else if (text.at("{") && path.isRoot() && open.isEmpty()) {
                object(path);
            } else if (text.atInclude()) {
                include(path);
            } else {
                field(path);
            }
        }
    }

    private void field(KeyPath parent) {
        int line = text.line();
        Optional<KeyPath> key = path(text.takeKey());
        boolean appends = text.at("+=");
        if (appends || text.at("=") || text.at(":")) {
            text.advance(appends ? 2 : 1);
        } else if (!text.at("{")) {
            error(line, "a key without a value");
            text.skipLine();
            return;
        }
        int before = statements.size();
        List<Substitution> references = new ArrayList<>();
        KeyPath path = key.map(parent::child).orElse(UNREADABLE);
        Value value = value(path, references);
        if (value.form() == Value.Form.NONE) {
            error(line, "a key without a value");
        } else if (key.isEmpty()) {
            statements.subList(before, statements.size()).clear();
        } else {
            Kind kind = appends ? Kind.APPEND : value.form() == Value.Form.OBJECT ? Kind.OBJECT : Kind.VALUE;
            statements.add(before, new Statement(file, line, path, kind, references, value.text()));
        }
    }

    /** A value: of what kind it is, and as it is written. */
    private record Value(Form form, String text) {
        enum Form {
            NONE,
            OBJECT,
            OTHER
        }
    }

    // A value, up to the end of its line, a comma or a closing bracket.
    private Value value(KeyPath path, List<Substitution> references) {
        Value.Form form = Value.Form.NONE;
        text.skipSpace();
        int start = text.position();
        while (!text.atEndOfValue()) {
            if (text.at("{")) {
                object(path);
                form = form == Value.Form.OTHER ? form : Value.Form.OBJECT;
                continue;
            }
            form = text.atSpace() ? form : Value.Form.OTHER;
            if (text.at("[")) {
                list(references);
            } else if (text.at("\"")) {
                quoted();
            } else if (text.at("${")) {
                substitution(references);
            } else {
                text.advance(1);
            }
        }
        return new Value(form, text.since(start).strip());
    }

    private void object(KeyPath path) {
        if (enters()) {
            body(path);
            leaves("{");
        }
    }

    // The values of a list are no keys, so only their references count.
    private void list(List<Substitution> references) {
        if (!enters()) {
            return;
        }
        int before = statements.size();
        while (text.skipSpace()) {
            if (text.at("]") || text.at("}")) {
                text.advance(1);
                break;
            } else if (text.at(",")) {
                text.advance(1);
            } else {
                value(UNREADABLE, references);
            }
        }
        List<Statement> within = statements.subList(before, statements.size());
        within.forEach(statement -> references.addAll(statement.references()));
        within.clear();
        leaves("[");
    }

    private boolean enters() {
        if (open.size() == MAX_DEPTH) {
            tooDeepAt = tooDeepAt == 0 ? text.line() : tooDeepAt;
            text.skipAll();
            return false;
        }
        open.add(text.line());
        text.advance(1);
        return true;
    }

    private void leaves(String bracket) {
        int openedAt = open.remove(open.size() - 1);
        if (!text.before("}") && !text.before("]")) {
            error(openedAt, bracket + " is not closed");
        }
    }

    private void substitution(List<Substitution> references) {
        int line = text.line();
        int start = text.position();
        while (!text.atEnd() && !text.at("}") && !text.at("\n")) {
            text.advance(1);
        }
        String inner = text.since(start).substring("${".length());
        if (text.at("}")) {
            text.advance(1);
        } else {
            error(line, "${ is not closed");
        }
        boolean optional = inner.startsWith("?");
        path(inner);
        references.add(new Substitution(line, inner.substring(optional ? 1 : 0).strip(), optional));
    }

    private void quoted() {
        int line = text.line();
        if (!text.skipQuoted()) {
            error(line, text.before("\"\"\"") ? "\"\"\" is not closed" : "\" is not closed in its line");
        }
    }

    private void include(KeyPath parent) {
        int line = text.line();
        text.advance("include".length());
        int start = text.position();
        while (!text.atEndOfValue() && !text.at("\"")) {
            text.advance(1);
        }
        String form = text.since(start);
        int quote = text.position();
        if (text.at("\"")) {
            quoted();
        }
        String target = text.since(quote);
        while (text.at(")")) {
            text.advance(1);
        }
        boolean foreign = form.contains("url") || form.contains("classpath") || form.contains("package");
        if (foreign || target.contains("://")) {
            statements.add(new Statement(
                    file,
                    line,
                    parent,
                    Kind.FOREIGN_INCLUDE,
                    List.of(),
                    text.since(start).strip()));
        } else {
            String name = target.length() < 2 ? "" : target.substring(1, target.length() - 1);
            statements.add(new Statement(file, line, parent, Kind.INCLUDE, List.of(), name));
        }
    }

    private Optional<KeyPath> path(String written) {
        if (written.chars().filter(c -> c == '.').count() > MAX_DEPTH) {
            tooDeepAt = tooDeepAt == 0 ? text.line() : tooDeepAt;
            return Optional.empty();
        }
        return KeyPath.tryParse(written.strip());
    }

    private void error(int line, String what) {
        if (error.isEmpty()) {
            error = Optional.of(new SyntaxError(line, what));
        }
    }
}
