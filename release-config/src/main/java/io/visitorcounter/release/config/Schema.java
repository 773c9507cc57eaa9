package io.visitorcounter.release.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.visitorcounter.release.hocon.ConfigNode;
import io.visitorcounter.release.hocon.ConfigNode.ObjectValue;
import io.visitorcounter.release.hocon.KeyPath;
import io.visitorcounter.release.hocon.WrittenDuration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One node of a contract: the allowed values. A view of JSON that {@link SchemaCheck} found valid; a missing keyword
 *  is null or empty. */
final class Schema {

    /** The only format. */
    static final String DURATION = "hocon-duration";

    private final JsonNode json;
    private final Map<String, Schema> properties = new LinkedHashMap<>();

    Schema(JsonNode json) {
        this.json = json;
        json.path("properties")
                .properties()
                .forEach(child -> properties.put(child.getKey(), new Schema(child.getValue())));
    }

    /** The JSON types that a key can have. */
    enum KeyType {
        OBJECT(ObjectValue.class),
        STRING(ConfigNode.StringValue.class),
        INTEGER(ConfigNode.IntegerValue.class),
        BOOLEAN(ConfigNode.BooleanValue.class);

        private final Class<? extends ConfigNode> values;

        KeyType(Class<? extends ConfigNode> values) {
            this.values = values;
        }

        /** The type with this name in JSON Schema. */
        static Optional<KeyType> of(String word) {
            return Arrays.stream(values())
                    .filter(type -> type.word().equals(word))
                    .findFirst();
        }

        /** Whether a value has this type. */
        boolean accepts(ConfigNode value) {
            return values.isInstance(value);
        }

        /** Its name in JSON Schema. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Nullable KeyType type() {
        return KeyType.of(json.path("type").asText()).orElse(null);
    }

    /** In the contract's order. */
    Map<String, Schema> properties() {
        return Collections.unmodifiableMap(properties);
    }

    /** Whether it allows no keys except its properties. */
    boolean closed() {
        return !json.path("additionalProperties").asBoolean(true);
    }

    List<String> required() {
        return json.path("required").valueStream().map(JsonNode::asText).toList();
    }

    /** The only allowed values; none if the values are not enumerated. */
    List<ConfigNode> allowed() {
        return Stream.concat(json.path("enum").valueStream(), Stream.ofNullable(json.get("const")))
                .map(Schema::scalar)
                .filter(Objects::nonNull)
                .toList();
    }

    @Nullable TextPattern pattern() {
        String pattern = json.path("pattern").textValue();
        try {
            return pattern == null ? null : TextPattern.of(pattern);
        } catch (PatternSyntaxException broken) {
            // Reported by SchemaCheck.
            return null;
        }
    }

    Bounds<Long> numbers() {
        return new Bounds<>(integer("minimum"), integer("maximum"));
    }

    /** The allowed lengths of a text, in characters. */
    Bounds<Long> lengths() {
        return new Bounds<>(integer("minLength"), integer("maxLength"));
    }

    Bounds<WrittenDuration> durations() {
        return new Bounds<>(span("x-minimum"), span("x-maximum"));
    }

    boolean duration() {
        return DURATION.equals(json.path("format").textValue());
    }

    /** The default. */
    @Nullable ConfigNode preset() {
        return json.has("default") ? scalar(json.get("default")) : null;
    }

    String description() {
        return json.path("description").asText();
    }

    boolean secret() {
        return json.path("writeOnly").booleanValue();
    }

    @Nullable String env() {
        return json.path("env").textValue();
    }

    @Nullable Schema condition() {
        return json.has("if") ? new Schema(json.get("if")) : null;
    }

    @Nullable Schema consequence() {
        return json.has("then") ? new Schema(json.get("then")) : null;
    }

    private @Nullable Long integer(String keyword) {
        JsonNode value = json.path(keyword);
        return value.isIntegralNumber() && value.canConvertToLong() ? value.longValue() : null;
    }

    private @Nullable WrittenDuration span(String keyword) {
        String text = json.path(keyword).textValue();
        return text == null || !duration() ? null : WrittenDuration.of(text).orElse(null);
    }

    /** The value of a JSON scalar; null if no key can have it. */
    static @Nullable ConfigNode scalar(JsonNode value) {
        if (value.isTextual()) {
            return new ConfigNode.StringValue(value.textValue());
        } else if (value.isBoolean()) {
            return new ConfigNode.BooleanValue(value.booleanValue());
        }
        return value.isIntegralNumber() && value.canConvertToLong()
                ? new ConfigNode.IntegerValue(value.longValue())
                : null;
    }

    /** The schema of a key; empty if it has none. */
    Optional<Schema> at(KeyPath path) {
        if (path.isRoot()) {
            return Optional.of(this);
        }
        return Optional.ofNullable(properties.get(path.first())).flatMap(child -> child.at(path.from(1)));
    }

    /** Whether its keywords contradict one another, so that no value is allowed. */
    boolean isEmpty() {
        KeyType type = type();
        boolean ofOtherTypes =
                type != null && !allowed().isEmpty() && allowed().stream().noneMatch(type::accepts);
        return ofOtherTypes
                || numbers().areCrossed()
                || lengths().areCrossed()
                || durations().areCrossed();
    }

    /** The config, with defaults for the keys that it lacks. */
    ObjectValue complete(ObjectValue given) {
        SortedMap<String, ConfigNode> complete = new TreeMap<>(given.children());
        properties.forEach((name, child) -> {
            ConfigNode there = complete.get(name);
            if (child.type() == KeyType.OBJECT && (there == null || there instanceof ObjectValue)) {
                ObjectValue filled = child.complete(there instanceof ObjectValue object ? object : ObjectValue.EMPTY);
                if (there != null || !filled.children().isEmpty()) {
                    complete.put(name, filled);
                }
            } else if (there == null && child.preset() != null) {
                complete.put(name, child.preset());
            }
        });
        return new ObjectValue(complete);
    }

    /** The allowed values in a few words, {@code 1..65535}; empty if any value of the type is allowed. */
    String range() {
        if (!allowed().isEmpty()) {
            return String.join("|", allowed().stream().map(Schema::plain).toList());
        } else if (duration()) {
            return durations().inWords("");
        } else if (!numbers().areOpen()) {
            return numbers().inWords("");
        }
        return json.has("pattern") ? json.get("pattern").asText() : lengthRange();
    }

    /** The allowed lengths of a text, in words. */
    String lengthRange() {
        Bounds<Long> lengths = lengths();
        boolean one = lengths.max() == null && lengths.min() != null && lengths.min() == 1;
        return lengths.inWords(one ? " character" : " characters");
    }

    /** The least and the greatest allowed value; null if there is none. */
    record Bounds<T extends Comparable<T>>(
            @Nullable T min, @Nullable T max) {

        boolean areOpen() {
            return min == null && max == null;
        }

        boolean areCrossed() {
            return min != null && max != null && min.compareTo(max) > 0;
        }

        boolean contain(T value) {
            return (min == null || value.compareTo(min) >= 0) && (max == null || value.compareTo(max) <= 0);
        }

        private String inWords(String unit) {
            if (areOpen()) {
                return "";
            } else if (min == null) {
                return "at most " + max + unit;
            }
            return (max == null ? "at least " + min : min + ".." + max) + unit;
        }
    }

    /** The value without quotes. */
    static String plain(ConfigNode node) {
        return node instanceof ConfigNode.StringValue text ? text.value() : node.shown();
    }
}
