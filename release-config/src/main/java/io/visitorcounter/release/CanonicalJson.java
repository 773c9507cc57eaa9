package io.visitorcounter.release;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** JSON of which equal values have equal bytes: fields in the order they were put, two spaces of indent, {@code \n}
 *  line ends and one at the end. Reading is strict: a repeated field, or anything after the value, is an error. */
public final class CanonicalJson {

    private static final int MAX_DEPTH = 64;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final ObjectWriter WRITER = MAPPER.writer(new DefaultPrettyPrinter(Separators.createDefaultInstance()
                    .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                    .withObjectEmptySeparator("")
                    .withArrayEmptySeparator(""))
            .withObjectIndenter(new DefaultIndenter("  ", "\n"))
            .withArrayIndenter(new DefaultIndenter("  ", "\n")));

    private CanonicalJson() {}

    /** {@return an object without fields} */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** {@return the value's only form, in UTF-8}
     *
     *  @param value any value */
    public static byte[] bytes(JsonNode value) {
        return (text(value) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** {@return the value's only form, without the line end}
     *
     *  @param value any value */
    public static String text(JsonNode value) {
        try {
            return WRITER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree always has a text", e);
        }
    }

    /** {@return the object these bytes are}
     *
     *  @param where what the bytes are, for the message
     *  @param bytes UTF-8
     *  @throws ReleaseException.VerificationFailed if they are not one JSON object */
    public static ObjectNode parse(String where, byte[] bytes) {
        try {
            if (MAPPER.readTree(bytes) instanceof ObjectNode object) {
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
        return new ReleaseException.VerificationFailed(java.util.List.of(where + ": expected a JSON object, " + got));
    }
}
