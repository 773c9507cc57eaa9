package io.visitorcounter.release.image;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a release image has more than its app image: the files in {@code /release/}, labels and variables. Only content
 *  is in it, no time, number or author, so that the same release is the same image.
 *
 *  @param environment whose config it is
 *  @param app the app image's digest
 *  @param contract the digest of the contract that the app image carries; empty if it carries none
 *  @param bundle the digest of the bundle
 *  @param files the bundle's files by relative path */
public record ReleaseLayer(
        Environment environment,
        Digest app,
        Optional<Digest> contract,
        Digest bundle,
        SortedMap<String, byte[]> files) {

    /** Where the files lie in the image. */
    public static final String FOLDER = "/release/";

    /** The label of an app image that holds the contract, whole. */
    public static final String CONTRACT_LABEL = "io.visitorcounter.contract";

    /** The label of an app image that holds the digest of the contract label's bytes. */
    public static final String CONTRACT_DIGEST_LABEL = "io.visitorcounter.contract.digest";

    /** The labels of a release image that say what it is made of. */
    public static final Set<String> DIGEST_LABELS =
            Set.of("io.visitorcounter.app.digest", "io.visitorcounter.bundle.digest", CONTRACT_DIGEST_LABEL);

    /** The variable that names the config file. */
    public static final String CONFIG_FILE = "CONFIG_FILE";

    // Both are written into the image's history: they change only when the image's layout does, or else every new
    // version of this tool would give every release another digest.
    static final String TOOL = "release";
    static final String LAYOUT_VERSION = "2";

    private static final int TAG_DIGITS = 12;

    /** Copies the files' map. */
    public ReleaseLayer {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }

    /** {@return the labels that the release image has more than, or other than, its app image} */
    public SortedMap<String, String> labels() {
        SortedMap<String, String> labels = new TreeMap<>();
        labels.put("io.visitorcounter.app.digest", app.text());
        labels.put("io.visitorcounter.bundle.digest", bundle.text());
        labels.put("io.visitorcounter.environment", environment.name());
        contract.ifPresent(digest -> labels.put(CONTRACT_DIGEST_LABEL, digest.text()));
        return labels;
    }

    /** {@return the variables that the release image has more than its app image} */
    public SortedMap<String, String> variables() {
        SortedMap<String, String> variables = new TreeMap<>(Map.of(
                CONFIG_FILE,
                FOLDER + "app.conf",
                "RELEASE_APP_DIGEST",
                app.text(),
                "RELEASE_BUNDLE_DIGEST",
                bundle.text()));
        contract.ifPresent(digest -> variables.put("RELEASE_CONTRACT_DIGEST", digest.text()));
        return variables;
    }

    /** {@return the tag of the release image, which its content alone decides} */
    public String tag() {
        String content = LAYOUT_VERSION + labels() + variables();
        return "rel-"
                + Digest.of(content.getBytes(StandardCharsets.UTF_8)).hex().substring(0, TAG_DIGITS);
    }
}
