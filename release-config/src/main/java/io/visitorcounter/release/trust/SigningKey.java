package io.visitorcounter.release.trust;

import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.SmallFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A private key, P-256 (typical for machines) or Ed25519 (typical for people), that signs. It is never shown, and its
 *  file is only read. Thread-safe. */
public final class SigningKey {

    private static final int MAX_FILE_BYTES = 1 << 16;

    private final PrivateKey secret;
    private final VerifyingKey verifying;
    private final boolean openToOthers;

    SigningKey(PrivateKey secret, VerifyingKey verifying) {
        this(secret, verifying, false);
    }

    private SigningKey(PrivateKey secret, VerifyingKey verifying, boolean openToOthers) {
        this.secret = secret;
        this.verifying = verifying;
        this.openToOthers = openToOthers;
    }

    /** {@return the key in a file of ssh-keygen: in OpenSSH's own form, or for P-256 also PKCS#8 in PEM, with or
     *  without a password}
     *
     *  @param file such as {@code ssh-keygen -t ecdsa -b 256 -f FILE} writes
     *  @param password empty for a key without one
     *  @throws ReleaseException.Unreachable if it can't be read, the password is wrong, or it is another kind of key */
    public static SigningKey read(Path file, Optional<String> password) {
        byte[] bytes;
        try {
            bytes = SmallFile.read(file, MAX_FILE_BYTES);
        } catch (IOException e) {
            throw unusable(file, "can't be read: " + ReleaseException.reason(e), e);
        }
        try {
            SigningKey key = KeyFile.parse(new String(bytes, StandardCharsets.ISO_8859_1), password);
            byte[] probe = "a key and its public half".getBytes(StandardCharsets.US_ASCII);
            if (!key.verifying.verifies(probe, key.sign(probe))) {
                throw new IllegalArgumentException("its public half belongs to another key");
            }
            return new SigningKey(key.secret, key.verifying, isOpenToOthers(file));
        } catch (IllegalArgumentException e) {
            throw unusable(file, String.valueOf(e.getMessage()), e);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    // Only an I/O error is kept as the cause: a provider's message may reveal something about the key.
    private static ReleaseException unusable(Path file, String what, @Nullable Exception cause) {
        return new ReleaseException.Unreachable(
                file + ": the signing key: " + what, cause instanceof IOException ? cause : null);
    }

    private static boolean isOpenToOthers(Path file) {
        try {
            return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException | UnsupportedOperationException unknown) {
            return false;
        }
    }

    /** {@return whether others on this machine can read its file; OpenSSH refuses to sign with such a key} */
    public boolean isOpenToOthers() {
        return openToOthers;
    }

    /** {@return its public half} */
    public VerifyingKey verifying() {
        return verifying;
    }

    /** {@return the signature of these bytes: for P-256, ECDSA over SHA-256 in DER; for Ed25519, the raw bytes} */
    byte[] sign(byte[] message) {
        return sign(isP256() ? "SHA256withECDSA" : VerifyingKey.ED25519_NAME, message);
    }

    /** {@return the same, but for P-256 as r and s, 32 bytes each} */
    byte[] signPlain(byte[] message) {
        return sign(isP256() ? "SHA256withECDSAinP1363Format" : VerifyingKey.ED25519_NAME, message);
    }

    private boolean isP256() {
        return verifying.type().equals(VerifyingKey.P256);
    }

    private byte[] sign(String algorithm, byte[] message) {
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(secret);
            signer.update(message);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("it can't sign (" + e.getClass().getSimpleName() + ")");
        }
    }

    @Override
    public String toString() {
        return verifying.toString();
    }
}
