package io.visitorcounter.release.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.hocon.SafeText;
import java.io.IOException;
import java.util.SortedSet;

/** The content of a bundle's {@code bundle.json}.
 *
 *  @param contract the digest of the contract that the bundle was rendered for
 *  @param files the part on the other files */
record BundleJson(Digest contract, JsonNode files) {

    private static final String KIND = "Bundle";
    private static final String API_VERSION = "visitorcounter.io/v1";
    private static final String FORM = """
            {
              "apiVersion": "%s",
              "kind": "%s",
              "contract": "%s",
              "files": {
                "app.conf": {"mode": "%s", "sha256": "%s"},
                "app.env": {"mode": "%s", "sha256": "%s"}
              },
              "variables": [%s]
            }
            """;

    /** The text for these files; equal files give equal bytes. */
    static String write(byte[] appConf, byte[] appEnv, Digest contract, SortedSet<String> variables) {
        String names = String.join(", ", variables.stream().map(AppConf::quoted).toList());
        return FORM.formatted(
                API_VERSION,
                KIND,
                contract,
                Bundle.MODE,
                Digest.of(appConf).hex(),
                Bundle.MODE,
                Digest.of(appEnv).hex(),
                names);
    }

    /** Reads it; throws VerificationFailed if it is not a bundle's. */
    static BundleJson read(byte[] bytes) {
        JsonNode root;
        try {
            root = CanonicalJson.read(bytes);
        } catch (IOException broken) {
            throw Bundle.refused(Bundle.BUNDLE_JSON + ": expected JSON");
        }
        String kind = root.path("kind").asText();
        String version = root.path("apiVersion").asText();
        if (!kind.equals(KIND) || !version.equals(API_VERSION)) {
            throw Bundle.refused(Bundle.BUNDLE_JSON + ": expected kind " + KIND + " of " + API_VERSION + ", got "
                    + SafeText.quoted(kind) + " of " + SafeText.quoted(version));
        }
        try {
            return new BundleJson(new Digest(root.path("contract").asText()), root.path("files"));
        } catch (IllegalArgumentException broken) {
            throw Bundle.refused(Bundle.BUNDLE_JSON + ": contract: " + broken.getMessage());
        }
    }

    /** Throws VerificationFailed unless the file is the recorded one. */
    void check(String name, byte[] bytes) {
        String recorded = files.path(name).path("sha256").asText();
        String actual = Digest.of(bytes).hex();
        if (!recorded.equals(actual)) {
            throw Bundle.refused(name + ": expected sha256 " + recorded + ", got " + actual);
        }
    }
}
