package io.visitorcounter.release.trust;

import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

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
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            ECPublicKey open = (ECPublicKey) pair.getPublic();
            byte[] spki = open.getEncoded();
            byte[] point = Arrays.copyOfRange(spki, spki.length - VerifyingKey.POINT_BYTES, spki.length);
            VerifyingKey key = VerifyingKey.p256(point);
            byte[] secret = new SshWriter()
                    .number(7)
                    .number(7)
                    .text(VerifyingKey.P256)
                    .text("nistp256")
                    .field(point)
                    .magnitude(((ECPrivateKey) pair.getPrivate()).getS())
                    .text(name)
                    .bytes();
            byte[] blob = new SshWriter()
                    .raw("openssh-key-v1\0".getBytes(StandardCharsets.US_ASCII))
                    .text("none")
                    .text("none")
                    .text("")
                    .number(1)
                    .field(key.ssh())
                    .field(secret)
                    .bytes();
            Files.writeString(
                    file,
                    "-----BEGIN OPENSSH PRIVATE KEY-----\n"
                            + Base64.getMimeEncoder(70, new byte[] {'\n'}).encodeToString(blob)
                            + "\n-----END OPENSSH PRIVATE KEY-----\n");
            return new TestSigner(file, name, key);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
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
