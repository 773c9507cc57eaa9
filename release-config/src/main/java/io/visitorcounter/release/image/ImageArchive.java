package io.visitorcounter.release.image;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;

/** A docker-archive tar: one image with its layers, as {@code mvn package jib:buildTar} writes it. Read in bounds and
 *  without trust: a broken or hostile file gives one clear error. */
final class ImageArchive {

    static final String MANIFEST = "manifest.json";
    private static final String INDEX = "index.json";
    private static final String BLOBS = "blobs/sha256/";
    private static final int MAX_ENTRIES = 10_000;
    private static final int GZIP_MAGIC = 0x1f8b;
    private static final int BUFFER_BYTES = 1 << 16;

    private ImageArchive() {}

    /** {@return whether the file begins as tars do; only what is in it shows whether it is an image}
     *
     *  @param file a path that is there */
    static boolean isTar(Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] header = in.readNBytes(TarConstants.DEFAULT_RCDSIZE);
            return TarArchiveInputStream.matches(header, header.length);
        } catch (IOException e) {
            throw new ReleaseException.Unreachable(file + ": can't be read: " + e.getMessage(), e);
        }
    }

    /** {@return the image in this file, its manifest derived, every layer's bytes digested}
     *
     *  @param file a tar
     *  @param where what to call it in messages
     *  @throws ReleaseException.NotFound if there is no such file
     *  @throws ReleaseException.VerificationFailed if it is no docker-archive of one image */
    static Image read(Path file, String where) {
        try {
            Names names = names(file, where);
            Map<String, Image.Blob> digested = new HashMap<>();
            byte[] config = new byte[0];
            String index = "";
            try (TarArchiveInputStream tar = open(file)) {
                for (TarArchiveEntry entry = next(tar, where); entry != null; entry = next(tar, where)) {
                    String name = entry.getName();
                    if (name.equals(names.config())) {
                        config = smallEntry(tar, entry, where);
                        digested.put(name, new Image.Blob(Digest.of(config), config.length));
                    } else if (name.equals(INDEX)) {
                        index = new String(smallEntry(tar, entry, where), StandardCharsets.UTF_8);
                    } else if (names.layers().contains(name) || name.startsWith(BLOBS)) {
                        digested.put(
                                name, digest(tar, entry, where, names.layers().contains(name)));
                    }
                }
            }
            List<Image.Blob> layers = new ArrayList<>();
            for (String name : names.layers()) {
                layers.add(found(digested, name, where));
            }
            found(digested, names.config(), where);
            checkNames(digested, where);
            Image image = Image.derived(where, config, layers);
            if (!index.isEmpty() && !index.contains(image.digest().text())) {
                throw invalid(where, INDEX + ": expected the image " + image.digest() + ", got another");
            }
            return image;
        } catch (NoSuchFileException e) {
            throw new ReleaseException.NotFound(where + ": no such image; build it with mvn package, or name another");
        } catch (IOException | IllegalArgumentException e) {
            // commons-compress answers some broken headers with IllegalArgumentException.
            throw invalid(where, "not a readable docker-archive tar (" + e.getMessage() + ")");
        }
    }

    private static Image.Blob found(Map<String, Image.Blob> digested, String name, String where) {
        Image.Blob blob = digested.get(name);
        if (blob == null) {
            throw invalid(where, "manifest.json names " + name + ", which is not in the tar");
        }
        return blob;
    }

    /** A blob of an OCI layout is named by its digest. */
    private static void checkNames(Map<String, Image.Blob> digested, String where) {
        digested.forEach((name, blob) -> {
            if (name.startsWith(BLOBS) && !name.equals(BLOBS + blob.digest().hex())) {
                throw invalid(where, name + ": its bytes are " + blob.digest());
            }
        });
    }

    /** {@return the config's bytes}
     *
     *  @param file a tar
     *  @param where what to call it in messages
     *  @throws IOException if the file can't be read */
    static byte[] config(Path file, String where) throws IOException {
        String name = names(file, where).config();
        try (InputStream entry = entry(file, where, name)) {
            return entry.readNBytes(Image.MAX_JSON_BYTES);
        }
    }

    /** {@return the bytes of a layer as stored, to be closed}
     *
     *  @param file a tar
     *  @param where what to call it in messages
     *  @param index which layer; 0 is the lowest
     *  @throws IOException if the file can't be read */
    static InputStream layer(Path file, String where, int index) throws IOException {
        List<String> names = names(file, where).layers();
        if (index >= names.size()) {
            throw invalid(where, "expected a layer " + (index + 1) + ", got " + names.size() + " layers");
        }
        return entry(file, where, names.get(index));
    }

    private static InputStream entry(Path file, String where, String name) throws IOException {
        TarArchiveInputStream tar = open(file);
        try {
            for (TarArchiveEntry entry = next(tar, where); entry != null; entry = next(tar, where)) {
                if (entry.getName().equals(name)) {
                    return tar;
                }
            }
        } catch (IOException | RuntimeException e) {
            tar.close();
            throw e;
        }
        tar.close();
        throw invalid(where, name + " is not in the tar");
    }

    private record Names(String config, List<String> layers) {}

    private static Names names(Path file, String where) throws IOException {
        Optional<byte[]> manifest = Optional.empty();
        int entries = 0;
        Set<String> seen = new HashSet<>();
        boolean ociLayout = false;
        try (TarArchiveInputStream tar = open(file)) {
            for (TarArchiveEntry entry = next(tar, where); entry != null; entry = next(tar, where)) {
                if (++entries > MAX_ENTRIES) {
                    throw invalid(where, "expected at most " + MAX_ENTRIES + " entries, got more");
                }
                if (!seen.add(entry.getName())) {
                    throw invalid(where, "entry " + entry.getName() + " is there twice");
                }
                ociLayout |= entry.getName().equals("oci-layout");
                if (entry.getName().equals(MANIFEST)) {
                    manifest = Optional.of(smallEntry(tar, entry, where));
                }
            }
        }
        boolean oci = ociLayout;
        byte[] bytes = manifest.orElseThrow(() -> invalid(
                where,
                "expected a docker-archive tar with a manifest.json, got "
                        + (oci ? "an OCI layout; build the tar in Docker's format" : "none")));
        return names(where, json(where, bytes));
    }

    private static JsonNode json(String where, byte[] bytes) throws IOException {
        try {
            return CanonicalJson.read(bytes);
        } catch (JsonProcessingException e) {
            throw invalid(where, "manifest.json is not JSON");
        }
    }

    private static Names names(String where, JsonNode images) {
        if (!images.isArray() || images.size() != 1) {
            throw invalid(where, "manifest.json: expected one image, got " + images.size());
        }
        JsonNode only = images.get(0);
        List<String> layers = new ArrayList<>();
        only.path("Layers").forEach(layer -> layers.add(layer.asText()));
        if (!only.path("Config").isTextual() || layers.size() > Image.MAX_LAYERS) {
            throw invalid(where, "manifest.json: expected a Config and at most " + Image.MAX_LAYERS + " Layers");
        }
        return new Names(only.path("Config").asText(), layers);
    }

    private static TarArchiveInputStream open(Path file) throws IOException {
        return new TarArchiveInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES), "UTF-8");
    }

    private static @Nullable TarArchiveEntry next(TarArchiveInputStream tar, String where) throws IOException {
        TarArchiveEntry entry = tar.getNextEntry();
        if (entry != null && !isPlain(entry) && !entry.isDirectory()) {
            throw invalid(where, "entry " + entry.getName() + " is no plain file");
        }
        return entry;
    }

    // TarArchiveEntry.isFile() is true for links and devices.
    private static boolean isPlain(TarArchiveEntry entry) {
        return entry.getLinkFlag() == TarConstants.LF_NORMAL || entry.getLinkFlag() == TarConstants.LF_OLDNORM;
    }

    private static byte[] smallEntry(TarArchiveInputStream tar, TarArchiveEntry entry, String where)
            throws IOException {
        byte[] bytes = tar.readNBytes(Image.MAX_JSON_BYTES + 1);
        if (bytes.length > Image.MAX_JSON_BYTES) {
            throw invalid(where, entry.getName() + ": expected at most " + Image.MAX_JSON_BYTES + " bytes, got more");
        }
        return bytes;
    }

    private static Image.Blob digest(TarArchiveInputStream tar, TarArchiveEntry entry, String where, boolean isLayer)
            throws IOException {
        var sha256 = Digest.sha256();
        var in = new DigestInputStream(tar, sha256);
        byte[] buffer = new byte[BUFFER_BYTES];
        long size = 0;
        int magic = 0;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            if (size == 0 && read > 1) {
                magic = (buffer[0] & 0xff) << 8 | (buffer[1] & 0xff);
            }
            size += read;
        }
        if (isLayer && magic != GZIP_MAGIC) {
            // The manifest that is derived says gzip of every layer.
            throw invalid(
                    where,
                    "layer " + entry.getName() + " is not compressed, as docker save writes it; build the tar with Jib,"
                            + " or push the image to a registry and name it there");
        }
        return new Image.Blob(Digest.ofHash(sha256.digest()), size);
    }

    private static ReleaseException invalid(String where, String what) {
        return new ReleaseException.VerificationFailed(List.of(where + ": " + what));
    }
}
