package io.visitorcounter.release.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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
                    json.isObject() ? "is nested deeper than " + MAX_DEPTH : "expected a schema object, got " + json);
            return nothing();
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
                whole(path, json, "minLength"),
                whole(path, json, "maxLength"),
                whole(path, json, "minimum"),
                whole(path, json, "maximum"),
                duration,
                span(path, json, "x-minimum", duration),
                span(path, json, "x-maximum", duration),
                json.has("default") ? scalar(path, "default", json.get("default")) : null,
                text(path, json, "description", ""),
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
        JsonNode node = json.get("properties");
        if (node != null && !node.isObject()) {
            fault(path, "properties: expected an object, got " + node);
        } else if (node != null) {
            node.properties()
                    .forEach(property -> properties.put(
                            property.getKey(), read(path.child(property.getKey()), property.getValue(), declares)));
        }
        return Collections.unmodifiableMap(properties);
    }

    private @Nullable KeyType type(KeyPath path, JsonNode json, boolean declares) {
        JsonNode node = json.get("type");
        if (node == null) {
            if (declares) {
                fault(path, "type: expected object, string, integer or boolean, got none");
            }
            return null;
        }
        for (KeyType type : KeyType.values()) {
            if (node.isTextual() && type.word().equals(node.textValue())) {
                return type;
            }
        }
        fault(path, "type: expected object, string, integer or boolean, got " + node);
        return null;
    }

    private boolean duration(KeyPath path, JsonNode json, @Nullable KeyType type) {
        String format = text(path, json, "format", "");
        if (!format.isEmpty() && !format.equals("hocon-duration")) {
            fault(path, "format: expected hocon-duration, the only one that this tool knows, got " + format);
        }
        boolean duration = format.equals("hocon-duration");
        if (duration && type != null && type != KeyType.STRING) {
            fault(path, "format: expected at a string");
        }
        return duration;
    }

    private Set<String> required(KeyPath path, JsonNode json) {
        Set<String> names = new LinkedHashSet<>();
        JsonNode node = json.get("required");
        if (node != null && !node.isArray()) {
            fault(path, "required: expected a list of keys, got " + node);
        } else if (node != null) {
            node.forEach(name -> names.add(name.asText()));
        }
        return names;
    }

    private List<ConfigNode> allowed(KeyPath path, JsonNode json) {
        List<ConfigNode> allowed = new ArrayList<>();
        JsonNode many = json.get("enum");
        if (many != null && (!many.isArray() || many.isEmpty())) {
            fault(path, "enum: expected a list of values, got " + many);
        } else if (many != null) {
            many.forEach(value -> allowed.add(scalar(path, "enum", value)));
        }
        if (json.has("const")) {
            allowed.add(scalar(path, "const", json.get("const")));
        }
        if (many != null && json.has("const")) {
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
        fault(path, keyword + ": expected a string, an integer, true or false, got " + value);
        return new ConfigNode.NullValue();
    }

    private @Nullable Pattern pattern(KeyPath path, JsonNode json) {
        if (!json.has("pattern")) {
            return null;
        }
        try {
            return Pattern.compile(text(path, json, "pattern", ""));
        } catch (PatternSyntaxException broken) {
            fault(path, "pattern: expected a regular expression: " + broken.getDescription());
            return null;
        }
    }

    private @Nullable Long whole(KeyPath path, JsonNode json, String keyword) {
        JsonNode node = json.get(keyword);
        if (node == null) {
            return null;
        }
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            fault(path, keyword + ": expected an integer, got " + node);
            return null;
        }
        return node.longValue();
    }

    private @Nullable WrittenDuration span(KeyPath path, JsonNode json, String keyword, boolean duration) {
        if (!json.has(keyword)) {
            return null;
        }
        if (!duration) {
            fault(path, keyword + ": expected with format hocon-duration only");
            return null;
        }
        String text = text(path, json, keyword, "");
        return WrittenDuration.of(text).orElseGet(() -> {
            fault(path, keyword + ": expected a duration with a unit, such as 2s, got \"" + text + "\"");
            return null;
        });
    }

    private @Nullable String variable(KeyPath path, JsonNode json) {
        if (!json.has("env")) {
            return null;
        }
        String name = text(path, json, "env", "");
        if (!VARIABLE.matcher(name).matches()) {
            fault(path, "env: expected the name of a variable, got \"" + name + "\"");
            return null;
        }
        return name;
    }

    private String text(KeyPath path, JsonNode json, String keyword, String otherwise) {
        JsonNode node = json.get(keyword);
        if (node == null) {
            return otherwise;
        }
        if (!node.isTextual()) {
            fault(path, keyword + ": expected a string, got " + node);
            return otherwise;
        }
        return node.textValue();
    }

    private boolean flag(KeyPath path, JsonNode json, String keyword) {
        JsonNode node = json.get(keyword);
        if (node != null && !node.isBoolean()) {
            fault(path, keyword + ": expected true or false, got " + node);
        }
        return node != null && node.asBoolean();
    }

    private static Schema nothing() {
        return new Schema(
                null, Map.of(), false, Set.of(), List.of(), null, null, null, null, null, false, null, null, null, "",
                false, null, null, null);
    }

    private void fault(KeyPath path, String text) {
        faults.add(new ConfigFault(where, 0, path.toString(), text));
    }
}
