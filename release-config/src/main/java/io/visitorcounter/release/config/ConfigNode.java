package io.visitorcounter.release.config;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One value of a resolved config. */
sealed interface ConfigNode {

    /** Values by key, sorted. */
    record Branch(SortedMap<String, ConfigNode> children) implements ConfigNode {

        static final Branch EMPTY = new Branch(new TreeMap<>());

        public Branch {
            children = Collections.unmodifiableSortedMap(new TreeMap<>(children));
        }

        /** The value at a path; empty if there is none. */
        Optional<ConfigNode> at(KeyPath path) {
            ConfigNode node = this;
            for (String element : path.elements()) {
                if (!(node instanceof Branch branch) || !branch.children().containsKey(element)) {
                    return Optional.empty();
                }
                node = branch.children().get(element);
            }
            return Optional.ofNullable(node);
        }
    }

    /** A list. */
    record Items(List<ConfigNode> nodes) implements ConfigNode {
        public Items {
            nodes = List.copyOf(nodes);
        }
    }

    /** A string. */
    record Text(String value) implements ConfigNode {

        // By hand: see Digest.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Text that && value.equals(that.value);
        }

        @Override
        public int hashCode() {
            return value.hashCode();
        }
    }

    /** An integer. */
    record Whole(long value) implements ConfigNode {}

    /** True or false. */
    record Flag(boolean value) implements ConfigNode {}

    /** A number with a fraction or an exponent, as written. No bundle may hold one: JDKs print it differently. */
    record Fraction(String text) implements ConfigNode {}

    /** A secret: the variable that holds it at run.
     *
     *  @param variable its name
     *  @param name the same as the library gives it, which may put the key of an include before it */
    record Reference(String variable, String name) implements ConfigNode {}

    /** A string of which a part is to come from a variable or an unknown key. */
    record Mixed(String name) implements ConfigNode {}

    /** HOCON's null. */
    record Nothing() implements ConfigNode {}

    /** The value as an error or a table shows it: quoted if it is a string, shortened, on one line. */
    default String shown() {
        if (this instanceof Text text) {
            return Shown.quoted(text.value());
        } else if (this instanceof Whole whole) {
            return Long.toString(whole.value());
        } else if (this instanceof Flag flag) {
            return Boolean.toString(flag.value());
        } else if (this instanceof Fraction fraction) {
            return Shown.plain(fraction.text());
        } else if (this instanceof Reference reference) {
            return "${" + reference.variable() + "}";
        } else if (this instanceof Mixed mixed) {
            return "text around ${" + mixed.name() + "}";
        } else if (this instanceof Items) {
            return "a list";
        } else if (this instanceof Branch) {
            return "an object";
        }
        return "null";
    }
}
