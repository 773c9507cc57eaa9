package io.visitorcounter.release.action;

import com.fasterxml.jackson.databind.JsonNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.PrintableText;
import io.visitorcounter.release.ledger.Release;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Compares what a process answers at {@code /release} with the release. */
final class ReleaseAnswer {

    private ReleaseAnswer() {}

    /** {@return how it differs; empty: not at all}
     *
     *  @param text the answer
     *  @param release the expected one */
    static Optional<String> fault(String text, Release release) {
        JsonNode json;
        try {
            json = CanonicalJson.read(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Optional.of("expected JSON, got " + PrintableText.quoted(text));
        }
        return differing(json, "environment", release.id().environment().name())
                .or(() ->
                        differing(json, "version", Integer.toString(release.id().version())))
                .or(() -> differing(json, "appDigest", release.app().text()))
                .or(() -> differing(
                        json, "bundleDigest", release.content().bundle().text()));
    }

    private static Optional<String> differing(JsonNode json, String field, String expected) {
        String got = json.path(field).asText("none");
        return got.equals(expected)
                ? Optional.empty()
                : Optional.of(field + ": expected " + expected + ", got " + PrintableText.quoted(got));
    }
}
