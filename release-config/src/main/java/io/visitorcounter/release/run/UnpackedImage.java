package io.visitorcounter.release.run;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.Scratch;
import io.visitorcounter.release.image.Compression;
import io.visitorcounter.release.image.Image;
import io.visitorcounter.release.image.ImageStore;
import io.visitorcounter.release.image.Layer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.io.input.BoundedInputStream;

/** A release image's own files in a folder of this machine, named by the image's digest. Unpacked once: each layer's
 *  bytes are checked against the recorded digest before the folder gets its name. A later start only compares the
 *  folder's files with the list written then. */
final class UnpackedImage {

    // Far more than an app needs; stops a decompression bomb.
    private static final long MAX_BYTES = 4L << 30;
    private static final int MAX_FILES = 200_000;
    private static final String WHITEOUT = ".wh.";
    private static final String LIST = "files.txt";
    private static final String ROOT = "root";

    private UnpackedImage() {}

    /** {@return where {@code /} of the image is: its files, from the folder or else from the store} */
    static Path root(Path folder, ImageStore store, String name, Image image) {
        Path place = folder.resolve(image.digest().shortText());
        try {
            if (isWhole(place)) {
                return place.resolve(ROOT);
            }
            try (Scratch scratch = Scratch.in(folder)) {
                Path made = Files.createDirectory(scratch.resolve("image"));
                Path root = Files.createDirectory(made.resolve(ROOT));
                unpack(root, store, name, image);
                Files.writeString(made.resolve(LIST), list(root));
                publish(made, place, scratch.resolve("old"));
            }
            return place.resolve(ROOT);
        } catch (IOException e) {
            throw new ReleaseException.Unreachable(folder + ": the release can't be unpacked: " + e.getMessage(), e);
        }
    }

    private static void publish(Path made, Path place, Path away) throws IOException {
        // A folder that is here already is damaged, or was made meanwhile by another process: either way it is
        // replaced.
        if (Files.exists(place)) {
            Files.move(place, away, StandardCopyOption.ATOMIC_MOVE);
        }
        if (!Scratch.putInPlace(made, place) && !isWhole(place)) {
            throw new IOException(place + ": another process left it damaged");
        }
    }

    private static boolean isWhole(Path place) throws IOException {
        Path list = place.resolve(LIST);
        return Files.isRegularFile(list) && Files.readString(list).equals(list(place.resolve(ROOT)));
    }

    /** The files with their sizes and times: cheap enough to check at every start. */
    private static String list(Path root) throws IOException {
        SortedMap<String, String> lines = new TreeMap<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes is) {
                lines.put(
                        root.relativize(file).toString(),
                        is.size() + " " + is.lastModifiedTime().toMillis());
                return FileVisitResult.CONTINUE;
            }
        });
        StringBuilder text = new StringBuilder();
        lines.forEach((path, is) -> text.append(is).append(' ').append(path).append('\n'));
        return text.toString();
    }

    private static void unpack(Path root, ImageStore store, String name, Image image) throws IOException {
        List<Layer> layers = image.layers();
        for (int i = 0; i < layers.size(); i++) {
            if (layers.get(i).isAboveBase()) {
                try (InputStream stored = store.layer(name, image, i)) {
                    unpackLayer(root, stored, layers.get(i), name);
                }
            }
        }
    }

    private static void unpackLayer(Path root, InputStream stored, Layer layer, String image) throws IOException {
        MessageDigest sha256 = Digest.sha256();
        MessageDigest diffId = Digest.sha256();
        InputStream hashed = new DigestInputStream(stored, sha256);
        Compression.Plain plain = Compression.plain(hashed);
        if (!plain.isTar()) {
            throw new IOException("layer " + layer.digest() + " is compressed by zstd; run it with --engine docker");
        }
        InputStream bounded = BoundedInputStream.builder()
                .setInputStream(new DigestInputStream(plain.bytes(), diffId))
                .setMaxCount(MAX_BYTES + 1)
                .setOnMaxCount((max, count) -> {
                    throw new IOException("a layer is larger than " + MAX_BYTES + " bytes");
                })
                .get();
        TarArchiveInputStream tar = new TarArchiveInputStream(bounded, StandardCharsets.UTF_8.name());
        int files = 0;
        for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            if (++files > MAX_FILES) {
                throw new IOException("more than " + MAX_FILES + " files in a layer");
            }
            write(root, entry, tar);
        }
        // The digests cover everything, including the padding after the last entry.
        bounded.transferTo(OutputStream.nullOutputStream());
        hashed.transferTo(OutputStream.nullOutputStream());
        if (!Digest.ofHash(sha256.digest()).equals(layer.digest())
                || !Digest.ofHash(diffId.digest()).equals(layer.diffId())) {
            throw new ReleaseException.VerificationFailed(
                    image + ": layer " + layer.digest() + ": its bytes are not those that were released");
        }
    }

    private static void write(Path root, TarArchiveEntry entry, InputStream bytes) throws IOException {
        Path target = inside(root, entry.getName());
        String name = target.equals(root) ? "" : target.getFileName().toString();
        if (entry.isDirectory()) {
            Files.createDirectories(target);
        } else if (name.startsWith(WHITEOUT)) {
            Path hidden = target.resolveSibling(name.substring(WHITEOUT.length()));
            if (!name.equals(WHITEOUT + WHITEOUT + ".opq") && Files.exists(hidden, LinkOption.NOFOLLOW_LINKS)) {
                Scratch.delete(hidden);
            }
        } else if (entry.getLinkFlag() == TarConstants.LF_NORMAL || entry.getLinkFlag() == TarConstants.LF_OLDNORM) {
            Files.createDirectories(Objects.requireNonNull(target.getParent()));
            Files.copy(bytes, target, StandardCopyOption.REPLACE_EXISTING);
        } else {
            // A link could lead out of the folder, and no layer above a base image has one.
            throw new IOException(entry.getName() + " is not a regular file; run it with --engine docker");
        }
    }

    private static Path inside(Path root, String name) throws IOException {
        Path target = root.resolve(name.replaceFirst("^/+", "")).normalize();
        if (!target.startsWith(root) || name.indexOf('\0') >= 0) {
            throw new IOException(name + " leads out of the image");
        }
        return target;
    }
}
