package io.visitorcounter.release.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.visitorcounter.release.CanonicalJson;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Reads the JSON of a contract; a keyword that it does not know is a fault, for it would not be obeyed. */
final class SchemaReader {

    private static final int MAX_DEPTH = 32;
    private static final Set<String> ANNOTATIONS = Set.of("$schema", "$id", "$comment", "title", "description");
    private static final Set<String> CHECKS = Set.of(
            "type",
            "properties",
            "additionalProperties",
            "required",
            "enum",
            "const",
            "pattern",
            "minLength",
            "maxLength",
            "minimum",
            "maximum",
            "format",
            "x-minimum",
            "x-maximum");
    // What a key is, as opposed to what its value may be: these make no sense within if and then.
    private static final Set<String> DECLARATIONS = Set.of("default", "writeOnly", "env", "if", "then");
    private static final String DURATION = "hocon-duration";
    private static final String TYPES = "object, string, integer or boolean";
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final String where;
    private final List<ConfigFault> faults = new ArrayList<>();

    SchemaReader(String where) {
        this.where = where;
    }

    /** Everything wrong so far. */
    List<ConfigFault> faults() {
        return faults;
    }

    Schema root(JsonNode json) {
        Schema root = read(KeyPath.ROOT, json, true);
        if (root.type() != null && root.type() != KeyType.OBJECT) {
            fault(
                    KeyPath.ROOT,
                    "type: expected object at the root, got " + root.type().word());
        }
        return root;
    }

    private Schema read(KeyPath path, JsonNode json, boolean declares) {
        if (!json.isObject() || path.elements().size() > MAX_DEPTH) {
            fault(
                    path,
                    json.isObject()
                            ? "is nested deeper than " + MAX_DEPTH
                            : "expected a schema object, got " + shown(json));
            return read(path.from(path.elements().size()), CanonicalJson.object(), false);
        }
        refuseUnknown(path, json, declares);
        KeyType type = type(path, json, declares);
        boolean duration = duration(path, json, type);
        Schema schema = new Schema(
                type,
                properties(path, json, declares),
                json.has("additionalProperties") && !flag(path, json, "additionalProperties"),
                required(path, json),
                allowed(path, json),
                pattern(path, json),
                integer(path, json, "minLength"),
                integer(path, json, "maxLength"),
                integer(path, json, "minimum"),
                integer(path, json, "maximum"),
                duration,
                span(path, json, "x-minimum", duration),
                span(path, json, "x-maximum", duration),
                json.has("default") ? scalar(path, "default", json.get("default")) : null,
                Objects.requireNonNullElse(text(path, json, "description"), ""),
                flag(path, json, "writeOnly"),
                variable(path, json),
                json.has("if") ? read(path, json.get("if"), false) : null,
                json.has("then") ? read(path, json.get("then"), false) : null);
        refuseContradictions(path, schema);
        return schema;
    }

    private void refuseUnknown(KeyPath path, JsonNode json, boolean declares) {
        Set<String> known = new TreeSet<>(CHECKS);
        known.addAll(ANNOTATIONS);
        if (declares) {
            known.addAll(DECLARATIONS);
        }
        json.fieldNames().forEachRemaining(name -> {
            if (DECLARATIONS.contains(name) && !declares) {
                fault(path, name + ": has no meaning within if and then");
            } else if (!known.contains(name)) {
                fault(
                        path,
                        name + ": a keyword that this tool does not know"
                                + Nearest.to(name, known)
                                        .map(near -> "; did you mean " + near + "?")
                                        .orElse("; it would not be obeyed, so a release needs a newer tool"));
            }
        });
    }

    private void refuseContradictions(KeyPath path, Schema schema) {
        if ((schema.condition() == null) != (schema.consequence() == null)) {
            fault(path, "if and then: expected both, got one");
        }
        if (schema.secret() && schema.type() != KeyType.STRING) {
            fault(path, "writeOnly: expected at a string");
        }
        if (schema.isEmpty()) {
            fault(path, "no value fits: the minimum is above the maximum, or what is allowed is not of the type");
        }
        for (String name : schema.required()) {
            if (schema.type() != null && !schema.properties().containsKey(name)) {
                fault(path.child(name), "required, but not among the properties");
            }
        }
        ConfigNode preset = schema.preset();
        if (preset != null) {
            if (schema.secret() && !preset.equals(new ConfigNode.StringValue(""))) {
                fault(path, "default: expected \"\" at a secret");
            } else if (!schema.secret()) {
                Validator validator = new Validator();
                validator.check(path, schema, preset);
                validator.violations().forEach(violation -> fault(path, "default: " + violation.text()));
            }
        }
    }

    private Map<String, Schema> properties(KeyPath path, JsonNode json, boolean declares) {
        Map<String, Schema> properties = new LinkedHashMap<>();
        JsonNode node = keyword(path, json, "properties", "an object", JsonNode::isObject, value -> value);
        if (node != null) {
            node.properties()
                    .forEach(property -> properties.put(
                            property.getKey(), read(path.child(property.getKey()), property.getValue(), declares)));
        }
        return Collections.unmodifiableMap(properties);
    }

    private @Nullable KeyType type(KeyPath path, JsonNode json, boolean declares) {
        if (declares && !json.has("type")) {
            fault(path, "type: expected " + TYPES + ", got none");
        }
        Predicate<JsonNode> known =
                node -> node.isTextual() && KeyType.of(node.textValue()).isPresent();
        return keyword(
                path,
                json,
                "type",
                TYPES,
                known,
                node -> KeyType.of(node.textValue()).orElseThrow());
    }

    private boolean duration(KeyPath path, JsonNode json, @Nullable KeyType type) {
        String format = text(path, json, "format");
        if (format != null && !format.equals(DURATION)) {
            fault(path, "format: expected " + DURATION + ", the only one that this tool knows, got " + format);
        }
        boolean duration = DURATION.equals(format);
        if (duration && type != null && type != KeyType.STRING) {
            fault(path, "format: expected at a string");
        }
        return duration;
    }

    private Set<String> required(KeyPath path, JsonNode json) {
        Set<String> names = new LinkedHashSet<>();
        JsonNode node = keyword(path, json, "required", "a list of keys", SchemaReader::isListOfTexts, value -> value);
        if (node != null) {
            node.forEach(name -> names.add(name.textValue()));
        }
        return names;
    }

    private static boolean isListOfTexts(JsonNode node) {
        boolean all = node.isArray();
        for (JsonNode item : node) {
            all &= item.isTextual();
        }
        return all;
    }

    private List<ConfigNode> allowed(KeyPath path, JsonNode json) {
        List<ConfigNode> allowed = new ArrayList<>();
        JsonNode many = keyword(
                path, json, "enum", "a list of values", node -> node.isArray() && !node.isEmpty(), value -> value);
        if (many != null) {
            many.forEach(value -> allowed.add(scalar(path, "enum", value)));
        }
        if (json.has("const")) {
            allowed.add(scalar(path, "const", json.get("const")));
        }
        if (json.has("enum") && json.has("const")) {
            fault(path, "enum and const: expected one of them, got both");
        }
        return List.copyOf(allowed);
    }

    private ConfigNode scalar(KeyPath path, String keyword, JsonNode value) {
        if (value.isTextual()) {
            return new ConfigNode.StringValue(value.textValue());
        } else if (value.isBoolean()) {
            return new ConfigNode.BooleanValue(value.booleanValue());
        } else if (value.isIntegralNumber() && value.canConvertToLong()) {
            return new ConfigNode.IntegerValue(value.longValue());
        }
        fault(path, keyword + ": expected a string, an integer, true or false, got " + shown(value));
        return new ConfigNode.NullValue();
    }

    private @Nullable TextPattern pattern(KeyPath path, JsonNode json) {
        String pattern = text(path, json, "pattern");
        try {
            return pattern == null ? null : TextPattern.of(pattern);
        } catch (PatternSyntaxException broken) {
            fault(path, "pattern: expected a regular expression: " + broken.getDescription());
            return null;
        }
    }

    private @Nullable Long integer(KeyPath path, JsonNode json, String keyword) {
        return keyword(
                path,
                json,
                keyword,
                "an integer",
                node -> node.isIntegralNumber() && node.canConvertToLong(),
                JsonNode::longValue);
    }

    private @Nullable WrittenDuration span(KeyPath path, JsonNode json, String keyword, boolean duration) {
        String text = text(path, json, keyword);
        if (text == null) {
            return null;
        } else if (!duration) {
            fault(path, keyword + ": expected with format " + DURATION + " only");
            return null;
        }
        return WrittenDuration.of(text).orElseGet(() -> {
            fault(path, keyword + ": expected a duration with a unit, such as 2s, got \"" + text + "\"");
            return null;
        });
    }

    private @Nullable String variable(KeyPath path, JsonNode json) {
        return keyword(
                path,
                json,
                "env",
                "the name of a variable",
                node -> node.isTextual() && VARIABLE.matcher(node.textValue()).matches(),
                JsonNode::textValue);
    }

    private @Nullable String text(KeyPath path, JsonNode json, String keyword) {
        return keyword(path, json, keyword, "a string", JsonNode::isTextual, JsonNode::textValue);
    }

    private boolean flag(KeyPath path, JsonNode json, String keyword) {
        return Boolean.TRUE.equals(
                keyword(path, json, keyword, "true or false", JsonNode::isBoolean, JsonNode::booleanValue));
    }

    // What a keyword says; null where it is not there or, which is a fault, says something else.
    private <T> @Nullable T keyword(
            KeyPath path,
            JsonNode json,
            String keyword,
            String expected,
            Predicate<JsonNode> fits,
            Function<JsonNode, T> value) {
        JsonNode node = json.get(keyword);
        if (node != null && !fits.test(node)) {
            fault(path, keyword + ": expected " + expected + ", got " + shown(node));
            return null;
        }
        return node == null ? null : value.apply(node);
    }

    private static String shown(JsonNode node) {
        return node.isValueNode() || node.size() < 10 ? SafeText.plain(node.toString()) : "too much to show";
    }

    private void fault(KeyPath path, String text) {
        faults.add(new ConfigFault(where, 0, path.toString(), text));
    }
}
