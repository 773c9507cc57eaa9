package io.visitorcounter.release.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Path;

/** The schema of what is printed as JSON, as docs/ has it. */
final class OutputSchema {

    private OutputSchema() {}

    /** {@return the file's content} */
    static ObjectNode written() throws IOException {
        return (ObjectNode) new ObjectMapper()
                .readTree(Path.of("..", "docs", "output.schema.json").toFile());
    }

    /** {@return the schema, refusing members that it does not name, so that none is left undocumented} */
    static Schema strict() throws IOException {
        ObjectNode schema = written();
        close(schema.path("$defs"));
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema.toString());
    }

    private static void close(JsonNode node) {
        node.forEach(OutputSchema::close);
        if (node instanceof ObjectNode object
                && object.path("type").asText().equals("object")
                && object.has("properties")) {
            object.put("additionalProperties", false);
        }
    }
}
