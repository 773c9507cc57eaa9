package io.visitorcounter.release.trust;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes the fields of an SSH blob (RFC 4251, section 5). */
final class SshWriter {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Writes bytes without a length prefix. */
    SshWriter raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    SshWriter number(int number) {
        return raw(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
    }

    SshWriter field(byte[] bytes) {
        return number(bytes.length).raw(bytes);
    }

    SshWriter text(String text) {
        return field(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes a non-negative number, without leading zeros, except one if the first bit is set. */
    SshWriter magnitude(BigInteger number) {
        return field(number.signum() == 0 ? new byte[0] : number.toByteArray());
    }

    byte[] bytes() {
        return out.toByteArray();
    }
}
