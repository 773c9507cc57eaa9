package io.visitorcounter.release.image;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A tar of a few small files, in POSIX' pax form: written here, since a digest names these bytes, and no library
 *  promises to keep its own stable. The form is that of Jib's layers, each entry with a pax header for its times. */
final class Tar {

    private static final int BLOCK = 512;
    private static final String PAX_FOLDER = "./PaxHeaders.X/";
    private static final int PAX_MODE = 0100644;

    // A header has room for 100 bytes.
    private static final int MAX_NAME_BYTES = 84;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Adds a folder.
     *
     *  @param name with a slash at its end
     *  @param mode with the bits for a folder
     *  @param seconds its time, since 1970 */
    void folder(String name, int mode, long seconds) {
        times(name, seconds);
        header(name, mode, 0, seconds, '5');
    }

    /** Adds a file.
     *
     *  @param name relative
     *  @param mode with the bits for a file
     *  @param seconds its time, since 1970 */
    void file(String name, int mode, long seconds, byte[] content) {
        times(name, seconds);
        header(name, mode, content.length, seconds, '0');
        content(content);
    }

    /** {@return the whole tar} */
    byte[] bytes() {
        out.writeBytes(new byte[2 * BLOCK]);
        return out.toByteArray();
    }

    private void times(String name, long seconds) {
        if (name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
            throw new IllegalArgumentException(name + ": expected a name of at most " + MAX_NAME_BYTES + " bytes");
        }
        byte[] records = (record("atime", seconds)
                        + record("ctime", seconds)
                        + record("LIBARCHIVE.creationtime", seconds))
                .getBytes(StandardCharsets.US_ASCII);
        header(PAX_FOLDER + name.replace('/', '_'), PAX_MODE, records.length, seconds, 'x');
        content(records);
    }

    /** A pax record begins with its own length, which includes the length's digits; all of ours have two. */
    private static String record(String name, long seconds) {
        String rest = " " + name + "=" + seconds + "\n";
        return rest.length() + 2 + rest;
    }

    private void content(byte[] content) {
        out.writeBytes(content);
        int over = content.length % BLOCK;
        out.writeBytes(new byte[over == 0 ? 0 : BLOCK - over]);
    }

    private void header(String name, int mode, long size, long seconds, char type) {
        byte[] path = name.getBytes(StandardCharsets.UTF_8);
        byte[] header = new byte[BLOCK];
        System.arraycopy(path, 0, header, 0, path.length);
        octal(header, 100, 7, mode);
        octal(header, 108, 7, 0);
        octal(header, 116, 7, 0);
        octal(header, 124, 11, size);
        octal(header, 136, 11, seconds);
        Arrays.fill(header, 148, 156, (byte) ' ');
        header[156] = (byte) type;
        text(header, 257, "ustar\00000");
        octal(header, 329, 7, 0);
        octal(header, 337, 7, 0);
        long sum = 0;
        for (byte each : header) {
            sum += each & 0xff;
        }
        octal(header, 148, 6, sum);
        header[154] = 0;
        out.writeBytes(header);
    }

    private static void octal(byte[] header, int at, int digits, long value) {
        text(header, at, String.format("%0" + digits + "o", value));
        header[at + digits] = digits == 6 ? 0 : (byte) ' ';
    }

    private static void text(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
