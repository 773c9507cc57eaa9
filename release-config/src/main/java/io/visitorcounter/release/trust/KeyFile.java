package io.visitorcounter.release.trust;

import io.visitorcounter.release.PrintableText;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.interfaces.ECKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** Reads a private key from a file: P-256 in OpenSSH's own form or PKCS#8, Ed25519 in OpenSSH's own form. Any fault is
 *  an {@link IllegalArgumentException} that reveals nothing about the key. */
final class KeyFile {

    private static final Pattern PEM = Pattern.compile(
            "-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\\s]*)-----END \\1-----\\s*", Pattern.DOTALL);
    private static final String HOW = "; make one with ssh-keygen -t ecdsa -b 256";
    // The object identifier 1.3.101.112 in DER, after its tag and length (RFC 8410).
    private static final String ED25519_OID = "\u0006\u0003+ep";
    private static final int PKCS8_HEAD_BYTES = 16;
    private static final int AES_KEY_BYTES = 32;
    private static final int AES_BLOCK_BYTES = 16;
    private static final int MAX_ROUNDS = 10_000;

    private final Optional<String> password;

    private KeyFile(Optional<String> password) {
        this.password = password;
    }

    static SigningKey parse(String text, Optional<String> password) {
        Matcher pem = PEM.matcher(text.strip());
        if (!pem.matches()) {
            throw new IllegalArgumentException("expected a private key" + HOW);
        }
        byte[] bytes = Base64.getMimeDecoder().decode(pem.group(2));
        KeyFile file = new KeyFile(password);
        return switch (pem.group(1)) {
            case "OPENSSH PRIVATE KEY" -> file.openSsh(bytes);
            case "PRIVATE KEY" -> pkcs8(bytes);
            case "ENCRYPTED PRIVATE KEY" -> pkcs8(file.decryptedPkcs8(bytes));
            default ->
                throw new IllegalArgumentException("expected a private key in OpenSSH's form or PKCS#8, got "
                        + pem.group(1).toLowerCase(Locale.ROOT) + "; ssh-keygen -p -f FILE converts it");
        };
    }

    // The format is OpenSSH's PROTOCOL.key.
    private SigningKey openSsh(byte[] bytes) {
        SshReader file = new SshReader(bytes).expect("openssh-key-v1\0");
        String cipher = file.text();
        String derivation = file.text();
        byte[] options = file.field();
        if (file.number() != 1) {
            throw new IllegalArgumentException("expected one key");
        }
        byte[] named = file.field();
        byte[] secret = file.field();
        boolean encrypted = !cipher.equals("none");
        // Other ciphers append more data at the end.
        if (encrypted && (!cipher.equals("aes256-ctr") || !derivation.equals("bcrypt"))) {
            throw new IllegalArgumentException("expected one encrypted with aes256-ctr, got "
                    + PrintableText.quoted(cipher) + "; ssh-keygen -p -Z aes256-ctr -f FILE converts it");
        }
        file.end();
        if (encrypted) {
            secret = decrypted(secret, options);
        }
        SshReader fields = new SshReader(secret);
        // The same number twice, by which OpenSSH detects a wrong password.
        int check = fields.number();
        if (fields.number() != check) {
            throw new IllegalArgumentException(encrypted ? "the password is wrong" : "it is damaged");
        }
        String type = fields.text();
        if (type.equals(VerifyingKey.ED25519)) {
            return ed25519(fields, named);
        }
        if (!type.equals(VerifyingKey.P256)) {
            throw otherKind();
        }
        fields.field();
        VerifyingKey verifying = belonging(VerifyingKey.p256(fields.field()), named);
        BigInteger number = fields.magnitude();
        try {
            AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
            curve.init(new ECGenParameterSpec("secp256r1"));
            PrivateKey key = KeyFactory.getInstance("EC")
                    .generatePrivate(new ECPrivateKeySpec(number, curve.getParameterSpec(ECParameterSpec.class)));
            return new SigningKey(key, verifying);
        } catch (GeneralSecurityException e) {
            throw otherKind();
        }
    }

    private static SigningKey ed25519(SshReader fields, byte[] named) {
        VerifyingKey verifying = belonging(VerifyingKey.ed25519(fields.field()), named);
        // The seed, and the public half again.
        byte[] both = fields.field();
        try {
            return new SigningKey(
                    KeyFactory.getInstance("Ed25519")
                            .generatePrivate(new EdECPrivateKeySpec(
                                    NamedParameterSpec.ED25519, Arrays.copyOf(both, VerifyingKey.ED25519_BYTES))),
                    verifying);
        } catch (GeneralSecurityException e) {
            throw otherKind();
        } finally {
            Arrays.fill(both, (byte) 0);
        }
    }

    private static VerifyingKey belonging(VerifyingKey key, byte[] named) {
        if (!Arrays.equals(key.ssh(), named)) {
            throw new IllegalArgumentException("its public half belongs to another key");
        }
        return key;
    }

    private byte[] decrypted(byte[] secret, byte[] options) {
        SshReader fields = new SshReader(options);
        byte[] salt = fields.field();
        int rounds = fields.number();
        if (rounds < 1 || rounds > MAX_ROUNDS) {
            throw new IllegalArgumentException("expected 1.." + MAX_ROUNDS + " rounds, got " + rounds);
        }
        byte[] derived = BcryptPbkdf.derive(
                given().getBytes(StandardCharsets.UTF_8), salt, AES_KEY_BYTES + AES_BLOCK_BYTES, rounds);
        try {
            Cipher aes = Cipher.getInstance("AES/CTR/NoPadding");
            aes.init(
                    Cipher.DECRYPT_MODE,
                    new SecretKeySpec(derived, 0, AES_KEY_BYTES, "AES"),
                    new IvParameterSpec(derived, AES_KEY_BYTES, AES_BLOCK_BYTES));
            return aes.doFinal(secret);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("it can't be decrypted");
        }
    }

    private byte[] decryptedPkcs8(byte[] bytes) {
        char[] word = given().toCharArray();
        try {
            EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(bytes);
            // For PBES2, only the parameters name its ciphers.
            String scheme = String.valueOf(info.getAlgParameters());
            SecretKey key = SecretKeyFactory.getInstance(scheme).generateSecret(new PBEKeySpec(word));
            Cipher cipher = Cipher.getInstance(scheme);
            cipher.init(Cipher.DECRYPT_MODE, key, info.getAlgParameters());
            return info.getKeySpec(cipher).getEncoded();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalArgumentException("expected one encrypted with PBES2 and AES");
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the password is wrong");
        } catch (IOException e) {
            throw new IllegalArgumentException("it is damaged");
        } finally {
            Arrays.fill(word, ' ');
        }
    }

    private String given() {
        return password.orElseThrow(() -> new IllegalArgumentException(
                "it has a password; set RELEASE_SIGNING_KEY_PASSWORD or RELEASE_SIGNING_KEY_PASSWORD_FILE"));
    }

    // The JDK derives no public key. Every tool that writes PKCS#8 puts the point last: a bit string of 66 bytes.
    private static SigningKey pkcs8(byte[] der) {
        PrivateKey key;
        if (new String(der, 0, Math.min(der.length, PKCS8_HEAD_BYTES), StandardCharsets.ISO_8859_1)
                .contains(ED25519_OID)) {
            throw new IllegalArgumentException(
                    "expected a key of Ed25519 in OpenSSH's form, got it in PKCS#8, without its"
                            + " public half; make one with ssh-keygen -t ed25519");
        }
        try {
            key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (GeneralSecurityException e) {
            throw otherKind();
        }
        if (!(key instanceof ECKey curve)
                || !EcdsaSignature.isOrder(curve.getParams().getOrder())) {
            throw otherKind();
        }
        int at = der.length - VerifyingKey.POINT_BYTES;
        if (at < 3 || der[at - 3] != 3 || der[at - 2] != VerifyingKey.POINT_BYTES + 1 || der[at - 1] != 0) {
            throw new IllegalArgumentException("expected its public half in it" + HOW);
        }
        return new SigningKey(key, VerifyingKey.p256(Arrays.copyOfRange(der, at, der.length)));
    }

    private static IllegalArgumentException otherKind() {
        return new IllegalArgumentException("expected one of P-256 or Ed25519, got another kind" + HOW);
    }
}
