package io.visitorcounter.release.image;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;

/** How a layer's tar is compressed: detected from its bytes, since manifests may be wrong. */
public enum Compression {
    /** Not at all. */
    NONE,
    /** By gzip. */
    GZIP,
    /** By zstd, which Java can't read. */
    ZSTD,
    /** By xz or bzip2, as old tools wrote layers. */
    OTHER;

    /** The number of bytes that identify the format. */
    static final int MAGIC_BYTES = 6;

    /** {@return the compression that the bytes show}
     *
     *  @param start the first bytes, as many as there are up to {@link #MAGIC_BYTES} */
    static Compression of(byte[] start) {
        String hex = HexFormat.of().formatHex(start, 0, Math.min(MAGIC_BYTES, start.length));
        if (hex.startsWith("1f8b")) {
            return GZIP;
        }
        if (hex.startsWith("28b52ffd")) {
            return ZSTD;
        }
        // As text: what xz begins with is 7zXZ, after one byte, and bzip2 BZh.
        return hex.startsWith("fd377a585a00") || hex.startsWith("425a68") ? OTHER : NONE;
    }

    /** {@return a layer's tar; a compression that Java can't read stays as it is}
     *
     *  @throws IOException if it can't be read */
    public static Plain plain(InputStream stored) throws IOException {
        InputStream in = new BufferedInputStream(stored, 1 << 16);
        in.mark(MAGIC_BYTES);
        Compression compression = of(in.readNBytes(MAGIC_BYTES));
        in.reset();
        return new Plain(
                compression == GZIP ? new GZIPInputStream(in, 1 << 16) : in,
                compression == GZIP || compression == NONE);
    }

    /** A layer's bytes.
     *
     *  @param bytes to read
     *  @param isTar whether they are the tar, rather than still compressed */
    public record Plain(InputStream bytes, boolean isTar) {}
}
