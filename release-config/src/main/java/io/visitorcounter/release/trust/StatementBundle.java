package io.visitorcounter.release.trust;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/** A statement (in-toto v1) with one signature by a key, in sigstore's form: bundle v0.3 with a DSSE envelope. cosign reads
 *  it as it is, with the key and {@code --insecure-ignore-tlog}. It has no {@code keyid}, which cosign refuses. */
public final class StatementBundle {

    /** The media type of a bundle. */
    public static final String MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";

    /** The namespace of {@code allowed_signers} that a signer of statements needs. */
    public static final String NAMESPACE = "release";

    private static final String PAYLOAD_TYPE = "application/vnd.in-toto+json";
    private static final String STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
    private static final int MAX_BYTES = 4 << 20;

    private final String hint;
    private final byte[] payload;
    private final byte[] signature;

    // The hint is the SHA-256 of the key as VerifyingKey has it; a signature by P-256 is in DER.
    private StatementBundle(String hint, byte[] payload, byte[] signature) {
        this.hint = hint;
        this.payload = payload;
        this.signature = signature;
    }

    /** A thing that a statement is about.
     *
     *  @param name for people
     *  @param digest its identity */
    public record NamedDigest(String name, Digest digest) {}

    /** {@return a statement}
     *
     *  @param predicateType a URI that says what the predicate means */
    public static ObjectNode statement(List<NamedDigest> subjects, String predicateType, JsonNode predicate) {
        ObjectNode statement = CanonicalJson.object().put("_type", STATEMENT_TYPE);
        var list = statement.putArray("subject");
        subjects.forEach(subject -> list.addObject()
                .put("name", subject.name())
                .putObject("digest")
                .put("sha256", subject.digest().hex()));
        statement.put("predicateType", predicateType).set("predicate", predicate);
        return statement;
    }

    /** {@return the bytes of a bundle with this statement} */
    public static byte[] sign(JsonNode statement, SigningKey by) {
        byte[] payload = CanonicalJson.compact(statement);
        ObjectNode json = CanonicalJson.object().put("mediaType", MEDIA_TYPE);
        json.putObject("verificationMaterial")
                .putObject("publicKey")
                .put("hint", by.verifying().hint());
        ObjectNode envelope = json.putObject("dsseEnvelope")
                .put("payload", Base64.getEncoder().encodeToString(payload))
                .put("payloadType", PAYLOAD_TYPE);
        envelope.putArray("signatures")
                .addObject()
                .put("sig", Base64.getEncoder().encodeToString(by.sign(authenticated(payload))));
        return CanonicalJson.bytes(json);
    }

    /** {@return the bundle in these bytes; nothing is verified yet}
     *
     *  @param where file or address, for the message
     *  @throws ReleaseException.VerificationFailed if they are not a bundle */
    public static StatementBundle read(String where, byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            throw wrong(where, "expected a bundle of 4 MiB at most");
        }
        ObjectNode json = CanonicalJson.parse(where, bytes);
        only(where, json, Set.of("mediaType", "verificationMaterial", "dsseEnvelope"));
        if (!json.path("mediaType").asText().equals(MEDIA_TYPE)) {
            throw wrong(where, "mediaType: expected " + MEDIA_TYPE);
        }
        JsonNode material = json.path("verificationMaterial");
        only(where + ": verificationMaterial", material, Set.of("publicKey"));
        JsonNode hint = material.path("publicKey").path("hint");
        only(where + ": publicKey", material.path("publicKey"), Set.of("hint"));
        JsonNode envelope = json.path("dsseEnvelope");
        only(where + ": dsseEnvelope", envelope, Set.of("payload", "payloadType", "signatures"));
        if (!envelope.path("payloadType").asText().equals(PAYLOAD_TYPE)) {
            throw wrong(where, "payloadType: expected " + PAYLOAD_TYPE);
        }
        JsonNode signatures = envelope.path("signatures");
        if (signatures.size() != 1 || !hint.isTextual()) {
            throw wrong(where, "expected one signature by a key with a hint, got " + signatures.size());
        }
        only(where + ": signatures", signatures.path(0), Set.of("sig"));
        return new StatementBundle(
                hint.textValue(),
                base64(where, "payload", envelope.path("payload")),
                base64(where, "sig", signatures.path(0).path("sig")));
    }

    private static void only(String where, JsonNode object, Set<String> fields) {
        if (!object.isObject()) {
            throw wrong(where, "expected an object");
        }
        object.fieldNames().forEachRemaining(name -> {
            if (!fields.contains(name)) {
                throw wrong(
                        where,
                        "expected only "
                                + String.join(", ", fields.stream().sorted().toList()) + ", got another field");
            }
        });
    }

    private static byte[] base64(String where, String name, JsonNode value) {
        try {
            return Base64.getDecoder().decode(value.asText());
        } catch (IllegalArgumentException e) {
            throw wrong(where, name + ": expected base64");
        }
    }

    private static ReleaseException wrong(String where, String what) {
        return new ReleaseException.VerificationFailed(where + ": " + what);
    }

    /** {@return whether this key made the signature} */
    public boolean isBy(VerifyingKey key) {
        return key.verifies(authenticated(payload), signature);
    }

    /** {@return the statement, whoever made it}
     *
     *  @throws ReleaseException.VerificationFailed if the payload is not a statement */
    public ObjectNode statement(String where) {
        ObjectNode statement = CanonicalJson.parse(where + ": payload", payload);
        if (!statement.path("_type").asText().equals(STATEMENT_TYPE)) {
            throw wrong(where, "payload: expected a statement of in-toto v1");
        }
        return statement;
    }

    // DSSE: the signed bytes include the type, so that no payload can be taken for one of another type.
    private static byte[] authenticated(byte[] payload) {
        byte[] head = ("DSSEv1 " + PAYLOAD_TYPE.length() + " " + PAYLOAD_TYPE + " " + payload.length + " ")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(head, head.length + payload.length);
        System.arraycopy(payload, 0, all, head.length, payload.length);
        return all;
    }

    String hint() {
        return hint;
    }
}
