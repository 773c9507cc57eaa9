package io.visitorcounter.release.hocon;

import io.visitorcounter.release.hocon.HoconLexer.Kind;
import io.visitorcounter.release.hocon.HoconLexer.Token;
import io.visitorcounter.release.hocon.Statement.Substitution;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What a file says, statement by statement with line numbers, and every place that is not the HOCON that environment
 *  files may use. The library has no public tree of a document, and its values know only the line that won: it can
 *  report neither a key that is set twice nor what a value overrides. The library never sees what is refused here:
 *  {@link SyntaxErrors#parsable} replaces it with blanks. */
public final class Outline {

    /** How deep objects and lists may nest; more would overflow the library's stack. */
    public static final int MAX_DEPTH = 64;

    static final String INCLUDE = "include";

    private final String file;
    private final String text;
    private final TokenReader tokens;
    private final List<Statement> statements = new ArrayList<>();
    private final SyntaxErrors errors;
    private int depth;

    private Outline(String file, String text) {
        this.file = file;
        this.text = text;
        this.tokens = new TokenReader(text);
        this.errors = new SyntaxErrors(text);
    }

    /** The outline of a file's text. */
    public static Outline of(String file, String text) {
        Outline outline = new Outline(file, text);
        outline.root();
        return outline;
    }

    /** The file's path within the folder. */
    public String file() {
        return file;
    }

    /** The whole text. */
    public String text() {
        return text;
    }

    /** The statements without an error, in their order. */
    public List<Statement> statements() {
        return statements;
    }

    /** The errors, and what can still be read. */
    public SyntaxErrors errors() {
        return errors;
    }

    private void root() {
        tokens.skipNewlines();
        if (!tokens.at(Kind.OPEN_BRACE)) {
            entries(Optional.empty(), this::statementOfFile);
            return;
        }
        nested(tokens.take(), before -> statement(KeyPath.ROOT));
        tokens.skipNewlines();
        if (!tokens.at(Kind.END) && !errors.areStructural()) {
            errors.breaks(tokens.peek().line(), "a text after the } that closes the file's {");
        }
    }

    private Before statementOfFile(Before before) {
        if (tokens.at(Kind.OPEN_BRACKET) && before == Before.NOTHING) {
            errors.breaks(tokens.peek().line(), "expected keys, got a list");
            tokens.skipAll();
            return before;
        }
        return statement(KeyPath.ROOT);
    }

    // The entries between commas and line ends, up to the closing bracket or the end of the file.
    private void entries(Optional<Token> opened, UnaryOperator<Before> entry) {
        Before before = Before.NOTHING;
        while (!tokens.at(Kind.END)) {
            if (tokens.atClosing()) {
                Token closing = tokens.take();
                if (opened.filter(closing::closes).isPresent()) {
                    return;
                }
                errors.breaks(closing.line(), "unmatched " + tokens.written(closing));
            } else if (tokens.at(Kind.NEWLINE)) {
                tokens.take();
            } else if (tokens.at(Kind.COMMA)) {
                before = comma(before);
            } else {
                before = entry.apply(before);
            }
        }
        opened.ifPresent(bracket -> errors.notClosed(bracket, tokens.written(bracket)));
    }

    /** What precedes an entry or a comma: the library requires a statement before a comma. */
    private enum Before {
        NOTHING,
        STATEMENT,
        BLANK
    }

    private Before comma(Before before) {
        Token comma = tokens.take();
        if (before == Before.STATEMENT) {
            return Before.NOTHING;
        } else if (before == Before.NOTHING) {
            errors.add(comma.line(), "a comma that separates nothing");
        }
        errors.blank(comma.start(), comma.end());
        return before;
    }

    private Before statement(KeyPath parent) {
        Token first = tokens.peek();
        int before = statements.size();
        boolean parsable;
        if (first.is(Kind.WORD) && tokens.written(first).equals(INCLUDE)) {
            parsable = include(parent);
        } else {
            parsable = field(parent);
            if (!parsable) {
                statements.subList(before, statements.size()).clear();
            }
        }
        if (!parsable) {
            errors.blank(first.start(), tokens.last().end());
        }
        return parsable ? Before.STATEMENT : Before.BLANK;
    }

    private boolean field(KeyPath parent) {
        FieldKey key = FieldKey.read(tokens);
        Value value = new Value();
        key.error().ifPresent(error -> value.refuse(key.first().line(), error));
        int before = statements.size();
        KeyPath path = value.good ? parent.child(path(key, value)) : parent;
        read(path, value);
        if (value.parts == 0 && value.good) {
            value.refuse(key.first().line(), FieldKey.NO_VALUE);
        } else if (key.separator().isEmpty() && value.parts > 1) {
            value.refuse(tokens.last().line(), "expected a new line or a comma behind the } of an object");
        }
        if (value.good) {
            statements.add(before, given(key, path, value));
        }
        return value.good;
    }

    private Statement given(FieldKey key, KeyPath path, Value value) {
        List<Token> said = tokens.since(value.from);
        Statement.Kind kind = value.simple ? Statement.Kind.VALUE : Statement.Kind.OBJECT;
        return new Statement(
                file,
                key.first().line(),
                path,
                key.separator().equals("+=") ? Statement.Kind.APPEND : kind,
                value.references,
                tokens.written(said),
                value.simple ? Lookalike.of(said, text) : Optional.empty());
    }

    private KeyPath path(FieldKey key, Value value) {
        if (key.text().chars().filter(c -> c == '.').count() >= MAX_DEPTH) {
            tooDeep(key.first());
            return KeyPath.ROOT;
        }
        return KeyPath.tryParse(key.text()).orElseGet(() -> {
            value.refuse(key.first().line(), "a key with an empty part");
            return KeyPath.ROOT;
        });
    }

    /** A value that is being read. */
    private final class Value {
        private final List<Substitution> references = new ArrayList<>();
        private int from;
        private int parts;
        private boolean simple;
        private boolean good = true;

        void refuse(int line, String what) {
            good = false;
            errors.add(line, what);
        }
    }

    // A value, up to the end of its line, a comma, or the closing bracket of what contains it.
    private void read(KeyPath path, Value value) {
        if (value.good) {
            tokens.skipNewlines();
        }
        while (!tokens.atEndOfValue()) {
            Token token = tokens.take();
            value.from = value.parts++ == 0 ? tokens.position() - 1 : value.from;
            value.simple |= !token.is(Kind.OPEN_BRACE);
            switch (token.kind()) {
                case OPEN_BRACE -> nested(token, before -> statement(path));
                case OPEN_BRACKET -> nested(token, before -> item(path, value));
                case REFERENCE -> refer(token, value);
                case SEPARATOR -> value.refuse(token.line(), misplaced(token, tokens.since(value.from)));
                case BAD -> value.refuse(token.line(), token.error());
                default -> {}
            }
        }
    }

    // If two statements are separated by a semicolon, the second one's separator is the unexpected one.
    private String misplaced(Token separator, List<Token> value) {
        boolean statements = value.stream()
                .anyMatch(token -> token.is(Kind.WORD) && tokens.written(token).endsWith(";"));
        return statements
                ? "a semicolon ends no value; write a new line or a comma"
                : HoconLexer.unexpected(tokens.written(separator));
    }

    private void refer(Token token, Value value) {
        String inner = tokens.written(token).substring(2, token.end() - token.start() - 1);
        boolean optional = inner.startsWith("?");
        String name = inner.substring(optional ? 1 : 0).strip();
        KeyPath.tryParse(name)
                .ifPresentOrElse(
                        path -> value.references.add(new Substitution(token.line(), name, List.of(path), optional, 0)),
                        () -> value.refuse(token.line(), "a reference to a key with an empty part"));
    }

    // The values of a list have no keys, so only their references count.
    private Before item(KeyPath path, Value list) {
        int first = statements.size();
        Value item = new Value();
        read(path, item);
        item.references.forEach(reference -> list.references.add(reference.deeper(1)));
        list.good &= item.good;
        List<Statement> within = statements.subList(first, statements.size());
        for (Statement statement : within) {
            if (statement.kind() == Statement.Kind.INCLUDE || statement.kind() == Statement.Kind.FOREIGN_INCLUDE) {
                list.refuse(statement.line(), "include: not allowed within a list");
            }
            int levels =
                    1 + statement.path().elements().size() - path.elements().size();
            statement.references().forEach(reference -> list.references.add(reference.deeper(levels)));
        }
        within.clear();
        return Before.STATEMENT;
    }

    private boolean include(KeyPath parent) {
        Include include = Include.read(tokens.take(), tokens);
        if (!include.error().isEmpty()) {
            errors.add(include.line(), include.error());
            return false;
        }
        Statement.Kind kind = include.foreign() ? Statement.Kind.FOREIGN_INCLUDE : Statement.Kind.INCLUDE;
        statements.add(
                new Statement(file, include.line(), parent, kind, List.of(), include.target(), Optional.empty()));
        return !include.foreign();
    }

    private void nested(Token opening, UnaryOperator<Before> entry) {
        if (depth == MAX_DEPTH) {
            tooDeep(opening);
            return;
        }
        depth++;
        entries(Optional.of(opening), entry);
        depth--;
    }

    private void tooDeep(Token token) {
        errors.tooDeep(token.line());
        tokens.skipAll();
    }
}
