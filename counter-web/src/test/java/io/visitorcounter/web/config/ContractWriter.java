package io.visitorcounter.web.config;

import com.typesafe.config.ConfigUtil;
import io.visitorcounter.web.config.ConfigTable.Condition;
import io.visitorcounter.web.config.ConfigTable.Rule;
import io.visitorcounter.web.config.ValueType.Choice;
import io.visitorcounter.web.config.ValueType.Flag;
import io.visitorcounter.web.config.ValueType.Text;
import io.visitorcounter.web.config.ValueType.TimeSpan;
import io.visitorcounter.web.config.ValueType.WholeNumber;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes the declared keys as the contract that the release tool reads, a JSON Schema, and as a config for people. */
final class ContractWriter {

    private final ConfigTable table;

    ContractWriter(ConfigTable table) {
        this.table = table;
    }

    /** {@return the text of config.schema.json} */
    String schema() {
        Map<String, Object> root = object();
        root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        root.put("$id", "urn:visitorcounter:config");
        root.put("title", "Visitor counter");
        root.put("description", "Which config this build understands.");
        root.putAll(group());
        table.keys().values().forEach(key -> at(root, key.path(), true).putAll(keywords(key)));
        table.rules().forEach(rule -> add(rule, root));
        return json(root, "") + "\n";
    }

    private static Map<String, Object> object() {
        return new LinkedHashMap<>();
    }

    private static Map<String, Object> group() {
        Map<String, Object> group = object();
        group.put("type", "object");
        group.put("additionalProperties", false);
        group.put("properties", object());
        return group;
    }

    /** {@return the schema at a path, made where it is not there yet}
     *
     *  @param closed whether a group on the way has no other keys */
    @SuppressWarnings("unchecked")
    private static Map<String, Object> at(Map<String, Object> root, String path, boolean closed) {
        Map<String, Object> schema = root;
        for (String name : path.split("\\.", -1)) {
            if (closed && !schema.containsKey("properties")) {
                schema.putAll(group());
            }
            Map<String, Object> properties =
                    (Map<String, Object>) schema.computeIfAbsent("properties", absent -> object());
            schema = (Map<String, Object>) properties.computeIfAbsent(name, absent -> object());
        }
        return schema;
    }

    private static Map<String, Object> keywords(ConfigKey<?> key) {
        Map<String, Object> keywords = keywords(key.type());
        keywords.put("default", key.preset());
        if (key.secret()) {
            keywords.put("writeOnly", true);
        }
        if (key.variable() != null) {
            keywords.put("env", key.variable());
        }
        keywords.put("description", key.description());
        return keywords;
    }

    private static Map<String, Object> keywords(ValueType<?> type) {
        Map<String, Object> keywords = object();
        if (type instanceof WholeNumber number) {
            keywords.put("type", "integer");
            keywords.put("minimum", number.min());
            keywords.put("maximum", number.max());
        } else if (type instanceof Flag) {
            keywords.put("type", "boolean");
        } else if (type instanceof Choice<?> choice) {
            keywords.put("type", "string");
            keywords.put("enum", choice.words());
        } else if (type instanceof TimeSpan span) {
            keywords.put("type", "string");
            keywords.put("format", "hocon-duration");
            keywords.put("x-minimum", span.min());
            keywords.put("x-maximum", span.max());
        } else if (type instanceof Text<?> text) {
            keywords.put("type", "string");
            if (text.minLength() > 0) {
                keywords.put("minLength", text.minLength());
            }
            if (text.maxLength() < Integer.MAX_VALUE) {
                keywords.put("maxLength", text.maxLength());
            }
            if (text.pattern() != null) {
                String pattern = text.pattern().pattern();
                keywords.put("pattern", pattern.contains("|") ? "^(" + pattern + ")$" : "^" + pattern + "$");
            }
        }
        return keywords;
    }

    private static void add(Rule rule, Map<String, Object> root) {
        String prefix = prefix(rule.when().get(0).key());
        Map<String, Object> schema = prefix.isEmpty() ? root : at(root, prefix.substring(0, prefix.length() - 1), true);
        if (schema.containsKey("if")) {
            throw new IllegalStateException(rule.reason() + ": a group can have only one rule");
        }
        Map<String, Object> condition = object();
        for (Condition one : rule.when()) {
            at(condition, within(prefix, one.key()), false).put("const", one.value());
        }
        condition.put(
                "required",
                rule.when().stream().map(one -> within(prefix, one.key())).toList());
        Map<String, Object> consequence = object();
        Map<String, Object> narrowed = keywords(rule.type());
        narrowed.keySet().removeAll(List.of("type", "maxLength"));
        at(consequence, within(prefix, rule.key()), false).putAll(narrowed);
        schema.put("if", condition);
        schema.put("then", consequence);
    }

    private static String prefix(ConfigKey<?> key) {
        return key.path().substring(0, key.path().lastIndexOf('.') + 1);
    }

    private static String within(String prefix, ConfigKey<?> key) {
        if (!key.path().startsWith(prefix)) {
            throw new IllegalStateException(key + ": not in the group of its rule");
        }
        return key.path().substring(prefix.length());
    }

    private static String json(Object value, String indent) {
        if (value instanceof Map<?, ?> members) {
            String inner = indent + "  ";
            return members.entrySet().stream()
                    .map(member -> inner + json(member.getKey(), inner) + ": " + json(member.getValue(), inner))
                    .collect(Collectors.joining(",\n", "{\n", "\n" + indent + "}"));
        }
        if (value instanceof List<?> elements) {
            return elements.stream().map(element -> json(element, indent)).collect(Collectors.joining(", ", "[", "]"));
        }
        return value instanceof String text ? ConfigUtil.quoteString(text) : String.valueOf(value);
    }

    /** {@return the text of reference.conf} */
    String reference() {
        StringBuilder text = new StringBuilder("""
                # Every key with its default: what the app runs with if CONFIG_FILE names no file and no variable is set.
                # A copy of this file is a complete CONFIG_FILE.
                """);
        String[] open = {};
        for (ConfigKey<?> key : table.keys().values()) {
            String[] names = key.path().split("\\.", -1);
            String[] groups = Arrays.copyOf(names, names.length - 1);
            int same = 0;
            while (same < open.length && same < groups.length && open[same].equals(groups[same])) {
                same++;
            }
            for (int i = open.length; i > same; i--) {
                text.append("  ".repeat(i - 1)).append("}\n");
            }
            text.append('\n');
            for (int i = same; i < groups.length; i++) {
                text.append("  ".repeat(i)).append(groups[i]).append(" {\n");
            }
            open = groups;
            String indent = "  ".repeat(groups.length);
            text.append(indent).append("# ").append(key.description()).append('\n');
            if (key.variable() != null) {
                text.append(indent)
                        .append("# variable: ")
                        .append(key.variable())
                        .append('\n');
            }
            text.append(indent)
                    .append(names[names.length - 1])
                    .append(" = ")
                    .append(json(key.preset(), ""))
                    .append('\n');
        }
        for (int i = open.length; i > 0; i--) {
            text.append("  ".repeat(i - 1)).append("}\n");
        }
        return text.toString();
    }
}
