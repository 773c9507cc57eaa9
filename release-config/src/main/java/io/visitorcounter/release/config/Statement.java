package io.visitorcounter.release.config;

import java.util.List;
import java.util.Optional;

/** One thing that a config file says, in the order in which it says it.
 *
 *  @param file within the folder, {@code prod.conf}
 *  @param line 1-based line of its key
 *  @param path what it sets, from the root of the environment's config
 *  @param kind what it does
 *  @param references the substitutions in its value
 *  @param text the value as it is written, or what an include names
 *  @param lookalike what the value looks like and is not */
record Statement(
        String file,
        int line,
        KeyPath path,
        Kind kind,
        List<Substitution> references,
        String text,
        Optional<Lookalike> lookalike) {

    /** What a statement does. */
    enum Kind {
        /** Gives the key a value, which may hold references. */
        VALUE,
        /** Opens the key as an object, merged with what is there. */
        OBJECT,
        /** Adds to the list that is there. */
        APPEND,
        /** Takes in another file, at the path. */
        INCLUDE,
        /** An include by a form that is not hermetic: url, classpath, package. */
        FOREIGN_INCLUDE
    }

    /** A {@code ${name}}, or {@code ${?name}} if optional.
     *
     *  @param line 1-based
     *  @param name as written, without white space around */
    record Substitution(int line, String name, boolean optional) {}

    /** Copies the list. */
    Statement {
        references = List.copyOf(references);
    }

    /** The same statement, in a file that is included at a path. */
    Statement within(KeyPath prefix) {
        return prefix.isRoot()
                ? this
                : new Statement(file, line, prefix.child(path), kind, references, text, lookalike);
    }

    /** Whether it gives the key a value, as opposed to opening it. */
    boolean gives() {
        return kind == Kind.VALUE || kind == Kind.APPEND;
    }

    /** Whether its value builds on the one before. */
    boolean buildsOnItself() {
        return kind == Kind.APPEND || references.stream().anyMatch(this::refersToItself);
    }

    /** Whether a reference in its value is to its own key. */
    boolean refersToItself(Substitution reference) {
        return reference.name().equals(path.toString());
    }

    /** {@code prod.conf:14}. */
    String place() {
        return file + ":" + line;
    }
}
