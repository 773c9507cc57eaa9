package io.visitorcounter.release.hocon;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One value of a resolved config. */
public sealed interface ConfigNode {

    /** Values by key, sorted. */
    record ObjectValue(SortedMap<String, ConfigNode> children) implements ConfigNode {

        public static final ObjectValue EMPTY = new ObjectValue(new TreeMap<>());

        public ObjectValue {
            children = Collections.unmodifiableSortedMap(new TreeMap<>(children));
        }

        /** The value at a path; empty if there is none. */
        public Optional<ConfigNode> at(KeyPath path) {
            ConfigNode node = this;
            for (String element : path.elements()) {
                if (!(node instanceof ObjectValue branch) || !branch.children().containsKey(element)) {
                    return Optional.empty();
                }
                node = branch.children().get(element);
            }
            return Optional.ofNullable(node);
        }
    }

    /** A list. */
    record ListValue(List<ConfigNode> nodes) implements ConfigNode {
        public ListValue {
            nodes = List.copyOf(nodes);
        }
    }

    /** A string. */
    record StringValue(String value) implements ConfigNode {

        // Written by hand: see Digest.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof StringValue that && value.equals(that.value);
        }

        @Override
        public int hashCode() {
            return value.hashCode();
        }
    }

    /** An integer. */
    record IntegerValue(long value) implements ConfigNode {}

    /** True or false. */
    record BooleanValue(boolean value) implements ConfigNode {}

    /** A number with a fraction or an exponent, as written. No bundle may hold one: JDKs print it differently. */
    record FractionValue(String text) implements ConfigNode {}

    /** A secret: the variable that holds it at run.
     *
     *  @param variable its name
     *  @param name its name from the library, which may prefix it with the key of an include */
    record Reference(String variable, String name) implements ConfigNode {}

    /** A string with a part from a variable or an unknown key. */
    record MixedValue(String name) implements ConfigNode {}

    /** HOCON's null. */
    record NullValue() implements ConfigNode {}

    /** The value as an error or a table shows it: quoted if it is a string, shortened, on one line. */
    default String shown() {
        if (this instanceof StringValue text) {
            return SafeText.quoted(text.value());
        } else if (this instanceof IntegerValue whole) {
            return Long.toString(whole.value());
        } else if (this instanceof BooleanValue flag) {
            return Boolean.toString(flag.value());
        } else if (this instanceof FractionValue fraction) {
            return SafeText.plain(fraction.text());
        } else if (this instanceof Reference reference) {
            return "${" + reference.variable() + "}";
        } else if (this instanceof MixedValue mixed) {
            return "text around ${" + mixed.name() + "}";
        } else if (this instanceof ListValue) {
            return "a list";
        } else if (this instanceof ObjectValue) {
            return "an object";
        }
        return "null";
    }
}
