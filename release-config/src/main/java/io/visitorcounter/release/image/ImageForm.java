package io.visitorcounter.release.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.Digest;
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

    /** {@return the digest that is written in a manifest or a config}
     *
     *  @param subject its owner, for the message
     *  @throws ReleaseException.Usage if it is of another algorithm than SHA-256: valid, but it can't be checked here
     *  @throws ReleaseException.VerificationFailed if it is no digest */
    static Digest digest(String where, String subject, JsonNode written) {
        try {
            return new Digest(written.asText());
        } catch (IllegalArgumentException e) {
            Matcher other = OTHER_DIGEST.matcher(written.asText());
            throw other.matches()
                    ? new ReleaseException.Usage(where + ": expected digests of SHA-256, got one of " + other.group(1)
                            + ", which this tool can't use; build the image with SHA-256")
                    : new ReleaseException.VerificationFailed(where + ": " + subject + ": " + e.getMessage());
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
