package io.visitorcounter.release;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The SHA-256 of some bytes, used as their name.
 *
 *  @param text {@code sha256:} and 64 lower-case hex digits */
public record Digest(String text) implements Comparable<Digest> {

    private static final String PREFIX = "sha256:";
    private static final int SHORT_DIGITS = 12;
    private static final int HEX_DIGITS = 64;

    /** Checks the form. */
    public Digest {
        if (!isValid(text)) {
            throw new IllegalArgumentException(
                    "digest: expected sha256: and 64 hex digits, got " + PrintableText.quoted(text));
        }
    }

    // Without a regex: every command reads some hundred digests, most of them before the JIT compiles anything.
    /** {@return the digest that the text denotes; empty if it is not a SHA-256 digest}
     *
     *  @param text from outside */
    public static Optional<Digest> read(String text) {
        return isValid(text) ? Optional.of(new Digest(text)) : Optional.empty();
    }

    private static boolean isValid(String text) {
        if (text.length() != PREFIX.length() + HEX_DIGITS || !text.startsWith(PREFIX)) {
            return false;
        }
        for (int i = PREFIX.length(); i < text.length(); i++) {
            char digit = text.charAt(i);
            boolean isDecimal = digit >= '0' && digit <= '9';
            if (!isDecimal && (digit < 'a' || digit > 'f')) {
                return false;
            }
        }
        return true;
    }

    /** {@return the digest of these bytes} */
    public static Digest of(byte[] bytes) {
        return ofHash(sha256().digest(bytes));
    }

    /** {@return the digest of a file's bytes}
     *
     *  @param file a file of any size; it is streamed
     *  @throws IOException if it can't be read */
    public static Digest of(Path file) throws IOException {
        MessageDigest sha256 = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha256)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return ofHash(sha256.digest());
    }

    /** {@return the digest whose hash was already computed}
     *
     *  @param sha256 the 32 bytes of a SHA-256 */
    public static Digest ofHash(byte[] sha256) {
        return new Digest(PREFIX + HexFormat.of().formatHex(sha256));
    }

    /** {@return a new SHA-256, which every JDK has} */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("this JDK has no SHA-256", missing);
        }
    }

    /** {@return the 64 hex digits} */
    public String hex() {
        return text.substring(PREFIX.length());
    }

    /** {@return the first 12 hex digits, for people} */
    public String shortText() {
        return hex().substring(0, SHORT_DIGITS);
    }

    // Written by hand, as in the other records that every command compares: the first use of the generated method costs
    // a short command some 10 ms (invokedynamic).
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Digest that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public int compareTo(Digest other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
