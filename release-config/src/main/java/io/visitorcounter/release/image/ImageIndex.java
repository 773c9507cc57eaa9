package io.visitorcounter.release.image;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.ReleaseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A list of images, one for each platform. A release is one image, so a list is refused with what it offers. */
final class ImageIndex {

    static final String OCI = "application/vnd.oci.image.index.v1+json";
    static final String DOCKER = "application/vnd.docker.distribution.manifest.list.v2+json";

    private ImageIndex() {}

    static void refuse(ImageReference image, RegistryClient.FetchedManifest manifest) {
        ObjectNode json = CanonicalJson.parse(image.toString(), manifest.bytes());
        String type = json.path("mediaType").asText(manifest.type());
        if (!Set.of(OCI, DOCKER).contains(type) && !json.path("manifests").isArray()) {
            return;
        }
        List<String> platforms = new ArrayList<>();
        json.path("manifests").forEach(each -> {
            String os = each.path("platform").path("os").asText("unknown");
            // Attestations lie in a list too, as images of no platform.
            if (!os.equals("unknown")) {
                platforms.add(
                        os + "/" + each.path("platform").path("architecture").asText() + " is "
                                + each.path("digest").asText());
            }
        });
        throw new ReleaseException.Usage(image + ": expected an image for one platform, got a list of "
                + platforms.size() + "; name one: " + String.join(", ", platforms));
    }
}
