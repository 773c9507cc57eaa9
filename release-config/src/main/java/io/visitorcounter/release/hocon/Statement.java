package io.visitorcounter.release.hocon;

import java.util.List;
import java.util.Optional;

/** One statement of a config file.
 *
 *  @param file its path within the folder, {@code prod.conf}
 *  @param line 1-based line of its key
 *  @param path what it sets, from the root of the environment's config
 *  @param kind what it does
 *  @param references the substitutions in its value
 *  @param text the value as written, or what an include names
 *  @param lookalike what the value only looks like */
public record Statement(
        String file,
        int line,
        KeyPath path,
        Kind kind,
        List<Substitution> references,
        String text,
        Optional<Lookalike> lookalike) {

    /** What a statement does. */
    public enum Kind {
        /** Gives the key a value, which may hold references. */
        VALUE,
        /** Opens the key as an object, merged with an existing one. */
        OBJECT,
        /** Appends to the existing list. */
        APPEND,
        /** Includes another file, at the path. */
        INCLUDE,
        /** An include by a form that is not hermetic: url, classpath, package. */
        FOREIGN_INCLUDE
    }

    /** A {@code ${name}}, or {@code ${?name}} if optional.
     *
     *  @param line 1-based
     *  @param name as written, without white space around
     *  @param targets the keys that it can mean; the first one that is set counts: relative to where its file is
     *      included, then from the root
     *  @param levels how many lists and objects of the value it is within */
    public record Substitution(int line, String name, List<KeyPath> targets, boolean optional, int levels) {

        public Substitution {
            targets = List.copyOf(targets);
        }

        private Substitution within(KeyPath prefix) {
            KeyPath path = targets.get(0);
            return new Substitution(line, name, List.of(prefix.child(path), path), optional, levels);
        }

        /** The same reference, in a value that is so many levels further within another. */
        Substitution deeper(int more) {
            return new Substitution(line, name, targets, optional, levels + more);
        }
    }

    public Statement {
        references = List.copyOf(references);
    }

    /** The same statement, in a file that is included at a path. */
    public Statement within(KeyPath prefix) {
        if (prefix.isRoot()) {
            return this;
        }
        List<Substitution> seen =
                references.stream().map(reference -> reference.within(prefix)).toList();
        return new Statement(file, line, prefix.child(path), kind, seen, text, lookalike);
    }

    /** Whether it gives the key a value, as opposed to opening it. */
    public boolean gives() {
        return kind == Kind.VALUE || kind == Kind.APPEND;
    }

    /** Whether its value builds on the one before. */
    public boolean buildsOnItself() {
        return kind == Kind.APPEND || references.stream().anyMatch(this::refersToItself);
    }

    private boolean refersToItself(Substitution reference) {
        return reference.targets().contains(path);
    }

    /** {@code prod.conf:14}. */
    public String place() {
        return file + ":" + line;
    }
}
