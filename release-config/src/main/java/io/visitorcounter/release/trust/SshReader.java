package io.visitorcounter.release.trust;

import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads the fields of an SSH blob (RFC 4251, section 5). A missing field is an {@link IllegalArgumentException}. */
final class SshReader {

    private final ByteBuffer bytes;

    SshReader(byte[] blob) {
        bytes = ByteBuffer.wrap(blob);
    }

    /** Skips a text that must be next, without a length prefix. */
    SshReader expect(String text) {
        byte[] expected = text.getBytes(StandardCharsets.US_ASCII);
        if (!Arrays.equals(take(expected.length), expected)) {
            throw new IllegalArgumentException("expected " + text.strip());
        }
        return this;
    }

    int number() {
        try {
            return bytes.getInt();
        } catch (BufferUnderflowException e) {
            throw cut();
        }
    }

    byte[] field() {
        return take(number());
    }

    String text() {
        return new String(field(), StandardCharsets.UTF_8);
    }

    /** {@return an unsigned number of at most 32 bytes} */
    BigInteger magnitude() {
        BigInteger number = new BigInteger(1, field());
        if (number.bitLength() > 256) {
            throw new IllegalArgumentException("expected a number of 256 bits at most");
        }
        return number;
    }

    void end() {
        if (bytes.hasRemaining()) {
            throw new IllegalArgumentException("expected nothing after it");
        }
    }

    private byte[] take(int length) {
        if (length < 0 || length > bytes.remaining()) {
            throw cut();
        }
        byte[] taken = new byte[length];
        bytes.get(taken);
        return taken;
    }

    private static IllegalArgumentException cut() {
        return new IllegalArgumentException("it is cut off");
    }
}
