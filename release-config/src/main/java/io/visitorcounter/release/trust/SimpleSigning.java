package io.visitorcounter.release.trust;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A signature of an image in the older form (before bundles), which podman, CRI-O, skopeo and older policy engines
 *  read: a payload with the image's digest and name, and its signature by a P-256 key. */
public final class SimpleSigning {

    private static final String TYPE = "cosign container image signature";

    private final byte[] payload;
    private final String signature;

    private SimpleSigning(byte[] payload, String signature) {
        this.payload = payload;
        this.signature = signature;
    }

    /** {@return a new signature}
     *
     *  @param repository the image's name there, without a digest; readers compare it with the name that they pull
     *  @throws ReleaseException.Usage if it is another kind of key, which those readers can't verify */
    public static SimpleSigning of(String repository, Digest image, SigningKey by) {
        if (!by.verifying().type().equals(VerifyingKey.P256)) {
            throw new ReleaseException.Usage("--legacy-signature: expected a key of P-256, got one of "
                    + by.verifying().type() + ", whose signatures of this form nobody reads");
        }
        ObjectNode json = CanonicalJson.object();
        ObjectNode critical = json.putObject("critical");
        critical.putObject("identity").put("docker-reference", repository);
        critical.putObject("image").put("docker-manifest-digest", image.text());
        critical.put("type", TYPE);
        json.putNull("optional");
        byte[] payload = CanonicalJson.compact(json);
        return new SimpleSigning(payload, Base64.getEncoder().encodeToString(by.sign(payload)));
    }

    /** {@return the signature in a file; nothing is verified yet}
     *
     *  @throws ReleaseException.VerificationFailed if it has none */
    public static SimpleSigning read(String where, byte[] bytes) {
        ObjectNode json = CanonicalJson.parse(where, bytes);
        if (json.size() != 2
                || !json.path("payload").isTextual()
                || !json.path("signature").isTextual()) {
            throw new ReleaseException.VerificationFailed(where + ": expected a payload and a signature");
        }
        return new SimpleSigning(
                json.path("payload").textValue().getBytes(StandardCharsets.UTF_8),
                json.path("signature").textValue());
    }

    /** {@return its form in the ledger} */
    public byte[] bytes() {
        return CanonicalJson.bytes(CanonicalJson.object()
                .put("payload", new String(payload, StandardCharsets.UTF_8))
                .put("signature", signature));
    }

    /** {@return the signed bytes} */
    public byte[] payload() {
        return payload.clone();
    }

    /** {@return the signature in base64} */
    public String signature() {
        return signature;
    }

    /** {@return whether this key made it} */
    public boolean isBy(VerifyingKey key) {
        try {
            return key.verifies(payload, Base64.getDecoder().decode(signature));
        } catch (IllegalArgumentException noBase64) {
            return false;
        }
    }

    /** {@return whether it is about this image, whatever its name} */
    public boolean isOf(String where, Digest image) {
        ObjectNode json = CanonicalJson.parse(where + ": payload", payload);
        return json.at("/critical/image/docker-manifest-digest").asText().equals(image.text())
                && json.at("/critical/type").asText().equals(TYPE);
    }
}
