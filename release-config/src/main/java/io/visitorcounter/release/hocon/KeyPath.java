package io.visitorcounter.release.hocon;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The path to a value from the root of a config: {@code redis.port}. */
public record KeyPath(List<String> elements) {

    public static final KeyPath ROOT = new KeyPath(List.of());

    public KeyPath {
        elements = List.copyOf(elements);
    }

    /** Reads HOCON's own notation, quotes included; throws ConfigException if it is malformed. */
    public static KeyPath parse(String text) {
        return new KeyPath(ConfigUtil.splitPath(text));
    }

    /** The same; empty if it is malformed. */
    public static Optional<KeyPath> tryParse(String text) {
        try {
            return Optional.of(parse(text));
        } catch (ConfigException broken) {
            return Optional.empty();
        }
    }

    public KeyPath child(String element) {
        return child(new KeyPath(List.of(element)));
    }

    public KeyPath child(KeyPath rest) {
        List<String> all = new ArrayList<>(elements);
        all.addAll(rest.elements);
        return new KeyPath(all);
    }

    public boolean isRoot() {
        return elements.isEmpty();
    }

    public boolean startsWith(KeyPath prefix) {
        return elements.size() >= prefix.elements.size()
                && elements.subList(0, prefix.elements.size()).equals(prefix.elements);
    }

    /** The path without its first {@code count} elements. */
    public KeyPath from(int count) {
        return new KeyPath(elements.subList(count, elements.size()));
    }

    /** The rest of the path below another one; empty if the other is as long. */
    public KeyPath below(KeyPath other) {
        return from(Math.min(elements.size(), other.elements.size()));
    }

    /** Every prefix, from the first element to the whole path. */
    public List<KeyPath> prefixes() {
        return IntStream.rangeClosed(1, elements.size())
                .mapToObj(count -> new KeyPath(elements.subList(0, count)))
                .toList();
    }

    public String first() {
        return elements.get(0);
    }

    public String last() {
        return elements.get(elements.size() - 1);
    }

    // Written by hand: see Digest.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof KeyPath that && elements.equals(that.elements);
    }

    @Override
    public int hashCode() {
        return elements.hashCode();
    }

    @Override
    public String toString() {
        return isRoot() ? "" : ConfigUtil.joinPath(elements);
    }
}
