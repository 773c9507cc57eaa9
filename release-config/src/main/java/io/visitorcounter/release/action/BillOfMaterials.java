package io.visitorcounter.release.action;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.SmallFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** A build's bill of materials (SBOM).
 *
 *  @param digest of its bytes
 *  @param bytes as they were given; empty if they were too many, or were not kept */
public record BillOfMaterials(Digest digest, Optional<byte[]> bytes) {

    private static final int MAX_KEPT_BYTES = 4 << 20;

    /** {@return the bill of materials in a file}
     *
     *  @param file in any format
     *  @throws ReleaseException.NotFound if it is not there, or can't be read */
    public static BillOfMaterials read(Path file) {
        try {
            if (Files.isRegularFile(file) && Files.size(file) > MAX_KEPT_BYTES) {
                return new BillOfMaterials(Digest.of(file), Optional.empty());
            }
            byte[] bytes = SmallFile.read(file, MAX_KEPT_BYTES);
            return new BillOfMaterials(Digest.of(bytes), Optional.of(bytes));
        } catch (NoSuchFileException e) {
            throw new ReleaseException.NotFound(file + ": no such bill of materials");
        } catch (IOException e) {
            throw new ReleaseException.NotFound(
                    file + ": the bill of materials can't be read: " + ReleaseException.reason(e));
        }
    }

    /** {@return the media type by which other tools find it; empty if its format has none}
     *
     *  @param bytes any bytes */
    static Optional<String> type(byte[] bytes) {
        try {
            ObjectNode json = CanonicalJson.parse("sbom", bytes);
            return json.path("bomFormat").asText().equals("CycloneDX")
                    ? Optional.of("application/vnd.cyclonedx+json")
                    : json.has("spdxVersion") ? Optional.of("application/spdx+json") : Optional.empty();
        } catch (ReleaseException.VerificationFailed notJson) {
            return Optional.empty();
        }
    }
}
