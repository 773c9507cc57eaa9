package io.visitorcounter.release.image;

import java.io.ByteArrayOutputStream;
import java.util.zip.CRC32;

/** Bytes in gzip's form (RFC 1952), uncompressed in stored blocks (RFC 1951, 3.2.4). A digest names the result, so it
 *  must not depend on Java's zlib: versions compress differently. */
final class StoredGzip {

    private static final int MAX_BLOCK = 0xffff;
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    private StoredGzip() {}

    static byte[] of(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + 64);
        out.writeBytes(HEADER);
        int at = 0;
        do {
            int length = Math.min(MAX_BLOCK, bytes.length - at);
            out.write(at + length == bytes.length ? 1 : 0);
            littleEndian(out, length, 2);
            littleEndian(out, ~length, 2);
            out.write(bytes, at, length);
            at += length;
        } while (at < bytes.length);
        CRC32 crc = new CRC32();
        crc.update(bytes);
        littleEndian(out, crc.getValue(), 4);
        littleEndian(out, bytes.length, 4);
        return out.toByteArray();
    }

    private static void littleEndian(ByteArrayOutputStream out, long value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            out.write((int) (value >>> (8 * i)));
        }
    }
}
