package io.visitorcounter.release.image;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A statement about an image that is stored apart from it, such as a signature: a separate manifest that names the
 *  image as its subject (OCI image spec 1.1). The manifest depends only on the statement and the subject, so that a
 *  deleted one can be restored exactly.
 *
 *  @param label what it is, for messages
 *  @param type the type by which readers find it: of the manifest and of its one layer
 *  @param annotations for readers to select by, without the payload
 *  @param payload its bytes */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Referrer(String label, String type, SortedMap<String, String> annotations, byte[] payload) {

    /** The type of a signature in the form from before referrers, which is kept under its own tag. */
    public static final String LEGACY_TYPE = "application/vnd.dev.cosign.simplesigning.v1+json";

    static final String EMPTY_TYPE = "application/vnd.oci.empty.v1+json";

    public Referrer {
        annotations = new TreeMap<>(annotations);
    }

    /** {@return the config of every referrer, which is empty} */
    static byte[] empty() {
        return "{}".getBytes(StandardCharsets.US_ASCII);
    }

    /** {@return the bytes of its manifest} */
    byte[] manifest(Image subject) {
        ObjectNode manifest = CanonicalJson.object()
                .put("schemaVersion", 2)
                .put("mediaType", Image.OCI_MANIFEST)
                .put("artifactType", type);
        Image.descriptor(manifest.putObject("config"), EMPTY_TYPE, empty());
        Image.descriptor(manifest.putArray("layers").addObject(), type, payload);
        subject.describe(manifest.putObject("subject"));
        annotate(manifest, annotations);
        return CanonicalJson.compact(manifest);
    }

    /** {@return its digest, by which it is found} */
    public Digest digest(Image subject) {
        return Digest.of(manifest(subject));
    }

    /** {@return its entry in an index: readers select by the manifest's own type, so that is repeated here} */
    ObjectNode listed(Image subject) {
        ObjectNode listed = CanonicalJson.object();
        Image.descriptor(listed, Image.OCI_MANIFEST, manifest(subject));
        listed.put("artifactType", type);
        annotate(listed, annotations);
        return listed;
    }

    private static void annotate(ObjectNode into, Map<String, String> annotations) {
        if (!annotations.isEmpty()) {
            annotations.forEach(into.putObject("annotations")::put);
        }
    }

    boolean isLegacy() {
        return type.equals(LEGACY_TYPE);
    }
}
