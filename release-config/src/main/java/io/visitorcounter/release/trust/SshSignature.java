package io.visitorcounter.release.trust;

import io.visitorcounter.release.Digest;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A signature as {@code ssh-keygen -Y sign} makes it and git keeps it in a commit: {@code PROTOCOL.sshsig} of OpenSSH. */
public final class SshSignature {

    /** The purpose of git's signatures. */
    public static final String GIT = "git";

    private static final String MAGIC = "SSHSIG";
    private static final String BEGIN = "-----BEGIN SSH SIGNATURE-----";
    private static final String END = "-----END SSH SIGNATURE-----";
    private static final Pattern ARMOUR = Pattern.compile(BEGIN + "([A-Za-z0-9+/=\\s]{1,10000})" + END);
    private static final int HALF = 32;
    private static final int LINE = 70;

    private final VerifyingKey key;
    private final String namespace;
    private final String hash;
    private final byte[] bytes;

    // For P-256, the bytes are r and s, 32 each; for Ed25519, the raw signature.
    private SshSignature(VerifyingKey key, String namespace, String hash, byte[] bytes) {
        this.key = key;
        this.namespace = namespace;
        this.hash = hash;
        this.bytes = bytes;
    }

    /** {@return the signature of a message, armoured} */
    public static String sign(byte[] message, String namespace, SigningKey by) {
        byte[] plain = by.signPlain(signed(message, namespace, "sha512"));
        String type = by.verifying().type();
        byte[] signature = type.equals(VerifyingKey.P256)
                ? new SshWriter()
                        .magnitude(new BigInteger(1, Arrays.copyOf(plain, HALF)))
                        .magnitude(new BigInteger(1, Arrays.copyOfRange(plain, HALF, 2 * HALF)))
                        .bytes()
                : plain;
        byte[] blob = new SshWriter()
                .raw(MAGIC.getBytes(StandardCharsets.US_ASCII))
                .number(1)
                .field(by.verifying().ssh())
                .text(namespace)
                .text("")
                .text("sha512")
                .field(new SshWriter().text(type).field(signature).bytes())
                .bytes();
        return BEGIN + "\n" + Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(blob) + "\n" + END + "\n";
    }

    /** {@return the parsed signature}
     *
     *  @throws IllegalArgumentException if it is not one, with the reason */
    public static SshSignature parse(String armoured) {
        Matcher armour = ARMOUR.matcher(armoured.strip());
        if (!armour.matches()) {
            throw new IllegalArgumentException("expected an SSH signature");
        }
        SshReader fields = new SshReader(Base64.getMimeDecoder().decode(armour.group(1))).expect(MAGIC);
        if (fields.number() != 1) {
            throw new IllegalArgumentException("expected version 1");
        }
        VerifyingKey key = VerifyingKey.ofSsh(fields.field());
        String namespace = fields.text();
        fields.field();
        String hash = fields.text();
        SshReader signature = new SshReader(fields.field());
        fields.end();
        if (!signature.text().equals(key.type())) {
            throw new IllegalArgumentException("expected a signature of " + key.type());
        }
        byte[] bytes = signature.field();
        signature.end();
        return new SshSignature(key, namespace, hash, key.type().equals(VerifyingKey.P256) ? plain(bytes) : bytes);
    }

    private static byte[] plain(byte[] numbers) {
        SshReader fields = new SshReader(numbers);
        byte[] plain = new byte[2 * HALF];
        fixed(fields.magnitude(), plain, HALF);
        fixed(fields.magnitude(), plain, 2 * HALF);
        fields.end();
        return plain;
    }

    private static void fixed(BigInteger number, byte[] into, int end) {
        byte[] bytes = number.toByteArray();
        int from = bytes.length > HALF ? bytes.length - HALF : 0;
        System.arraycopy(bytes, from, into, end - (bytes.length - from), bytes.length - from);
    }

    /** {@return whether its key made it, for this message and purpose} */
    public boolean isOf(byte[] message, String purpose) {
        return namespace.equals(purpose)
                && (hash.equals("sha512") || hash.equals("sha256"))
                && key.verifiesPlain(signed(message, namespace, hash), bytes);
    }

    private static byte[] signed(byte[] message, String namespace, String hash) {
        return new SshWriter()
                .raw(MAGIC.getBytes(StandardCharsets.US_ASCII))
                .text(namespace)
                .text("")
                .text(hash)
                .field(
                        hash.equals("sha512")
                                ? BcryptPbkdf.sha512(message)
                                : Digest.sha256().digest(message))
                .bytes();
    }

    /** {@return the purpose that it claims} */
    public String namespace() {
        return namespace;
    }

    /** {@return the key that it claims was used} */
    public VerifyingKey key() {
        return key;
    }
}
