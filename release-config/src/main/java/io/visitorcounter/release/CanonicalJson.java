package io.visitorcounter.release;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.UnaryOperator;

/** JSON in which equal values have equal bytes: fields in insertion order, two spaces of indent, {@code \n} line ends,
 *  also after the last line. Reading is strict: a repeated field, or anything after the value, is an error.
 *
 *  <p>Jackson reads and writes the tokens, and its trees are the values. Its mapper is not used: setting it up costs a
 *  short command 50 ms. */
public final class CanonicalJson {

    private static final int MAX_DEPTH = 128;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final JsonFactory TOKENS = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final DefaultPrettyPrinter LINES = new DefaultPrettyPrinter(Separators.createDefaultInstance()
                    .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                    .withObjectEmptySeparator("")
                    .withArrayEmptySeparator(""))
            .withObjectIndenter(new DefaultIndenter("  ", "\n"))
            .withArrayIndenter(new DefaultIndenter("  ", "\n"));

    private CanonicalJson() {}

    /** {@return an object without fields} */
    public static ObjectNode object() {
        return NODES.objectNode();
    }

    /** {@return the value's only form, in UTF-8} */
    public static byte[] bytes(JsonNode value) {
        return (text(value) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** {@return the value's only form, without the line end} */
    public static String text(JsonNode value) {
        return text(value, generator -> generator.setPrettyPrinter(LINES.createInstance()));
    }

    /** {@return the value on one line without spaces, in UTF-8, as other tools write JSON that they digest} */
    public static byte[] compact(JsonNode value) {
        return text(value, generator -> generator).getBytes(StandardCharsets.UTF_8);
    }

    private static String text(JsonNode value, UnaryOperator<JsonGenerator> form) {
        StringWriter out = new StringWriter();
        try (JsonGenerator generator = TOKENS.createGenerator(out)) {
            write(value, form.apply(generator));
        } catch (IOException e) {
            throw new IllegalStateException("memory can be written", e);
        }
        return out.toString();
    }

    private static void write(JsonNode value, JsonGenerator out) throws IOException {
        if (value.isObject()) {
            out.writeStartObject();
            for (Map.Entry<String, JsonNode> field : value.properties()) {
                out.writeFieldName(field.getKey());
                write(field.getValue(), out);
            }
            out.writeEndObject();
        } else if (value.isArray()) {
            out.writeStartArray();
            for (JsonNode item : value) {
                write(item, out);
            }
            out.writeEndArray();
        } else if (value.isTextual()) {
            out.writeString(value.textValue());
        } else if (value.isNumber()) {
            out.writeNumber(value.asText());
        } else if (value.isBoolean()) {
            out.writeBoolean(value.booleanValue());
        } else {
            out.writeNull();
        }
    }

    /** {@return the object these bytes are}
     *
     *  @param where what the bytes are, for the message
     *  @param bytes UTF-8
     *  @throws ReleaseException.VerificationFailed if they are not one JSON object */
    public static ObjectNode parse(String where, byte[] bytes) {
        try {
            if (read(bytes) instanceof ObjectNode object) {
                return object;
            }
            throw invalid(where, "got another value");
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            throw invalid(where, at == null ? "got none" : "broken at line " + at.getLineNr());
        } catch (IOException e) {
            throw invalid(where, "got none");
        }
    }

    private static ReleaseException invalid(String where, String got) {
        return new ReleaseException.VerificationFailed(where + ": expected a JSON object, " + got);
    }

    /** {@return the value these bytes are; a missing node if there are no bytes}
     *
     *  @param bytes UTF-8
     *  @throws JsonProcessingException if they are not JSON; the exception has the line
     *  @throws IOException if they are not UTF-8 */
    public static JsonNode read(byte[] bytes) throws IOException {
        try (JsonParser parser = TOKENS.createParser(bytes)) {
            if (parser.nextToken() == null) {
                return MissingNode.getInstance();
            }
            JsonNode value = value(parser);
            if (parser.nextToken() != null) {
                throw new JsonParseException(parser, "expected nothing after the value");
            }
            return value;
        }
    }

    private static JsonNode value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> NODES.textNode(parser.getText());
            case VALUE_NUMBER_INT -> whole(parser);
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            default -> NODES.nullNode();
        };
    }

    private static ObjectNode object(JsonParser parser) throws IOException {
        ObjectNode object = NODES.objectNode();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            object.set(name, value(parser));
        }
        return object;
    }

    private static ArrayNode array(JsonParser parser) throws IOException {
        ArrayNode array = NODES.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(parser));
        }
        return array;
    }

    private static JsonNode whole(JsonParser parser) throws IOException {
        return switch (parser.getNumberType()) {
            case INT -> NODES.numberNode(parser.getIntValue());
            case LONG -> NODES.numberNode(parser.getLongValue());
            default -> NODES.numberNode(parser.getBigIntegerValue());
        };
    }
}
