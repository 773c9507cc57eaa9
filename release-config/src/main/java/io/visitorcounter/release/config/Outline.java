package io.visitorcounter.release.config;

import io.visitorcounter.release.config.HoconLexer.Kind;
import io.visitorcounter.release.config.HoconLexer.Token;
import io.visitorcounter.release.config.Statement.Substitution;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** What a file says, statement by statement with its line, and every place where it is not the HOCON that environment
 *  files may use. The library has no public tree of a document, and its values know only the line that won: so it can
 *  tell neither a key that is set twice nor what a value overrides. What is refused here the library never sees:
 *  {@link #parsable} has blanks in its place. */
final class Outline {

    /** How deep objects and lists may nest; more would overflow the library's stack. */
    static final int MAX_DEPTH = 64;

    private static final Set<String> INCLUDES = Set.of("\"\"", "required(\"\")", "file(\"\")", "required(file(\"\"))");
    private static final String INCLUDE = "include";
    private static final Pattern FILE_NAME = Pattern.compile("\"[^\"\\\\]*\"");
    private static final String NO_VALUE = "a key without a value";

    private final String file;
    private final String text;
    private final List<Token> tokens;
    private final List<Statement> statements = new ArrayList<>();
    private final List<SyntaxError> errors = new ArrayList<>();
    private final StringBuilder parsable;
    private int next;
    private int depth;
    private boolean broken;
    private int tooDeepAt;

    /** Something that is not the HOCON that environment files may use, in words that a user understands. */
    record SyntaxError(int line, String text) {}

    private Outline(String file, String text) {
        this.file = file;
        this.text = text;
        this.tokens = HoconLexer.tokens(text);
        this.parsable = new StringBuilder(text);
    }

    /** The outline of a file's text. */
    static Outline of(String file, String text) {
        Outline outline = new Outline(file, text);
        outline.root();
        return outline;
    }

    /** The statements without an error, in their order. */
    List<Statement> statements() {
        return statements;
    }

    /** What is wrong, in the order in which it was found. */
    List<SyntaxError> errors() {
        return errors;
    }

    /** The text without the statements that are wrong; empty if its brackets are, as then nobody knows what is within. */
    Optional<String> parsable() {
        return broken ? Optional.empty() : Optional.of(parsable.toString());
    }

    /** The line where the nesting gets too deep; 0 if it does not. */
    int tooDeepAt() {
        return tooDeepAt;
    }

    private void root() {
        skipNewlines();
        if (!at(Kind.OPEN_BRACE)) {
            body(KeyPath.ROOT, Optional.empty());
            return;
        }
        nested(take(), brace -> body(KeyPath.ROOT, Optional.of(brace)));
        skipNewlines();
        if (!at(Kind.END) && !broken) {
            breaks(peek().line(), "a text after the } that closes the file's {");
        }
    }

    // The statements of an object, up to its closing brace, or of the file.
    private void body(KeyPath path, Optional<Token> opened) {
        Before before = Before.NOTHING;
        while (!at(Kind.END)) {
            if (at(Kind.CLOSE_BRACE) || at(Kind.CLOSE_BRACKET)) {
                Token closing = take();
                if (opened.isPresent() && closing.is(Kind.CLOSE_BRACE)) {
                    return;
                }
                breaks(closing.line(), written(closing) + " closes nothing");
            } else if (at(Kind.NEWLINE)) {
                take();
            } else if (at(Kind.COMMA)) {
                before = comma(before);
            } else if (at(Kind.OPEN_BRACKET) && opened.isEmpty() && before == Before.NOTHING) {
                breaks(peek().line(), "expected keys, got a list");
                next = tokens.size() - 1;
            } else {
                before = statement(path);
            }
        }
        opened.ifPresent(this::notClosed);
    }

    /** What stands before a comma: without a statement there, the library would not take it. */
    private enum Before {
        NOTHING,
        STATEMENT,
        BLANK
    }

    private Before comma(Before before) {
        Token comma = take();
        if (before == Before.STATEMENT) {
            return Before.NOTHING;
        } else if (before == Before.NOTHING) {
            errors.add(new SyntaxError(comma.line(), "a comma that separates nothing"));
        }
        blank(comma.start(), comma.end());
        return before;
    }

    private Before statement(KeyPath parent) {
        Token first = peek();
        int before = statements.size();
        boolean parsable;
        if (first.is(Kind.WORD) && written(first).equals(INCLUDE)) {
            parsable = include(parent);
        } else {
            parsable = field(parent);
            if (!parsable) {
                statements.subList(before, statements.size()).clear();
            }
        }
        if (!parsable) {
            blank(first.start(), tokens.get(next - 1).end());
        }
        return parsable ? Before.STATEMENT : Before.BLANK;
    }

    private boolean field(KeyPath parent) {
        Token first = peek();
        int start = next;
        while (at(Kind.WORD) || at(Kind.QUOTED) || at(Kind.REFERENCE) || at(Kind.BAD)) {
            take();
        }
        List<Token> key = tokens.subList(start, next);
        int endOfLine = next;
        skipNewlines();
        boolean given = at(Kind.SEPARATOR) || (at(Kind.OPEN_BRACE) && !key.isEmpty());
        if (!given) {
            next = endOfLine;
        }
        Value value = new Value();
        String separator = at(Kind.SEPARATOR) ? written(take()) : "";
        Optional<KeyPath> name = key(key, given, value);
        int before = statements.size();
        KeyPath path = parent.child(name.orElse(KeyPath.ROOT));
        read(path, value);
        if (value.parts == 0 && value.good) {
            value.refuse(first.line(), NO_VALUE);
        } else if (separator.isEmpty() && value.parts > 1) {
            value.refuse(tokens.get(next - 1).line(), "expected a new line or a comma behind the } of an object");
        }
        if (value.good) {
            statements.add(before, given(first, path, separator, value));
        }
        return value.good;
    }

    private Statement given(Token first, KeyPath path, String separator, Value value) {
        List<Token> said = tokens.subList(value.from, next);
        String written =
                text.substring(said.get(0).start(), said.get(said.size() - 1).end());
        Statement.Kind kind = value.simple ? Statement.Kind.VALUE : Statement.Kind.OBJECT;
        return new Statement(
                file,
                first.line(),
                path,
                separator.equals("+=") ? Statement.Kind.APPEND : kind,
                value.references,
                written,
                value.simple ? Lookalike.of(said, text) : Optional.empty());
    }

    // The path that a key's tokens are; empty where they are none, which makes its value wrong.
    private Optional<KeyPath> key(List<Token> tokens, boolean given, Value value) {
        Optional<Token> bad =
                tokens.stream().filter(token -> token.is(Kind.BAD)).findFirst();
        if (bad.isPresent()) {
            value.refuse(bad.get().line(), bad.get().error());
        } else if (tokens.stream().anyMatch(token -> token.is(Kind.REFERENCE))) {
            value.refuse(tokens.get(0).line(), "a reference in a key; only values can refer to others");
        } else if (!given) {
            boolean include = tokens.size() > 1
                    && written(tokens.get(0)).toLowerCase(Locale.ROOT).equals(INCLUDE);
            value.refuse(
                    tokens.isEmpty() ? peek().line() : tokens.get(0).line(),
                    include ? NO_VALUE + "; write include in lower case" : NO_VALUE);
        } else if (tokens.isEmpty()) {
            value.refuse(peek().line(), "a value without a key");
        } else if (tokens.stream().anyMatch(token -> written(token).startsWith("\"\"\""))) {
            value.refuse(tokens.get(0).line(), "a key in triple quotes");
        } else {
            String written = text.substring(
                    tokens.get(0).start(), tokens.get(tokens.size() - 1).end());
            int parts = (int) written.chars().filter(c -> c == '.').count() + 1;
            if (parts > MAX_DEPTH) {
                tooDeep(tokens.get(0).line());
            }
            Optional<KeyPath> path = parts > MAX_DEPTH ? Optional.empty() : KeyPath.tryParse(written);
            if (path.isEmpty()) {
                value.refuse(tokens.get(0).line(), "a key with an empty part");
            }
            return path;
        }
        return Optional.empty();
    }

    /** A value as far as it is read. */
    private final class Value {
        private final List<Substitution> references = new ArrayList<>();
        private int from;
        private int parts;
        private boolean simple;
        private boolean good = true;

        // Only the first error of a line: what follows mostly comes of it.
        void refuse(int line, String what) {
            good = false;
            if (errors.isEmpty() || errors.get(errors.size() - 1).line() != line) {
                errors.add(new SyntaxError(line, what));
            }
        }
    }

    // A value, up to the end of its line, a comma or the bracket that closes what is around it.
    private void read(KeyPath path, Value value) {
        if (value.good) {
            skipNewlines();
        }
        while (!atEndOfValue()) {
            Token token = take();
            value.from = value.parts++ == 0 ? next - 1 : value.from;
            value.simple |= !token.is(Kind.OPEN_BRACE);
            switch (token.kind()) {
                case OPEN_BRACE -> nested(token, brace -> body(path, Optional.of(brace)));
                case OPEN_BRACKET -> nested(token, bracket -> list(path, bracket, value));
                case REFERENCE -> refer(token, value);
                case SEPARATOR -> value.refuse(token.line(), HoconLexer.unexpected(written(token)));
                case BAD -> value.refuse(token.line(), token.error());
                default -> {}
            }
        }
    }

    private void refer(Token token, Value value) {
        String inner = written(token).substring(2, token.end() - token.start() - 1);
        boolean optional = inner.startsWith("?");
        String name = inner.substring(optional ? 1 : 0).strip();
        if (KeyPath.tryParse(name).isEmpty()) {
            value.refuse(token.line(), "a reference to a key with an empty part");
        }
        value.references.add(new Substitution(token.line(), name, optional));
    }

    // The values of a list are no keys of their own, so only their references count.
    private void list(KeyPath path, Token opened, Value list) {
        int first = statements.size();
        boolean closed = false;
        Before before = Before.NOTHING;
        while (!closed && !at(Kind.END)) {
            if (at(Kind.CLOSE_BRACKET)) {
                take();
                closed = true;
            } else if (at(Kind.CLOSE_BRACE)) {
                breaks(peek().line(), "} closes nothing");
                take();
            } else if (at(Kind.NEWLINE)) {
                take();
            } else if (at(Kind.COMMA)) {
                before = comma(before);
            } else {
                Value item = new Value();
                read(path, item);
                list.references.addAll(item.references);
                list.good &= item.good;
                before = Before.STATEMENT;
            }
        }
        List<Statement> within = statements.subList(first, statements.size());
        for (Statement statement : within) {
            if (statement.kind() == Statement.Kind.INCLUDE || statement.kind() == Statement.Kind.FOREIGN_INCLUDE) {
                list.refuse(statement.line(), "include: not allowed within a list");
            }
            list.references.addAll(statement.references());
        }
        within.clear();
        if (!closed) {
            notClosed(opened);
        }
    }

    private boolean include(KeyPath parent) {
        Token keyword = take();
        Value value = new Value();
        int start = next;
        int brackets = 0;
        while (!atEndOfValue() || (at(Kind.COMMA) && brackets > 0)) {
            String written = written(take());
            brackets += written.endsWith("(") ? 1 : written.startsWith(")") ? -1 : 0;
        }
        List<Token> operands = tokens.subList(start, next);
        String said = text.substring(keyword.end(), tokens.get(next - 1).end()).strip();
        String form = operands.stream()
                .map(token -> token.is(Kind.QUOTED) ? "\"\"" : written(token))
                .reduce("", String::concat);
        Optional<String> name = operands.stream()
                .filter(token -> token.is(Kind.QUOTED))
                .map(this::written)
                .findFirst();
        boolean foreign = form.matches(".*(url|classpath|package)\\(.*");
        Optional<Token> bad =
                operands.stream().filter(token -> token.is(Kind.BAD)).findFirst();
        if (bad.isPresent()) {
            value.refuse(bad.get().line(), bad.get().error());
        } else if (foreign || name.filter(quoted -> quoted.contains("://")).isPresent()) {
            statements.add(statement(keyword, parent, Statement.Kind.FOREIGN_INCLUDE, said));
            return false;
        } else if (name.filter(quoted -> FILE_NAME.matcher(quoted).matches()).isEmpty() || !INCLUDES.contains(form)) {
            value.refuse(
                    keyword.line(), "include: expected a file name in double quotes, such as include \"base.conf\"");
        } else {
            String target = name.get().substring(1, name.get().length() - 1);
            statements.add(statement(keyword, parent, Statement.Kind.INCLUDE, target));
        }
        return value.good;
    }

    private Statement statement(Token first, KeyPath path, Statement.Kind kind, String said) {
        return new Statement(file, first.line(), path, kind, List.of(), said, Optional.empty());
    }

    private void nested(Token opening, Consumer<Token> within) {
        if (depth == MAX_DEPTH) {
            tooDeep(opening.line());
            return;
        }
        depth++;
        within.accept(opening);
        depth--;
    }

    private void tooDeep(int line) {
        tooDeepAt = tooDeepAt == 0 ? line : tooDeepAt;
        broken = true;
        next = tokens.size() - 1;
    }

    // A bracket too many or too few: from there on nobody knows what belongs to what.
    private void breaks(int line, String what) {
        broken = true;
        errors.add(new SyntaxError(line, what));
    }

    private void notClosed(Token opened) {
        if (!broken) {
            List<SyntaxError> within = errors.stream()
                    .filter(error -> error.line() >= opened.line())
                    .toList();
            boolean swallowed = within.stream().anyMatch(error -> error.text().contains(HoconLexer.NOT_CLOSED));
            if (opened.is(Kind.OPEN_BRACKET) && !swallowed) {
                // Keys and values look wrong in a list that goes on to the end.
                errors.removeAll(within);
            }
            if (!swallowed) {
                errors.add(new SyntaxError(opened.line(), written(opened) + " " + HoconLexer.NOT_CLOSED));
            }
        }
        broken = true;
    }

    private void blank(int start, int end) {
        for (int i = start; i < end; i++) {
            if (parsable.charAt(i) != '\n') {
                parsable.setCharAt(i, ' ');
            }
        }
    }

    private boolean atEndOfValue() {
        return at(Kind.NEWLINE) || at(Kind.COMMA) || at(Kind.CLOSE_BRACE) || at(Kind.CLOSE_BRACKET) || at(Kind.END);
    }

    private void skipNewlines() {
        while (at(Kind.NEWLINE)) {
            next++;
        }
    }

    private boolean at(Kind kind) {
        return peek().is(kind);
    }

    private Token peek() {
        return tokens.get(next);
    }

    private Token take() {
        return tokens.get(next++);
    }

    private String written(Token token) {
        return text.substring(token.start(), token.end());
    }
}
