package io.visitorcounter.release.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.PrintableText;
import io.visitorcounter.release.ReleaseException;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks the parts of an image that a release reads or adds to: they follow the OCI image spec, where every part may
 *  be missing or null. */
final class ImageForm {

    private static final List<String> OBJECTS = List.of("/config", "/config/Labels", "/rootfs");
    private static final List<String> LISTS = List.of("/config/Env", "/rootfs/diff_ids", "/history");

    // A digest of any algorithm, in OCI's form; anything else is not a digest.
    private static final Pattern OTHER_DIGEST =
            Pattern.compile("(?!sha256:)([a-z0-9]{1,20}(?:[+._-][a-z0-9]{1,20}){0,5}):[A-Za-z0-9=_-]+");

    private ImageForm() {}

    /** Throws unless an image config has this form.
     *
     *  @throws ReleaseException.VerificationFailed if a part of it has another form */
    static void require(String where, ObjectNode config) {
        OBJECTS.forEach(pointer ->
                require(where, pointer, config.at(pointer), config.at(pointer).isObject(), "an object"));
        LISTS.forEach(pointer ->
                require(where, pointer, config.at(pointer), config.at(pointer).isArray(), "a list"));
    }

    private static void require(String where, String pointer, JsonNode value, boolean isRight, String expected) {
        if (!isRight && !value.isMissingNode() && !value.isNull()) {
            throw new ReleaseException.VerificationFailed(where + ": image config: "
                    + pointer.substring(1).replace('/', '.') + ": expected " + expected + ", got another value");
        }
    }

    /** Throws if a manifest uses digests other than SHA-256: they are valid, but can't be checked here.
     *
     *  @throws ReleaseException.Usage if it does */
    static void requireSha256(String where, JsonNode manifest) {
        requireSha256Of(where, manifest.path("config"));
        manifest.path("layers").forEach(layer -> requireSha256Of(where, layer));
    }

    /** The same for one part, by its descriptor. */
    static void requireSha256Of(String where, JsonNode descriptor) {
        Matcher other = OTHER_DIGEST.matcher(descriptor.path("digest").asText());
        if (other.matches()) {
            throw new ReleaseException.Usage(where + ": expected digests of SHA-256, got one of " + other.group(1)
                    + ", which this tool can't use; build the image with SHA-256");
        }
    }

    /** Throws if a manifest says that it is not an image's, but a chart's, for example.
     *
     *  @param config the manifest's descriptor of its config
     *  @throws ReleaseException.Usage if it says so */
    static void requireImage(String where, JsonNode config) {
        String type = config.path("mediaType").asText();
        if (!Set.of("", Image.OCI_CONFIG, Image.DOCKER_CONFIG).contains(type)) {
            throw new ReleaseException.Usage(
                    where + ": expected an image to run, got an artifact with a config of type "
                            + PrintableText.oneLine(type));
        }
    }
}
