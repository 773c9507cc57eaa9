package io.visitorcounter.release.image;

import com.fasterxml.jackson.databind.JsonNode;
import io.visitorcounter.release.CanonicalJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The reason that a registry or a token server gives for a refusal, from the body of its response, cleaned for a
 *  terminal. */
final class RegistryReason {

    static final int MAX_BYTES = 1 << 16;

    private static final int MAX_LENGTH = 300;
    private static final int MAX_REASONS = 10;

    // XML of storage servers; below, the title of a page, as proxies show one.
    private static final Pattern STORAGE = Pattern.compile("(?s)<Error>.*?<Message>(.*?)</Message>");
    private static final Pattern PAGE = Pattern.compile("(?is)<title[^>]*>(.*?)</title>");

    private RegistryReason() {}

    /** {@return the reason, such as {@code DENIED: quota exceeded}; empty if there is none} */
    static String of(byte[] body, String type) {
        try {
            return of(CanonicalJson.read(body));
        } catch (IOException e) {
            String text = new String(body, StandardCharsets.UTF_8).strip();
            for (Pattern form : List.of(STORAGE, PAGE)) {
                Matcher found = form.matcher(text);
                if (found.find()) {
                    return cleaned(found.group(1));
                }
            }
            return type.startsWith("text/plain")
                    ? cleaned(text.lines().findFirst().orElse(""))
                    : "";
        }
    }

    /** {@return the same, for a parsed body} */
    static String of(JsonNode json) {
        JsonNode errors = json.path("errors");
        List<String> reasons = new ArrayList<>();
        // If it is a text, a more detailed one may be next to it.
        JsonNode error = json.path("error").isTextual() ? json : json.path("error");
        (errors.isArray() ? errors : List.of(errors, error, json)).forEach(each -> reasons.add(one(each)));
        return cleaned(reasons.stream()
                .filter(reason -> !reason.isEmpty())
                .limit(errors.isArray() ? MAX_REASONS : 1)
                .collect(Collectors.joining("; ")));
    }

    /** One error: a text, or fields whose names differ between registries. */
    private static String one(JsonNode error) {
        if (error.isTextual()) {
            return error.asText();
        }
        String code = error.path("code").asText();
        String told = Stream.of("message", "Message", "details", "detail", "error_description", "title", "error")
                .map(field -> error.path(field))
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
        return code.isEmpty() ? told : told.isEmpty() ? code : code + ": " + told;
    }

    /** {@return text from outside without line ends and control characters, cut to one line} */
    static String cleaned(String text) {
        String line = text.replaceAll("\\s*\\R\\s*", "; ")
                .replaceAll("[\\p{Cntrl}\\p{Cf}]", "?")
                .strip();
        return line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH) + "…";
    }
}
