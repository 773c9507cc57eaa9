package io.visitorcounter.release.image;

import io.visitorcounter.release.ReleaseException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** The files of a saved image: of a tar, compressed or not, or of a folder. Read in bounds and without trust. */
abstract sealed class ImageFiles implements AutoCloseable permits TarFiles, FolderFiles {

    static final int MAX_ENTRIES = 10_000;

    final String where;

    ImageFiles(String where) {
        this.where = where;
    }

    /** {@return the files, to be closed}
     *
     *  @param path a tar or a folder that is there
     *  @throws IOException if it can't be read */
    static ImageFiles of(Path path, String where) throws IOException {
        if (Files.isDirectory(path)) {
            return new FolderFiles(path, where);
        }
        return TarFiles.of(path, where);
    }

    /** {@return whether this can hold an image: only what is in it shows whether it does} */
    static boolean canBeImage(Path path) {
        if (Files.isDirectory(path)) {
            return Files.isRegularFile(path.resolve(ImageArchive.OCI_LAYOUT))
                    || Files.isRegularFile(path.resolve(ImageArchive.MANIFEST));
        }
        if (!Files.isRegularFile(path)) {
            return false;
        }
        try (InputStream in = plain(path)) {
            byte[] header = in.readNBytes(TarConstants.DEFAULT_RCDSIZE);
            return TarArchiveInputStream.matches(header, header.length);
        } catch (IOException e) {
            throw new ReleaseException.Unreachable(path + ": can't be read: " + e.getMessage(), e);
        }
    }

    /** The bytes of a file, uncompressed where they are gzip's. */
    static InputStream plain(Path file) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        in.mark(Compression.MAGIC_BYTES);
        byte[] start = in.readNBytes(Compression.MAGIC_BYTES);
        in.reset();
        return Compression.of(start) == Compression.GZIP ? new GZIPInputStream(in, 1 << 16) : in;
    }

    /** {@return whether there is a file of this name} */
    abstract boolean has(String name) throws IOException;

    /** {@return the bytes of a file, to be closed; empty if there is none of this name}
     *
     *  @param name with slashes, relative; links are followed within these files only */
    abstract Optional<InputStream> open(String name) throws IOException;

    /** {@return the bytes of a file that must be there, to be closed}
     *
     *  @param name with slashes, relative
     *  @param namedBy which file says that it is there */
    InputStream required(String name, String namedBy) throws IOException {
        return open(name).orElseThrow(() -> invalid(namedBy + " names " + name + ", which is not there"));
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
