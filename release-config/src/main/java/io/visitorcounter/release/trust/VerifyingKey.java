package io.visitorcounter.release.trust;

import io.visitorcounter.release.Digest;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A public key that signatures are verified with: P-256 (typical for machines) or Ed25519 (typical for people). */
public final class VerifyingKey {

    static final String P256 = "ecdsa-sha2-nistp256";
    static final String ED25519 = "ssh-ed25519";
    static final int POINT_BYTES = 65;
    static final int ED25519_BYTES = 32;
    static final String ED25519_NAME = "Ed25519";

    // The DER before the point of a P-256 key, and before an Ed25519 key (RFC 5480, RFC 8410): it is constant.
    private static final byte[] P256_HEAD =
            HexFormat.of().parseHex("3059301306072a8648ce3d020106082a8648ce3d030107034200");
    private static final byte[] ED25519_HEAD = HexFormat.of().parseHex("302a300506032b6570032100");

    private final String type;
    private final byte[] spki;
    private final byte[] ssh;
    // By the digest of message and signature: the gates of one command check the same signature several times, and a
    // verification takes milliseconds in a process that has just started.
    private final Map<Digest, Boolean> known = new ConcurrentHashMap<>();

    private VerifyingKey(String type, byte[] spki, byte[] ssh) {
        this.type = type;
        this.spki = spki;
        this.ssh = ssh;
    }

    /** {@return the key of a point of P-256, uncompressed: 4, x, y} */
    static VerifyingKey p256(byte[] point) {
        if (point.length != POINT_BYTES || point[0] != 4) {
            throw new IllegalArgumentException("expected an uncompressed point of P-256");
        }
        byte[] ssh = new SshWriter().text(P256).text("nistp256").field(point).bytes();
        return new VerifyingKey(P256, joined(P256_HEAD, point), ssh);
    }

    /** {@return the key of 32 bytes of Ed25519} */
    static VerifyingKey ed25519(byte[] raw) {
        if (raw.length != ED25519_BYTES) {
            throw new IllegalArgumentException("expected 32 bytes of Ed25519");
        }
        return new VerifyingKey(
                ED25519,
                joined(ED25519_HEAD, raw),
                new SshWriter().text(ED25519).field(raw).bytes());
    }

    /** {@return the key in an SSH blob}
     *
     *  @throws IllegalArgumentException if it is not a key, or a kind that can't be verified here */
    static VerifyingKey ofSsh(byte[] blob) {
        SshReader fields = new SshReader(blob);
        String type = fields.text();
        VerifyingKey key;
        if (type.equals(P256)) {
            fields.field();
            key = p256(fields.field());
        } else if (type.equals(ED25519)) {
            key = ed25519(fields.field());
        } else {
            throw new IllegalArgumentException("expected " + P256 + " or " + ED25519);
        }
        fields.end();
        if (!Arrays.equals(key.ssh, blob)) {
            throw new IllegalArgumentException("expected a key of " + type);
        }
        return key;
    }

    /** {@return whether the key made this signature of these bytes}
     *
     *  @param signature DER for P-256, raw for Ed25519; may be any bytes */
    boolean verifies(byte[] message, byte[] signature) {
        Optional<byte[]> plain = type.equals(P256) ? EcdsaSignature.ofDer(signature) : Optional.of(signature);
        return plain.isPresent() && verifiesPlain(message, plain.get());
    }

    /** {@return the same, for a P-256 signature as r and s, 32 bytes each} */
    boolean verifiesPlain(byte[] message, byte[] signature) {
        if (type.equals(P256) && !EcdsaSignature.isInRange(signature)) {
            return false;
        }
        // The first part has a fixed length, so no two pairs give the same bytes.
        Digest digest = Digest.of(joined(sha256(message), signature));
        return known.computeIfAbsent(
                digest,
                unknown ->
                        isMade(type.equals(P256) ? "SHA256withECDSAinP1363Format" : ED25519_NAME, message, signature));
    }

    private boolean isMade(String algorithm, byte[] message, byte[] signature) {
        try {
            PublicKey key = KeyFactory.getInstance(type.equals(P256) ? "EC" : ED25519_NAME)
                    .generatePublic(new X509EncodedKeySpec(spki));
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (GeneralSecurityException notEvenASignature) {
            return false;
        }
    }

    /** {@return ecdsa-sha2-nistp256 or ssh-ed25519} */
    String type() {
        return type;
    }

    /** {@return the key in SSH's form} */
    byte[] ssh() {
        return ssh.clone();
    }

    /** {@return the SHA-256 of the key in DER (SubjectPublicKeyInfo), by which sigstore's bundles name keys, in
     *  base64} */
    String hint() {
        return Base64.getEncoder().encodeToString(sha256(spki));
    }

    /** {@return the first 12 hex digits of {@link #hint}, which name the file of a signature} */
    public String id() {
        return Digest.of(spki).shortText();
    }

    /** {@return the key's name as {@code ssh-keygen -l} shows it, such as {@code SHA256:AFyy…}} */
    public String fingerprint() {
        return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(sha256(ssh));
    }

    /** {@return type and key, as in a line of {@code allowed_signers}} */
    public String line() {
        return type + " " + Base64.getEncoder().encodeToString(ssh);
    }

    private static byte[] sha256(byte[] bytes) {
        return Digest.sha256().digest(bytes);
    }

    private static byte[] joined(byte[] head, byte[] tail) {
        byte[] all = Arrays.copyOf(head, head.length + tail.length);
        System.arraycopy(tail, 0, all, head.length, tail.length);
        return all;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof VerifyingKey that && Arrays.equals(ssh, that.ssh);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ssh);
    }

    @Override
    public String toString() {
        return fingerprint();
    }
}
