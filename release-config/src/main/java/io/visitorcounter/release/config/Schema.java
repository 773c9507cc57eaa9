package io.visitorcounter.release.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One node of a contract: what a value may be. Every keyword that is not there is null or empty. */
record Schema(
        @Nullable KeyType type,
        Map<String, Schema> properties,
        boolean closed,
        Set<String> required,
        List<ConfigNode> allowed,
        @Nullable Pattern pattern,
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

    /** The bounds in a few words, {@code 1..65535}; empty where any value of the type will do. */
    String range() {
        if (!allowed.isEmpty()) {
            return String.join("|", allowed.stream().map(Schema::plain).toList());
        } else if (duration) {
            return between(min, max, "");
        } else if (minimum != null || maximum != null) {
            return between(minimum, maximum, "");
        } else if (pattern != null) {
            return pattern.pattern();
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
