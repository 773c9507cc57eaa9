package io.visitorcounter.release.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.visitorcounter.release.config.Schema.KeyType;
import io.visitorcounter.release.hocon.ConfigNode.StringValue;
import io.visitorcounter.release.hocon.KeyPath;
import io.visitorcounter.release.hocon.Nearest;
import io.visitorcounter.release.hocon.SafeText;
import io.visitorcounter.release.hocon.WrittenDuration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Finds what is wrong with the JSON of a contract. An unknown keyword is a fault too, since it would not be
 *  enforced. */
final class SchemaCheck {

    /** The valid values of a keyword.
     *
     *  @param expected in words */
    private record Keyword(String expected, Predicate<JsonNode> fits) {}

    private static final int MAX_DEPTH = 32;
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final String TYPES = "object, string, integer or boolean";

    private static final Keyword ANYTHING = new Keyword("anything", node -> true);
    private static final Keyword TEXT = new Keyword("a string", JsonNode::isTextual);
    private static final Keyword FLAG = new Keyword("true or false", JsonNode::isBoolean);
    private static final Keyword INTEGER =
            new Keyword("an integer", node -> node.isIntegralNumber() && node.canConvertToLong());
    private static final Keyword SCALAR =
            new Keyword("a string, an integer, true or false", node -> Schema.scalar(node) != null);
    private static final Keyword TYPE = new Keyword(
            TYPES, node -> node.isTextual() && KeyType.of(node.textValue()).isPresent());
    private static final Keyword KEYS = new Keyword(
            "a list of keys", node -> node.isArray() && node.valueStream().allMatch(JsonNode::isTextual));
    private static final Map<String, Keyword> KEYWORDS = Map.ofEntries(
            Map.entry("$schema", ANYTHING),
            Map.entry("$id", ANYTHING),
            Map.entry("$comment", ANYTHING),
            Map.entry("title", ANYTHING),
            Map.entry("description", TEXT),
            Map.entry("type", TYPE),
            Map.entry("properties", new Keyword("an object", JsonNode::isObject)),
            Map.entry("additionalProperties", FLAG),
            Map.entry("required", KEYS),
            Map.entry("enum", new Keyword("a list of values", node -> node.isArray() && !node.isEmpty())),
            Map.entry("const", SCALAR),
            Map.entry("pattern", TEXT),
            Map.entry("minLength", INTEGER),
            Map.entry("maxLength", INTEGER),
            Map.entry("minimum", INTEGER),
            Map.entry("maximum", INTEGER),
            Map.entry("format", TEXT),
            Map.entry("x-minimum", TEXT),
            Map.entry("x-maximum", TEXT),
            Map.entry("default", SCALAR),
            Map.entry("writeOnly", FLAG),
            Map.entry(
                    "env",
                    new Keyword(
                            "the name of a variable",
                            node -> node.isTextual()
                                    && VARIABLE.matcher(node.textValue()).matches())),
            Map.entry("if", ANYTHING),
            Map.entry("then", ANYTHING));

    // Keywords that declare a key, rather than restrict its value: they make no sense within if and then.
    private static final Set<String> DECLARATIONS = Set.of("default", "writeOnly", "env", "if", "then");

    private final String where;
    private final List<ConfigFault> faults = new ArrayList<>();

    private SchemaCheck(String where) {
        this.where = where;
    }

    /** Everything that is wrong with a contract; nothing if it is valid.
     *
     *  @param where its name in errors */
    static List<ConfigFault> faults(String where, JsonNode root) {
        SchemaCheck check = new SchemaCheck(where);
        check.check(KeyPath.ROOT, root, true);
        KeyType type = new Schema(root).type();
        if (type != null && type != KeyType.OBJECT) {
            check.fault(KeyPath.ROOT, "type: expected object at the root, got " + type.word());
        }
        return check.faults;
    }

    private void check(KeyPath path, JsonNode json, boolean declares) {
        if (!json.isObject()) {
            fault(path, "expected a schema object, got " + shown(json));
            return;
        } else if (path.elements().size() > MAX_DEPTH) {
            fault(path, "is nested deeper than " + MAX_DEPTH);
            return;
        }
        json.properties().forEach(field -> checkKeyword(path, field.getKey(), field.getValue(), declares));
        if (declares && !json.has("type")) {
            fault(path, "type: expected " + TYPES + ", got none");
        }
        Schema schema = new Schema(json);
        checkTexts(path, json, schema);
        refuseContradictions(path, json, schema);
        checkDefault(path, schema);
        json.path("properties")
                .properties()
                .forEach(child -> check(path.child(child.getKey()), child.getValue(), declares));
        for (String part : List.of("if", "then")) {
            if (json.has(part)) {
                check(path, json.get(part), false);
            }
        }
    }

    private void checkKeyword(KeyPath path, String name, JsonNode value, boolean declares) {
        Keyword keyword = KEYWORDS.get(name);
        if (keyword == null) {
            Set<String> known = new TreeSet<>(KEYWORDS.keySet());
            if (!declares) {
                known.removeAll(DECLARATIONS);
            }
            fault(
                    path,
                    name + ": a keyword that this tool does not know"
                            + Nearest.to(name, known)
                                    .map(near -> "; did you mean " + near + "?")
                                    .orElse("; it would not be obeyed, so a release needs a newer tool"));
        } else if (!declares && DECLARATIONS.contains(name)) {
            fault(path, name + ": has no meaning within if and then");
        } else {
            expect(path, name, keyword, value);
        }
        if (name.equals("enum")) {
            value.forEach(item -> expect(path, name, SCALAR, item));
        }
    }

    private void expect(KeyPath path, String name, Keyword keyword, JsonNode value) {
        if (!keyword.fits.test(value)) {
            fault(path, name + ": expected " + keyword.expected + ", got " + shown(value));
        }
    }

    private void checkTexts(KeyPath path, JsonNode json, Schema schema) {
        if (json.path("pattern").isTextual()) {
            try {
                TextPattern.of(json.get("pattern").textValue());
            } catch (PatternSyntaxException broken) {
                fault(path, "pattern: expected a regular expression: " + broken.getDescription());
            }
        }
        if (json.path("format").isTextual() && !schema.duration()) {
            fault(
                    path,
                    "format: expected " + Schema.DURATION + ", the only one that this tool knows, got "
                            + json.get("format").textValue());
        }
        for (String bound : List.of("x-minimum", "x-maximum")) {
            JsonNode text = json.path(bound);
            if (text.isTextual() && !schema.duration()) {
                fault(path, bound + ": expected with format " + Schema.DURATION + " only");
            } else if (text.isTextual() && WrittenDuration.of(text.textValue()).isEmpty()) {
                fault(path, bound + ": expected a duration with a unit, such as 2s, got \"" + text.textValue() + "\"");
            }
        }
    }

    private void refuseContradictions(KeyPath path, JsonNode json, Schema schema) {
        boolean ofText = schema.type() == null || schema.type() == KeyType.STRING;
        if (schema.duration() && !ofText) {
            fault(path, "format: expected at a string");
        }
        if (schema.secret() && schema.type() != KeyType.STRING) {
            fault(path, "writeOnly: expected at a string");
        }
        if (json.has("enum") && json.has("const")) {
            fault(path, "enum and const: expected one of them, got both");
        }
        if (json.has("if") != json.has("then")) {
            fault(path, "if and then: expected both, got one");
        }
        if (schema.isEmpty()) {
            fault(path, "no value fits: the minimum is above the maximum, or what is allowed is not of the type");
        }
        for (String name : schema.required()) {
            if (schema.type() != null && !schema.properties().containsKey(name)) {
                fault(path.child(name), "required, but not among the properties");
            }
        }
    }

    private void checkDefault(KeyPath path, Schema schema) {
        if (schema.preset() == null) {
            return;
        } else if (!schema.secret()) {
            Validator validator = new Validator();
            validator.check(path, schema, schema.preset());
            validator.violations().forEach(violation -> fault(path, "default: " + violation.text()));
        } else if (!schema.preset().equals(new StringValue(""))) {
            fault(path, "default: expected \"\" at a secret");
        }
    }

    private static String shown(JsonNode node) {
        if (node.isMissingNode()) {
            return "nothing";
        }
        return node.isValueNode() || node.size() < 10 ? SafeText.plain(node.toString()) : "too much to show";
    }

    private void fault(KeyPath path, String text) {
        faults.add(new ConfigFault(where, 0, path.toString(), text));
    }
}
