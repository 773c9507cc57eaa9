package io.visitorcounter.release.image;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import java.util.Optional;

/** Signatures as they were kept before referrers: layers of one image, whose tag is named by the digest of the signed one. */
record LegacySignatures(RegistryClient client, ImageReference repository) {

    private static final int MAX_WRITES = 5;

    /** Whether a signature is in the registry as it should be. */
    boolean isThere(Image subject, Referrer signature) {
        return there(tag(subject)).map(manifest -> has(manifest, signature)).orElse(false);
    }

    /** Adds a signature to the existing ones. */
    void attach(Image subject, Referrer signature) {
        ImageReference tag = tag(subject);
        client.pushBlob(repository, signature.payload());
        for (int writes = 0; ; writes++) {
            // A tag accepts any write, so it is read again.
            ObjectNode manifest = there(tag)
                    .orElseGet(
                            () -> CanonicalJson.object().put("schemaVersion", 2).put("mediaType", Image.OCI_MANIFEST));
            if (has(manifest, signature)) {
                return;
            }
            if (writes == MAX_WRITES) {
                throw new ReleaseException.Unreachable(tag + ": others write these signatures all the time, "
                        + MAX_WRITES + " times in a row; try again");
            }
            ArrayNode layers = manifest.withArrayProperty("layers");
            ObjectNode layer = layers.addObject();
            Image.descriptor(layer, signature.type(), signature.payload());
            signature.annotations().forEach(layer.putObject("annotations")::put);
            byte[] config = config(layers);
            client.pushBlob(repository, config);
            Image.descriptor(manifest.putObject("config"), Image.OCI_CONFIG, config);
            client.pushManifest(tag, CanonicalJson.compact(manifest), Image.OCI_MANIFEST);
        }
    }

    private Optional<ObjectNode> there(ImageReference tag) {
        return client.manifest(tag).map(found -> {
            ObjectNode manifest = CanonicalJson.parse(tag + ": manifest", found.bytes());
            if (manifest.path("layers")
                    .valueStream()
                    .anyMatch(layer -> !layer.path("mediaType").asText().equals(Referrer.LEGACY_TYPE))) {
                throw new ReleaseException.Unreachable(
                        tag + ": this tag holds something else than signatures, so none can be added");
            }
            return manifest;
        });
    }

    private static boolean has(ObjectNode manifest, Referrer signature) {
        String digest = Digest.of(signature.payload()).text();
        return manifest.path("layers")
                .valueStream()
                .filter(layer -> layer.path("digest").asText().equals(digest))
                .map(layer -> layer.path("annotations"))
                .anyMatch(said -> signature.annotations().entrySet().stream()
                        .allMatch(each -> said.path(each.getKey()).asText().equals(each.getValue())));
    }

    // An image without platform and time, as readers require one.
    private static byte[] config(ArrayNode layers) {
        ObjectNode config =
                CanonicalJson.object().put("architecture", "").put("os", "").put("created", "0001-01-01T00:00:00Z");
        config.putObject("config");
        ObjectNode files = config.putObject("rootfs").put("type", "layers");
        ArrayNode digests = files.putArray("diff_ids");
        layers.forEach(layer -> digests.add(layer.path("digest").asText()));
        return CanonicalJson.compact(config);
    }

    private ImageReference tag(Image subject) {
        return repository.tagged("sha256-" + subject.digest().hex() + ".sig");
    }
}
