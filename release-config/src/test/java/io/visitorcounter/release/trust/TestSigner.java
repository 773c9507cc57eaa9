package io.visitorcounter.release.trust;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;

/** A key of a test, in a file as ssh-keygen writes it, made without ssh-keygen. */
public final class TestSigner {

    private final Path file;
    private final String name;
    private final VerifyingKey key;

    private TestSigner(Path file, String name, VerifyingKey key) {
        this.file = file;
        this.name = name;
        this.key = key;
    }

    /** Makes one.
     *
     *  @param file a new file
     *  @param name the key's comment */
    public static TestSigner make(Path file, String name) {
        return make(file, name, pair());
    }

    /** Makes one of Ed25519, as many people have it.
     *
     *  @param file a new file
     *  @param name the key's comment */
    public static TestSigner person(Path file, String name) {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            byte[] spki = pair.getPublic().getEncoded();
            byte[] raw = Arrays.copyOfRange(spki, spki.length - VerifyingKey.ED25519_BYTES, spki.length);
            byte[] pkcs8 = pair.getPrivate().getEncoded();
            byte[] seed = Arrays.copyOfRange(pkcs8, pkcs8.length - VerifyingKey.ED25519_BYTES, pkcs8.length);
            VerifyingKey key = VerifyingKey.ed25519(raw);
            byte[] secret = new SshWriter()
                    .number(7)
                    .number(7)
                    .text(VerifyingKey.ED25519)
                    .field(raw)
                    .number(2 * VerifyingKey.ED25519_BYTES)
                    .raw(seed)
                    .raw(raw)
                    .text(name)
                    .bytes();
            return write(file, name, key, secret);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has Ed25519", e);
        }
    }

    /** Makes one in PKCS#8 with a password, as ssh-keygen does with {@code -m PKCS8}.
     *
     *  @param file a new file
     *  @param name what the line of {@code allowed_signers} calls it
     *  @param password of the file
     *  @return the key, and every form of it that nobody may see */
    public static Locked locked(Path file, String name, String password) {
        KeyPair pair = pair();
        byte[] spki = pair.getPublic().getEncoded();
        byte[] point = Arrays.copyOfRange(spki, spki.length - VerifyingKey.POINT_BYTES, spki.length);
        byte[] padded = ((ECPrivateKey) pair.getPrivate()).getS().toByteArray();
        byte[] secret = new byte[32];
        int length = Math.min(secret.length, padded.length);
        System.arraycopy(padded, padded.length - length, secret, secret.length - length, length);
        byte[] pkcs8 = new SshWriter()
                .raw(HexFormat.of()
                        .parseHex("308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420"))
                .raw(secret)
                .raw(HexFormat.of().parseHex("a144034200"))
                .raw(point)
                .bytes();
        try {
            String scheme = "PBEWithHmacSHA256AndAES_256";
            Cipher cipher = Cipher.getInstance(scheme);
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    SecretKeyFactory.getInstance(scheme).generateSecret(new PBEKeySpec(password.toCharArray())),
                    new PBEParameterSpec(new byte[16], 1000, new IvParameterSpec(new byte[16])));
            byte[] parameters = cipher.getParameters().getEncoded();
            byte[] scheme2 = der(0x30, der(0x06, HexFormat.of().parseHex("2a864886f70d01050d")), parameters);
            String body = Base64.getMimeEncoder(64, new byte[] {'\n'})
                    .encodeToString(der(0x30, scheme2, der(0x04, cipher.doFinal(pkcs8))));
            Files.writeString(
                    file, "-----BEGIN ENCRYPTED PRIVATE KEY-----\n" + body + "\n-----END ENCRYPTED PRIVATE KEY-----\n");
            List<String> forms = new ArrayList<>(body.lines().toList());
            forms.addAll(List.of(
                    password,
                    "PRIVATE KEY",
                    new String(secret, StandardCharsets.ISO_8859_1),
                    HexFormat.of().formatHex(secret),
                    new BigInteger(1, secret).toString(),
                    Base64.getEncoder().encodeToString(secret).substring(0, 40)));
            return new Locked(new TestSigner(file, name, VerifyingKey.p256(point)), forms);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A key with a password.
     *
     *  @param signer the key
     *  @param secrets every form of it that nobody may see, in ISO 8859-1 */
    public record Locked(TestSigner signer, List<String> secrets) {}

    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(content::writeBytes);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(tag);
        int length = content.size();
        if (length > 127) {
            all.write(length > 255 ? 0x82 : 0x81);
        }
        if (length > 255) {
            all.write(length >> 8);
        }
        all.write(length);
        all.writeBytes(content.toByteArray());
        return all.toByteArray();
    }

    /** {@return a new key of P-256} */
    static KeyPair pair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }

    static TestSigner make(Path file, String name, KeyPair pair) {
        byte[] spki = ((ECPublicKey) pair.getPublic()).getEncoded();
        byte[] point = Arrays.copyOfRange(spki, spki.length - VerifyingKey.POINT_BYTES, spki.length);
        byte[] secret = new SshWriter()
                .number(7)
                .number(7)
                .text(VerifyingKey.P256)
                .text("nistp256")
                .field(point)
                .magnitude(((ECPrivateKey) pair.getPrivate()).getS())
                .text(name)
                .bytes();
        return write(file, name, VerifyingKey.p256(point), secret);
    }

    private static TestSigner write(Path file, String name, VerifyingKey key, byte[] secret) {
        byte[] blob = new SshWriter()
                .raw("openssh-key-v1\0".getBytes(StandardCharsets.US_ASCII))
                .text("none")
                .text("none")
                .text("")
                .number(1)
                .field(key.ssh())
                .field(secret)
                .bytes();
        try {
            Files.writeString(
                    file,
                    "-----BEGIN OPENSSH PRIVATE KEY-----\n"
                            + Base64.getMimeEncoder(70, new byte[] {'\n'}).encodeToString(blob)
                            + "\n-----END OPENSSH PRIVATE KEY-----\n");
            return new TestSigner(file, name, key);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the file of the private key} */
    public String file() {
        return file.toString();
    }

    /** {@return what the tool signs with} */
    public SigningKey signing() {
        return SigningKey.read(file, Optional.empty());
    }

    /** {@return the key's short name, which is in the name of its signatures} */
    public String id() {
        return key.id();
    }

    /** {@return the key's name as ssh-keygen shows it} */
    public String fingerprint() {
        return key.fingerprint();
    }

    /** {@return a line of {@code allowed_signers}}
     *
     *  @param principal whom it speaks for
     *  @param options such as {@code namespaces="git,release"}; may be empty */
    public String line(String principal, String options) {
        return (principal + " " + options).strip() + " " + key.line() + " " + name + "\n";
    }

    /** Adds a line that lets it sign releases and commits.
     *
     *  @param folder of the environments' files
     *  @param principal whom it speaks for */
    public void allow(Path folder, String principal) {
        allow(folder, principal, "namespaces=\"git,release\"");
    }

    /** Adds a line.
     *
     *  @param folder of the environments' files
     *  @param principal whom it speaks for
     *  @param options of the line */
    public void allow(Path folder, String principal, String options) {
        try {
            Files.writeString(
                    folder.resolve(AllowedSigners.NAME),
                    line(principal, options),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
