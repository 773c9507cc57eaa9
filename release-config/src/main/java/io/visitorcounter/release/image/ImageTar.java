package io.visitorcounter.release.image;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Writes an image as a tar that is a docker-archive and an OCI layout at once: {@code docker load} reads it, and OCI
 *  tools copy it into a registry with its digest unchanged. The same image gives the same bytes. */
final class ImageTar {

    private static final String BLOBS = "blobs/sha256/";
    /** The annotation for an image's name in an index. */
    static final String NAME = "org.opencontainers.image.ref.name";

    private static final int FILE_MODE = 0100644;

    private ImageTar() {}

    /** Where a layer's bytes come from. */
    interface Layers {

        /** {@return the bytes as stored, to be closed; empty if they are not here}
         *
         *  @param index which layer; 0 is the lowest */
        Optional<InputStream> open(int index) throws IOException;
    }

    /** Writes a tar.
     *
     *  @param target a file that does not exist
     *  @param name the image's name once it is loaded
     *  @param layers its layers' bytes, one for each layer of the manifest */
    static void write(Path target, String name, Image image, Layers layers) throws IOException {
        ObjectNode index = index();
        ObjectNode listed = index.withArrayProperty("manifests").addObject();
        image.describe(listed);
        listed.putObject("annotations").put(NAME, name);
        try (TarArchiveOutputStream tar = open(target)) {
            Set<Digest> written = new HashSet<>();
            for (int i = 0; i < image.layers().size(); i++) {
                Layer layer = image.layers().get(i);
                if (written.add(layer.digest())) {
                    put(tar, image, layer, layers.open(i));
                }
            }
            put(tar, blob(Digest.of(image.config())), image.config());
            put(tar, blob(image.digest()), image.manifest());
            end(tar, index, image, name);
        }
    }

    /** {@return where a blob is in a layout} */
    static String blob(Digest digest) {
        return BLOBS + digest.hex();
    }

    /** {@return the index of a layout without images} */
    static ObjectNode index() {
        ObjectNode index = CanonicalJson.object().put("schemaVersion", 2).put("mediaType", ImageIndex.OCI);
        index.putArray("manifests");
        return index;
    }

    /** Writes the files that turn blobs into an OCI layout with this index, and into a docker-archive of one of its
     *  images.
     *
     *  @param name the image's name once it is loaded */
    static void end(TarArchiveOutputStream tar, ObjectNode index, Image image, String name) throws IOException {
        ObjectNode docker = CanonicalJson.object().put("Config", blob(Digest.of(image.config())));
        docker.putArray("RepoTags").add(name);
        var names = docker.putArray("Layers");
        image.layers().forEach(layer -> names.add(blob(layer.digest())));
        put(tar, ImageArchive.OCI_LAYOUT, utf8("{\"imageLayoutVersion\":\"1.0.0\"}"));
        put(tar, ImageArchive.INDEX, CanonicalJson.compact(index));
        put(tar, ImageArchive.MANIFEST, utf8("[" + docker + "]"));
    }

    static void put(TarArchiveOutputStream tar, Image image, Layer layer, Optional<InputStream> there)
            throws IOException {
        if (there.isEmpty()) {
            // An engine that runs the image fetches the layer from the addresses in its descriptor.
            if (!layer.descriptor().has("urls")) {
                throw new ReleaseException.VerificationFailed(image + ": layer " + layer.digest() + ": is not there");
            }
            return;
        }
        try (InputStream bytes = there.get()) {
            MessageDigest sha256 = Digest.sha256();
            put(tar, blob(layer.digest()), layer.size(), new DigestInputStream(bytes, sha256));
            Digest got = Digest.ofHash(sha256.digest());
            // A damaged layer must not become part of a release.
            if (!got.equals(layer.digest())) {
                throw new ReleaseException.VerificationFailed(
                        image + ": layer " + layer.digest() + ": its bytes are " + got);
            }
        }
    }

    static TarArchiveOutputStream open(Path target) throws IOException {
        TarArchiveOutputStream tar =
                new TarArchiveOutputStream(Files.newOutputStream(target), StandardCharsets.UTF_8.name());
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        return tar;
    }

    static void put(TarArchiveOutputStream tar, String name, byte[] bytes) throws IOException {
        put(tar, name, bytes.length, new ByteArrayInputStream(bytes));
    }

    private static void put(TarArchiveOutputStream tar, String name, long size, InputStream bytes) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(size);
        entry.setMode(FILE_MODE);
        entry.setModTime(0);
        entry.setIds(0, 0);
        entry.setNames("", "");
        tar.putArchiveEntry(entry);
        bytes.transferTo(tar);
        tar.closeArchiveEntry();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
