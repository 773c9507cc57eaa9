package io.visitorcounter.release.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Writes a tree as YAML that reads well. Every text is quoted as in JSON, which is YAML too, so none is taken for
 *  another type. */
final class Yaml {

    private Yaml() {}

    static String text(ObjectNode document) {
        StringBuilder out = new StringBuilder();
        fields(document, "", out);
        return out.toString();
    }

    private static void fields(ObjectNode object, String indent, StringBuilder out) {
        object.properties().forEach(field -> {
            out.append(indent).append(field.getKey()).append(':');
            value(field.getValue(), indent, out);
        });
    }

    private static void value(JsonNode value, String indent, StringBuilder out) {
        if (value.isContainerNode() && value.isEmpty()) {
            out.append(value.isArray() ? " []\n" : " {}\n");
        } else if (value instanceof ObjectNode object) {
            out.append('\n');
            fields(object, indent + "  ", out);
        } else if (value.isArray()) {
            out.append('\n');
            value.forEach(item -> item(item, indent + "  ", out));
        } else {
            out.append(' ').append(value).append('\n');
        }
    }

    private static void item(JsonNode item, String indent, StringBuilder out) {
        if (item instanceof ObjectNode object && !object.isEmpty()) {
            StringBuilder inner = new StringBuilder();
            fields(object, indent + "  ", inner);
            // The dash stands where the first field's indent is.
            out.append(indent).append("- ").append(inner.substring(indent.length() + 2));
        } else {
            out.append(indent).append('-');
            value(item, indent, out);
        }
    }
}
