package io.visitorcounter.release.config;

import com.typesafe.config.ConfigException;
import io.visitorcounter.release.config.Statement.Kind;
import io.visitorcounter.release.config.Statement.Substitution;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a HOCON file says, statement by statement with its line: the library's own parse keeps only the last word on each
 *  key, so it can tell neither a key that is given twice nor what a value overrides. Lenient: broken HOCON gives the
 *  statements before the break, and the library says what is broken. */
final class Outline {

    /** How deep objects and lists may nest; more would overflow the library's stack. */
    static final int DEEPEST = 64;

    private final String file;
    private final String text;
    private final List<Statement> statements = new ArrayList<>();
    private int at;
    private int line = 1;
    private int depth;
    private int tooDeepAt;

    private Outline(String file, String text) {
        this.file = file;
        this.text = text;
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

    /** The line where the nesting gets too deep; 0 if it does not. */
    int tooDeepAt() {
        return tooDeepAt;
    }

    // The fields of an object, up to its closing brace or the end.
    private void body(KeyPath path) {
        while (skip()) {
            char c = text.charAt(at);
            if (c == '}' || c == ']') {
                at++;
                if (depth > 0) {
                    return;
                }
            } else if (c == ',') {
                at++;
            } else if (c == '{' && path.isRoot() && depth == 0) {
                object(path);
            } else {
                field(path);
            }
        }
    }

    private void field(KeyPath parent) {
        int keyLine = line;
        int start = at;
        if (atInclude()) {
            include(parent, keyLine);
            return;
        }
        while (at < text.length() && "=:{\n}],".indexOf(text.charAt(at)) < 0 && !text.startsWith("+=", at)) {
            if (text.charAt(at) == '"') {
                quoted();
            } else if (atComment()) {
                break;
            } else {
                at++;
            }
        }
        KeyPath path = keyOf(text.substring(start, at));
        boolean appends = text.startsWith("+=", at);
        if (appends) {
            at += 2;
        } else if (at < text.length() && "=:".indexOf(text.charAt(at)) >= 0) {
            at++;
        } else if (at >= text.length() || text.charAt(at) != '{') {
            skipLine();
            return;
        }
        if (path == null) {
            value(new KeyPath(List.of("?")), new ArrayList<>(), false);
            return;
        }
        assignment(parent.child(path), keyLine, appends);
    }

    private void assignment(KeyPath path, int keyLine, boolean appends) {
        int index = statements.size();
        List<Substitution> references = new ArrayList<>();
        boolean pureObject = value(path, references, true);
        Kind kind = appends ? Kind.APPEND : pureObject ? Kind.OBJECT : Kind.VALUE;
        statements.add(index, new Statement(file, keyLine, path, kind, references, ""));
    }

    // A value, up to the end of its line, a comma or a closing bracket. True if it is an object and nothing else.
    private boolean value(KeyPath path, List<Substitution> references, boolean keeps) {
        boolean objects = false;
        boolean others = false;
        skip();
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\n' || c == ',' || c == '}' || c == ']' || atComment()) {
                break;
            } else if (c == '{') {
                objects = true;
                int before = statements.size();
                object(path);
                if (!keeps) {
                    statements.subList(before, statements.size()).forEach(s -> references.addAll(s.references()));
                    statements.subList(before, statements.size()).clear();
                }
            } else if (c == '[') {
                others = true;
                list(path, references);
            } else if (c == '"') {
                others = true;
                quoted();
            } else if (text.startsWith("${", at)) {
                others = true;
                substitution(references);
            } else {
                others |= !isSpace(c);
                at++;
            }
        }
        return objects && !others;
    }

    private void object(KeyPath path) {
        at++;
        if (enters()) {
            body(path);
            depth--;
        }
    }

    private void list(KeyPath path, List<Substitution> references) {
        at++;
        if (!enters()) {
            return;
        }
        while (skip()) {
            char c = text.charAt(at);
            if (c == ']' || c == '}') {
                at++;
                break;
            } else if (c == ',') {
                at++;
            } else {
                value(path, references, false);
            }
        }
        depth--;
    }

    private boolean enters() {
        if (depth < DEEPEST) {
            depth++;
            return true;
        }
        tooDeepAt = tooDeepAt == 0 ? line : tooDeepAt;
        at = text.length();
        return false;
    }

    private void substitution(List<Substitution> references) {
        int start = at + 2;
        int end = start;
        while (end < text.length() && text.charAt(end) != '}' && text.charAt(end) != '\n') {
            end++;
        }
        boolean optional = text.startsWith("?", start);
        String name = text.substring(optional ? start + 1 : start, end).strip();
        references.add(new Substitution(line, name, optional));
        at = end < text.length() && text.charAt(end) == '}' ? end + 1 : end;
    }

    private boolean atInclude() {
        int after = at + "include".length();
        if (!text.startsWith("include", at) || after >= text.length()) {
            return false;
        }
        char next = text.charAt(after);
        return next == '"' || (isSpace(next) && startsTarget(after));
    }

    private boolean startsTarget(int from) {
        String rest = text.substring(from, Math.min(text.length(), from + 200)).stripLeading();
        return rest.startsWith("\"") || rest.matches("(?s)(required|file|url|classpath|package)\\s*\\(.*");
    }

    private void include(KeyPath parent, int keyLine) {
        at += "include".length();
        int start = at;
        while (at < text.length() && text.charAt(at) != '"' && text.charAt(at) != '\n') {
            at++;
        }
        String form = text.substring(start, at);
        int quote = at;
        if (at < text.length() && text.charAt(at) == '"') {
            quoted();
        }
        String target = at - quote >= 2 ? text.substring(quote + 1, at - 1) : "";
        while (at < text.length() && text.charAt(at) == ')') {
            at++;
        }
        boolean foreign = form.contains("url") || form.contains("classpath") || form.contains("package");
        Kind kind = foreign || target.contains("://") ? Kind.FOREIGN_INCLUDE : Kind.INCLUDE;
        statements.add(new Statement(file, keyLine, parent, kind, List.of(), target));
    }

    private void quoted() {
        if (text.startsWith("\"\"\"", at)) {
            int end = text.indexOf("\"\"\"", at + 3);
            int stop = end < 0 ? text.length() : end + 3;
            while (end >= 0 && stop < text.length() && text.charAt(stop) == '"') {
                stop++;
            }
            line += (int)
                    text.substring(at, stop).chars().filter(c -> c == '\n').count();
            at = stop;
            return;
        }
        at++;
        while (at < text.length() && text.charAt(at) != '"' && text.charAt(at) != '\n') {
            at += text.charAt(at) == '\\' && at + 1 < text.length() && text.charAt(at + 1) != '\n' ? 2 : 1;
        }
        at = Math.min(text.length(), at < text.length() && text.charAt(at) == '"' ? at + 1 : at);
    }

    // Skips white space and comments, newlines too. False at the end.
    private boolean skip() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\n') {
                line++;
                at++;
            } else if (isSpace(c)) {
                at++;
            } else if (atComment()) {
                skipLine();
            } else {
                return true;
            }
        }
        return false;
    }

    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\uFEFF';
    }

    private boolean atComment() {
        return text.charAt(at) == '#' || text.startsWith("//", at);
    }

    private void skipLine() {
        while (at < text.length() && text.charAt(at) != '\n') {
            at++;
        }
    }

    private static @Nullable KeyPath keyOf(String text) {
        try {
            return KeyPath.parse(text.strip());
        } catch (ConfigException broken) {
            return null;
        }
    }
}
