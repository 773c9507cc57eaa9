package io.visitorcounter.release.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A list of images, one for each platform. A release is one image: a list with one image, as builds with attestations
 *  make it, is accepted; a list with several is refused, with a message that names them. */
final class ImageIndex {

    static final String OCI = "application/vnd.oci.image.index.v1+json";
    static final String DOCKER = "application/vnd.docker.distribution.manifest.list.v2+json";

    // BuildKit's annotation for its relation to another image of the list.
    private static final String REFERENCE = "vnd.docker.reference.type";
    private static final Set<String> IMAGES = Set.of(OCI, DOCKER, Image.OCI_MANIFEST, Image.DOCKER_MANIFEST);

    private ImageIndex() {}

    /** One image of a list.
     *
     *  @param descriptor as the list has it */
    record IndexedImage(JsonNode descriptor) {

        String mediaType() {
            return descriptor.path("mediaType").asText();
        }

        private String text() {
            JsonNode platform = descriptor.path("platform");
            String digest = descriptor.path("digest").asText();
            return platform.path("os").isTextual() ? platform(platform) + " is " + digest : digest;
        }

        /** In Docker's notation, such as {@code linux/arm/v7}, or {@code windows/amd64 10.0.20348.2}. */
        private static String platform(JsonNode platform) {
            String variant = platform.path("variant").asText();
            String version = platform.path("os.version").asText();
            return platform.path("os").asText() + "/"
                    + platform.path("architecture").asText() + (variant.isEmpty() ? "" : "/" + variant)
                    + (version.isEmpty() ? "" : " " + version);
        }

        /** Whether it can be run: attestations and signatures are listed as images without a platform, or name their
         *  type. */
        boolean isImage() {
            return !descriptor.path("platform").path("os").asText().equals("unknown")
                    && !descriptor.has("artifactType")
                    && !descriptor.path("annotations").has(REFERENCE)
                    && (mediaType().isEmpty() || IMAGES.contains(mediaType()));
        }
    }

    /** {@return whether this is a list rather than an image}
     *
     *  @param type the type from the registry, or from the enclosing list */
    static boolean isIndex(ObjectNode json, String type) {
        String said = json.path("mediaType").asText(type);
        return Set.of(OCI, DOCKER).contains(said) || json.path("manifests").isArray();
    }

    /** {@return the images of a list, without statements about them} */
    static List<IndexedImage> images(ObjectNode index) {
        Set<String> digests = new HashSet<>();
        return index.path("manifests")
                .valueStream()
                .map(IndexedImage::new)
                .filter(IndexedImage::isImage)
                // One image with several names is one image.
                .filter(image -> digests.add(image.descriptor().path("digest").asText()))
                .toList();
    }

    /** {@return a list in words} */
    static String described(List<IndexedImage> images) {
        return images.isEmpty()
                ? "a list of none"
                : "a list of " + images.size() + "; name one: "
                        + images.stream().map(IndexedImage::text).collect(Collectors.joining(", "));
    }

    /** {@return the digest of the only image of a list; empty if this is an image itself}
     *
     *  @throws ReleaseException.Usage if there are several */
    static Optional<Digest> only(ImageReference image, RegistryClient.FetchedManifest manifest) {
        ObjectNode json = CanonicalJson.parse(image.toString(), manifest.bytes());
        if (!isIndex(json, manifest.type())) {
            return Optional.empty();
        }
        List<IndexedImage> images = images(json);
        Optional<Digest> only = images.size() == 1
                ? Digest.read(images.get(0).descriptor().path("digest").asText())
                : Optional.empty();
        return only.or(() -> {
            throw new ReleaseException.Usage(image + ": expected an image for one platform, got " + described(images));
        });
    }
}
