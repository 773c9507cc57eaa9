package io.visitorcounter.release.image;

import com.fasterxml.jackson.databind.JsonNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.SmallFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The image that Jib pushed, by its digest: the file {@code target/jib-image.json} of a build. */
public final class JibImageFile {

    private JibImageFile() {}

    /** {@return whether this is the name of such a file} */
    public static boolean isNamedBy(String name) {
        return name.endsWith(".json");
    }

    /** {@return the image's reference by digest}
     *
     *  @throws ReleaseException.NotFound if there is no such file
     *  @throws ReleaseException.Usage if it is not Jib's, or its image was not pushed */
    public static String reference(Path file) {
        JsonNode json;
        try {
            json = CanonicalJson.read(SmallFile.read(file, Image.MAX_JSON_BYTES));
        } catch (NoSuchFileException e) {
            throw new ReleaseException.NotFound(file + ": no such file; push the image with mvn package jib:build");
        } catch (IOException e) {
            throw new ReleaseException.Usage(file + ": expected the file that jib:build writes, got something else");
        }
        String image = json.path("image").asText();
        String digest = json.path("imageDigest").asText();
        // Jib writes Docker Hub's images without a host.
        String whole = Registry.isReference(image) ? image : ImageReference.HUB + "/" + image;
        if (!Registry.isReference(whole) || !digest.matches("sha256:[0-9a-f]{64}")) {
            throw new ReleaseException.Usage(file + ": expected the file that jib:build writes, got something else");
        }
        if (!json.path("imagePushed").asBoolean()) {
            throw new ReleaseException.Usage(file + ": expected an image that was pushed, got one that was not");
        }
        ImageReference reference = ImageReference.parse(whole);
        return reference.repositoryName() + "@" + digest;
    }
}
