package io.visitorcounter.release.image;

import io.visitorcounter.release.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/** The bytes of a release layer; the same layer gives the same bytes. The digest of its tar is the diff id that the
 *  release image must have, so that a bundle proves the content of a layer that is not here. */
final class LayerBytes {

    // With the bits for folder and file, as Jib writes them.
    private static final int FOLDER_MODE = 040755;
    private static final int FILE_MODE = 0100444;
    private static final int FOLDER_SECONDS = 1;

    private LayerBytes() {}

    /** {@return the layer as tar} */
    static byte[] tar(ReleaseLayer layer) {
        Tar tar = new Tar();
        String top = layer.folder().substring(1);
        tar.folder(top, FOLDER_MODE, FOLDER_SECONDS);
        layer.files().forEach((name, content) -> tar.file(top + name, FILE_MODE, 0, content));
        return tar.bytes();
    }

    /** {@return the layer as it is stored} */
    static byte[] stored(ReleaseLayer layer) {
        return StoredGzip.of(tar(layer));
    }

    /** {@return the stored layer of an existing release; empty if this Java can't reproduce the bytes, which 1.0.0
     *  compressed with zlib} */
    static Optional<byte[]> again(ReleaseLayer layer, Digest stored) {
        byte[] tar = tar(layer);
        return Stream.of(StoredGzip.of(tar), byZlib(tar))
                .filter(bytes -> Digest.of(bytes).equals(stored))
                .findFirst();
    }

    private static byte[] byZlib(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new IllegalStateException("memory can be written", e);
        }
        return out.toByteArray();
    }
}
