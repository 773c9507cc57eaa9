package io.visitorcounter.release.action;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Documents as readable YAML. Every text is in quotes, so that none is taken for another type. */
public final class Yaml {

    private static final YAMLMapper MAPPER = YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private Yaml() {}

    /** {@return a document of maps, lists and plain values, its fields in alphabetical order, as in Kubernetes} */
    static ObjectNode document(Map<String, ?> fields) {
        return MAPPER.valueToTree(fields);
    }

    /** {@return the documents, one after the other} */
    public static String text(List<? extends JsonNode> documents) {
        return documents.stream().map(Yaml::text).collect(Collectors.joining("---\n"));
    }

    private static String text(JsonNode document) {
        try {
            return MAPPER.writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree always has a text", e);
        }
    }
}
