package io.visitorcounter.release.image;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a release image adds to its app image: the config files, labels and variables. It has only content, no time,
 *  number or author, so that the same release is the same image.
 *
 *  @param environment the config's
 *  @param app the app image's digest
 *  @param contract the digest of the contract that the app image carries; empty if it carries none
 *  @param bundle the digest of the bundle
 *  @param files the bundle's files by relative path
 *  @param folder where they are in the image, with a slash at both ends
 *  @param variable the variable that names the config file
 *  @param declared labels that replace or complete the app image's, by name */
public record ReleaseLayer(
        Environment environment,
        Digest app,
        Optional<Digest> contract,
        Digest bundle,
        SortedMap<String, byte[]> files,
        String folder,
        String variable,
        SortedMap<String, String> declared) {

    /** The label of an app image that holds the whole contract. */
    public static final String CONTRACT_LABEL = "io.visitorcounter.contract";

    /** The label of an app image that holds the digest of the contract label's bytes. */
    public static final String CONTRACT_DIGEST_LABEL = "io.visitorcounter.contract.digest";

    /** The labels of a release image that say what it is made of. */
    public static final Set<String> DIGEST_LABELS =
            Set.of("io.visitorcounter.app.digest", "io.visitorcounter.bundle.digest", CONTRACT_DIGEST_LABEL);

    // Both are written into the image's history: they change only with the image's layout, since otherwise every new
    // version of this tool would give every release another digest.
    static final String TOOL = "release";
    static final String LAYOUT_VERSION = "3";

    // The layout of 1.0.0, which compressed the layer with the zlib of its Java.
    private static final String ZLIB_LAYOUT_VERSION = "2";

    private static final int TAG_DIGITS = 12;

    public ReleaseLayer {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
        declared = Collections.unmodifiableSortedMap(new TreeMap<>(declared));
    }

    /** {@return what a release of this app image adds}
     *
     *  @param app the app image, which declares where its config goes
     *  @param said labels that replace the app image's, by name; none if its own apply */
    public static ReleaseLayer of(
            Environment environment,
            Image app,
            Optional<Digest> contract,
            Digest bundle,
            SortedMap<String, byte[]> files,
            SortedMap<String, String> said) {
        Map<String, String> labels = new HashMap<>(app.labels());
        labels.putAll(said);
        ImageDeclaration declared = ImageDeclaration.of(labels, app.hasHealthCheck());
        return new ReleaseLayer(
                environment,
                app.digest(),
                contract,
                bundle,
                files,
                declared.configFolder(),
                declared.configVariable(),
                said);
    }

    /** {@return the labels that the release image adds to, or changes from, its app image} */
    public SortedMap<String, String> labels() {
        SortedMap<String, String> labels = new TreeMap<>(declared);
        labels.put("io.visitorcounter.app.digest", app.text());
        labels.put("io.visitorcounter.bundle.digest", bundle.text());
        labels.put("io.visitorcounter.environment", environment.name());
        contract.ifPresent(digest -> labels.put(CONTRACT_DIGEST_LABEL, digest.text()));
        return labels;
    }

    /** {@return the variables that the release image adds to its app image} */
    public SortedMap<String, String> variables() {
        SortedMap<String, String> variables = new TreeMap<>(Map.of(
                variable,
                folder + "app.conf",
                "RELEASE_APP_DIGEST",
                app.text(),
                "RELEASE_BUNDLE_DIGEST",
                bundle.text()));
        contract.ifPresent(digest -> variables.put("RELEASE_CONTRACT_DIGEST", digest.text()));
        return variables;
    }

    /** {@return the tag of the release image, derived only from its content} */
    public String tag() {
        return tag(LAYOUT_VERSION);
    }

    /** {@return the tag that a release image has, which may have been made by 1.0.0} */
    public String tagOf(Image release) {
        return tag(hasOwnBytes(release) ? LAYOUT_VERSION : ZLIB_LAYOUT_VERSION);
    }

    /** Whether its last layer is stored as this version stores it. */
    boolean hasOwnBytes(Image release) {
        return release.lastLayer().map(Layer::digest).equals(Optional.of(Digest.of(LayerBytes.stored(this))));
    }

    /** {@return the bytes of this layer as stored in a release image; empty if this Java can't reproduce them} */
    public Optional<byte[]> stored(Image release) {
        return release.lastLayer().flatMap(layer -> LayerBytes.again(this, layer.digest()));
    }

    private String tag(String layout) {
        String content = layout + labels() + variables();
        return "rel-"
                + Digest.of(content.getBytes(StandardCharsets.UTF_8)).hex().substring(0, TAG_DIGITS);
    }

    /** {@return the tag that keeps an app image alive in its registry for as long as a release may need it} */
    public static String appTag(Digest app) {
        return "app-" + app.hex().substring(0, TAG_DIGITS);
    }
}
