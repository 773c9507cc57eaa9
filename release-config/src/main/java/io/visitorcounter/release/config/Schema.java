package io.visitorcounter.release.config;

import io.visitorcounter.release.config.ConfigNode.ObjectValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One node of a contract: what a value may be. Every keyword that is not there is null or empty. */
record Schema(
        @Nullable KeyType type,
        Map<String, Schema> properties,
        boolean closed,
        Set<String> required,
        List<ConfigNode> allowed,
        @Nullable TextPattern pattern,
        @Nullable Long minLength,
        @Nullable Long maxLength,
        @Nullable Long minimum,
        @Nullable Long maximum,
        boolean duration,
        @Nullable WrittenDuration min,
        @Nullable WrittenDuration max,
        @Nullable ConfigNode preset,
        String description,
        boolean secret,
        @Nullable String env,
        @Nullable Schema condition,
        @Nullable Schema consequence) {

    /** The schema of a key; empty if it has none. */
    Optional<Schema> at(KeyPath path) {
        if (path.isRoot()) {
            return Optional.of(this);
        }
        return Optional.ofNullable(properties.get(path.first())).flatMap(child -> child.at(path.from(1)));
    }

    /** Whether its keywords contradict one another, so that no value is allowed. */
    boolean isEmpty() {
        boolean crossed = minimum != null && maximum != null && minimum > maximum;
        boolean crossedLengths = minLength != null && maxLength != null && minLength > maxLength;
        boolean crossedDurations = min != null && max != null && min.length().compareTo(max.length()) > 0;
        boolean ofOtherTypes =
                type != null && !allowed.isEmpty() && allowed.stream().noneMatch(value -> type.accepts(value));
        return crossed || crossedLengths || crossedDurations || ofOtherTypes;
    }

    /** The config with the default of each key that it does not give. */
    ObjectValue complete(ObjectValue given) {
        SortedMap<String, ConfigNode> complete = new TreeMap<>(given.children());
        properties.forEach((name, child) -> {
            ConfigNode there = complete.get(name);
            if (child.type == KeyType.OBJECT && (there == null || there instanceof ObjectValue)) {
                ObjectValue filled = child.complete(there instanceof ObjectValue object ? object : ObjectValue.EMPTY);
                if (there != null || !filled.children().isEmpty()) {
                    complete.put(name, filled);
                }
            } else if (there == null && child.preset != null) {
                complete.put(name, child.preset);
            }
        });
        return new ObjectValue(complete);
    }

    /** The bounds in a few words, {@code 1..65535}; empty where any value of the type will do. */
    String range() {
        if (!allowed.isEmpty()) {
            return String.join("|", allowed.stream().map(Schema::plain).toList());
        } else if (duration) {
            return between(min, max, "");
        } else if (minimum != null || maximum != null) {
            return between(minimum, maximum, "");
        } else if (pattern != null) {
            return pattern.written();
        }
        return minLength == null && maxLength == null ? "" : lengths();
    }

    /** The bounds of a text. */
    String lengths() {
        boolean one = maxLength == null && minLength != null && minLength == 1;
        return between(minLength, maxLength, one ? " character" : " characters");
    }

    private static String between(@Nullable Object low, @Nullable Object high, String unit) {
        if (low == null && high == null) {
            return "";
        } else if (low == null) {
            return "at most " + high + unit;
        } else if (high == null) {
            return "at least " + low + unit;
        }
        return low + ".." + high + unit;
    }

    /** The value without quotes. */
    static String plain(ConfigNode node) {
        return node instanceof ConfigNode.StringValue text ? text.value() : node.shown();
    }
}
