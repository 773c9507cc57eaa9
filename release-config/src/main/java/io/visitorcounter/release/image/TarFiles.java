package io.visitorcounter.release.image;

import io.visitorcounter.release.ReleaseException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.io.IOUtils;
import org.jspecify.annotations.Nullable;

/** The files of an image in a tar. A compressed tar is unpacked into a temporary file first. */
final class TarFiles extends ImageFiles {

    private static final int MAX_LINKS = 8;
    private static final String REGULAR = "";
    private static final long MIN_UNPACKED = 1L << 28;
    private static final long MAX_RATIO = 100;

    private final Path tar;
    private final boolean temporary;

    // Each entry's link target; REGULAR for a plain file.
    private final Map<String, String> entries = new HashMap<>();
    private final Map<String, String> linksFromRoot = new HashMap<>();

    private TarFiles(Path tar, boolean temporary, String where) {
        super(where);
        this.tar = tar;
        this.temporary = temporary;
    }

    static TarFiles of(Path file, String where) throws IOException {
        Path plain = file;
        try (InputStream stored = Files.newInputStream(file);
                InputStream in = Compression.plain(stored).bytes()) {
            if (in instanceof GZIPInputStream) {
                plain = Files.createTempFile("image-", ".tar");
                unpack(in, plain, Math.max(MIN_UNPACKED, MAX_RATIO * Files.size(file)), where);
            }
        } catch (IOException | RuntimeException e) {
            if (!plain.equals(file)) {
                Files.delete(plain);
            }
            throw e;
        }
        TarFiles files = new TarFiles(plain, !plain.equals(file), where);
        try {
            files.list();
            return files;
        } catch (IOException | RuntimeException e) {
            files.close();
            throw e;
        }
    }

    // A few bytes of gzip can unpack to a full disk; images unpack to a few times their size.
    private static void unpack(InputStream in, Path target, long limit, String where) throws IOException {
        try (OutputStream out = Files.newOutputStream(target)) {
            if (IOUtils.copyLarge(in, out, 0, limit + 1) > limit) {
                throw new ReleaseException.VerificationFailed(where + ": expected at most " + limit
                        + " bytes once it is unpacked, got more; if that is meant, unpack it first (gunzip)");
            }
        }
    }

    private void list() throws IOException {
        int count = 0;
        try (TarArchiveInputStream in = stream()) {
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (++count > MAX_ENTRIES) {
                    throw invalid("expected at most " + MAX_ENTRIES + " entries, got more");
                }
                String name = plain(entry.getName());
                if (entry.isSparse()) {
                    // With holes, a few bytes become a file of any length, and no program that saves images writes
                    // holes.
                    throw invalid("entry " + name + ": expected a plain file, got a sparse one");
                }
                Optional<String> target = target(name, entry);
                if (entry.isSymbolicLink()) {
                    linksFromRoot.put(name, plain(entry.getLinkName()));
                }
                if (target.isPresent() && entries.put(name, target.get()) != null) {
                    throw invalid("entry " + name + " occurs twice");
                }
            }
        }
    }

    /** Where an entry's bytes are; empty for a folder or a device, which images do not use. */
    private static Optional<String> target(String name, TarArchiveEntry entry) {
        if (entry.isSymbolicLink()) {
            return Optional.of(Path.of("/" + name)
                    .resolveSibling(entry.getLinkName())
                    .normalize()
                    .toString()
                    .substring(1));
        }
        if (entry.isLink()) {
            return Optional.of(plain(entry.getLinkName()));
        }
        boolean isFile =
                entry.getLinkFlag() == TarConstants.LF_NORMAL || entry.getLinkFlag() == TarConstants.LF_OLDNORM;
        return isFile && !entry.isDirectory() ? Optional.of(REGULAR) : Optional.empty();
    }

    private static String plain(String name) {
        return name.replaceFirst("^(\\./|/)+", "");
    }

    @Override
    boolean has(String name) {
        return entries.containsKey(name);
    }

    @Override
    Optional<InputStream> open(String name) throws IOException {
        String file = name;
        String previous = name;
        for (int i = 0; i < MAX_LINKS; i++) {
            @Nullable String target = entries.get(file);
            if (target == null) {
                // Docker also resolves links from the root of the archive.
                target = linksFromRoot.get(previous);
            }
            if (target == null) {
                return Optional.empty();
            }
            if (target.equals(REGULAR)) {
                return Optional.of(entry(file));
            }
            previous = file;
            file = target;
        }
        throw invalid(name + ": expected a file, got a chain of links");
    }

    private InputStream entry(String name) throws IOException {
        TarArchiveInputStream in = stream();
        try {
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (plain(entry.getName()).equals(name) && entry.isFile()) {
                    return in;
                }
            }
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
        in.close();
        throw invalid(name + " is not in the tar any more");
    }

    private TarArchiveInputStream stream() throws IOException {
        return new TarArchiveInputStream(new BufferedInputStream(Files.newInputStream(tar), 1 << 16), "UTF-8");
    }

    @Override
    public void close() throws IOException {
        if (temporary) {
            Files.deleteIfExists(tar);
        }
    }
}
