package io.visitorcounter.release.image;

import com.fasterxml.jackson.databind.JsonNode;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** The files of a saved image, in a tar, compressed or not, or in a folder. They are untrusted, so reading is
 *  bounded. */
abstract sealed class ImageFiles implements AutoCloseable permits TarFiles, FolderFiles {

    static final int MAX_ENTRIES = 10_000;

    final String where;

    ImageFiles(String where) {
        this.where = where;
    }

    /** {@return the files, to be closed}
     *
     *  @param path an existing tar or folder
     *  @throws IOException if it can't be read */
    static ImageFiles of(Path path, String where) throws IOException {
        // Opening a pipe would wait for its writer, and neither is read twice.
        if (Files.exists(path) && !Files.isDirectory(path) && !Files.isRegularFile(path)) {
            throw new FileSystemException(path.toString(), null, "expected a file, got a pipe or a device");
        }
        return Files.isDirectory(path) ? new FolderFiles(path, where) : TarFiles.of(path, where);
    }

    /** {@return whether this can hold an image; only its content shows whether it does} */
    static boolean canBeImage(Path path) {
        if (Files.isDirectory(path)) {
            return Files.isRegularFile(path.resolve(ImageArchive.OCI_LAYOUT))
                    || Files.isRegularFile(path.resolve(ImageArchive.MANIFEST));
        }
        if (!Files.isRegularFile(path)) {
            return false;
        }
        try (InputStream stored = Files.newInputStream(path);
                InputStream in = Compression.plain(stored).bytes()) {
            byte[] header = in.readNBytes(TarConstants.DEFAULT_RCDSIZE);
            return TarArchiveInputStream.matches(header, header.length);
        } catch (IOException e) {
            throw new ReleaseException.Unreachable(path + ": can't be read: " + e.getMessage(), e);
        }
    }

    /** {@return whether there is a file of this name} */
    abstract boolean has(String name) throws IOException;

    /** {@return the bytes of a file, to be closed; empty if there is none of this name}
     *
     *  @param name with slashes, relative; links are followed within these files only */
    abstract Optional<InputStream> open(String name) throws IOException;

    /** {@return the digest and size of a required file}
     *
     *  @param name with slashes, relative
     *  @param namedBy the file that refers to it */
    Image.Blob described(String name, String namedBy) throws IOException {
        try (InputStream in = open(name).orElseThrow(() -> missing(name, namedBy))) {
            MessageDigest sha256 = Digest.sha256();
            DigestInputStream hashed = new DigestInputStream(in, sha256);
            byte[] start = hashed.readNBytes(Compression.MAGIC_BYTES);
            long size = start.length + hashed.transferTo(OutputStream.nullOutputStream());
            return new Image.Blob(Digest.ofHash(sha256.digest()), size, Compression.of(start));
        }
    }

    /** Throws unless a layer's bytes are those that its manifest names. */
    void requireLayer(String name, Layer layer, String namedBy) throws IOException {
        Image.Blob got = described(name, namedBy);
        if (!got.digest().equals(layer.digest())) {
            throw invalid(name + ": its bytes are " + got.digest());
        }
        if (got.size() != layer.size()) {
            throw invalid(namedBy + ": size of " + name + ": expected " + got.size() + ", got " + layer.size());
        }
    }

    /** {@return a required small file, whole} */
    byte[] requiredSmall(String name, String namedBy) throws IOException {
        return small(name).orElseThrow(() -> missing(name, namedBy));
    }

    private ReleaseException missing(String name, String namedBy) {
        return invalid(namedBy + " names " + name + ", which is not there");
    }

    /** {@return the small blob that a descriptor names, checked against its digest} */
    byte[] blob(JsonNode descriptor, String namedBy) throws IOException {
        Digest digest = ImageForm.digest(where, namedBy, descriptor.path("digest"));
        String name = ImageTar.blob(digest);
        byte[] bytes = requiredSmall(name, namedBy);
        if (!Digest.of(bytes).equals(digest)) {
            throw invalid(name + ": its bytes are " + Digest.of(bytes));
        }
        return bytes;
    }

    /** {@return a small file, whole; empty if there is none of this name} */
    Optional<byte[]> small(String name) throws IOException {
        Optional<InputStream> found = open(name);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = found.get()) {
            byte[] bytes = in.readNBytes(Image.MAX_JSON_BYTES + 1);
            if (bytes.length > Image.MAX_JSON_BYTES) {
                throw invalid(name + ": expected at most " + Image.MAX_JSON_BYTES + " bytes, got more");
            }
            return Optional.of(bytes);
        }
    }

    final ReleaseException invalid(String what) {
        return new ReleaseException.VerificationFailed(where + ": " + what);
    }

    @Override
    public abstract void close() throws IOException;
}
