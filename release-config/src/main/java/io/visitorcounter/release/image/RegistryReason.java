package io.visitorcounter.release.image;

import com.fasterxml.jackson.databind.JsonNode;
import io.visitorcounter.release.CanonicalJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Why a registry or a token server says that it refused, from the body of its response, cleaned for a terminal. */
final class RegistryReason {

    static final int MAX_BYTES = 1 << 16;

    private static final int MAX_LENGTH = 300;

    private RegistryReason() {}

    /** {@return the reason, such as {@code DENIED: quota exceeded}; empty if there is none}
     *
     *  @param body of an error
     *  @param type its content type */
    static String of(byte[] body, String type) {
        try {
            JsonNode json = CanonicalJson.read(body);
            List<String> reasons = new ArrayList<>();
            json.path("errors")
                    .forEach(error -> reasons.add(joined(
                            error.path("code").asText(), error.path("message").asText(), error.path("detail"))));
            for (String field : List.of("details", "detail", "error_description", "message", "error")) {
                if (reasons.isEmpty() && json.path(field).isTextual()) {
                    reasons.add(json.path(field).asText());
                }
            }
            return cleaned(String.join("; ", reasons));
        } catch (IOException e) {
            String text = new String(body, StandardCharsets.UTF_8).strip();
            return type.startsWith("text/plain")
                    ? cleaned(text.lines().findFirst().orElse(""))
                    : "";
        }
    }

    private static String joined(String code, String message, JsonNode detail) {
        String told = message.isEmpty() && detail.isTextual() ? detail.asText() : message;
        return code.isEmpty() ? told : told.isEmpty() ? code : code + ": " + told;
    }

    /** {@return somebody's text without line ends and control characters, cut to a line} */
    static String cleaned(String text) {
        String line = text.replaceAll("\\s*\\R\\s*", "; ")
                .replaceAll("[\\p{Cntrl}\\p{Cf}]", "?")
                .strip();
        return line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH) + "…";
    }
}
