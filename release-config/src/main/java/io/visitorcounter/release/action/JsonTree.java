package io.visitorcounter.release.action;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** JSON from maps, lists and plain values. Fields are in alphabetical order, as in Kubernetes. */
final class JsonTree {

    private JsonTree() {}

    static ObjectNode object(Map<String, ?> fields) {
        ObjectNode object = CanonicalJson.object();
        new TreeMap<>(fields).forEach((name, value) -> object.set(name, node(value)));
        return object;
    }

    private static JsonNode node(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> fields = new TreeMap<>();
            map.forEach((name, each) -> fields.put(name.toString(), each));
            return object(fields);
        }
        if (value instanceof List<?> list) {
            ArrayNode array = CanonicalJson.object().arrayNode();
            list.forEach(each -> array.add(node(each)));
            return array;
        }
        ObjectNode nodes = CanonicalJson.object();
        if (value instanceof Boolean truth) {
            return nodes.booleanNode(truth);
        }
        return value instanceof Number number ? nodes.numberNode(number.longValue()) : nodes.textNode(value.toString());
    }
}
