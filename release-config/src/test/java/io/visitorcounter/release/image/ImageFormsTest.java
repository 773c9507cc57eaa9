package io.visitorcounter.release.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.FixtureApp;
import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The forms in which builders save an image: each becomes a release. */
class ImageFormsTest {

    @TempDir
    Path folder;

    private Image image;
    private byte[] plainLayer;
    private Path jib;

    @BeforeEach
    void build() throws IOException {
        jib = FixtureApp.tar(folder.resolve("app.tar"), "1");
        image = ImageArchive.read(jib, "app.tar");
        try (InputStream in = Compression.plain(
                        ImageArchive.layer(jib, "app.tar", 0, image.layers().get(0))
                                .orElseThrow())
                .bytes()) {
            plainLayer = in.readAllBytes();
        }
    }

    @Test
    void anOciLayoutIsReadFromATarAFolderAndACompressedTarByTheDigestThatItHas() throws IOException {
        Path tar = folder.resolve("oci.tar");
        ImageTar.write(
                tar,
                "app:1",
                image,
                index ->
                        ImageArchive.layer(jib, "app.tar", index, image.layers().get(index)));
        Path unpacked = unpacked(tar);
        Files.delete(unpacked.resolve("manifest.json"));

        for (Path form : List.of(tar, zipped(tar), unpacked)) {
            assertThat(ImageArchive.read(form, "form"))
                    .as("%s", form)
                    .extracting(Image::digest)
                    .isEqualTo(image.digest());
            released(form);
        }
    }

    @Test
    void anIndexWithinTheIndexAndItsAttestationsLeadToTheOnlyImage() throws IOException {
        Path layout = ociLayout();
        ObjectNode inner = CanonicalJson.object().put("schemaVersion", 2).put("mediaType", ImageIndex.OCI);
        inner.putArray("manifests")
                .add(descriptor(Image.OCI_MANIFEST, image.manifest()))
                .addObject()
                .put("mediaType", Image.OCI_MANIFEST)
                .put("digest", "sha256:" + "0".repeat(64))
                .putObject("platform")
                .put("os", "unknown")
                .put("architecture", "unknown");
        byte[] bytes = CanonicalJson.compact(inner);
        Files.write(layout.resolve("blobs/sha256/" + Digest.of(bytes).hex()), bytes);
        ObjectNode outer = CanonicalJson.object().put("schemaVersion", 2);
        outer.putArray("manifests").add(descriptor(ImageIndex.OCI, bytes));
        Files.write(layout.resolve("index.json"), CanonicalJson.compact(outer));

        assertThat(ImageArchive.read(layout, "layout").digest()).isEqualTo(image.digest());
    }

    @Test
    void whatDockerAndPodmanSaveIsReadWithItsUncompressedLayersAndItsLinks() throws IOException {
        for (boolean linked : new boolean[] {false, true}) {
            Path tar = folder.resolve("saved-" + linked + ".tar");
            try (TarArchiveOutputStream out = new TarArchiveOutputStream(Files.newOutputStream(tar))) {
                put(out, "0a/VERSION", "1.0".getBytes(StandardCharsets.UTF_8));
                put(out, "config.json", image.config());
                put(out, linked ? "layer.tar" : "0a/layer.tar", plainLayer);
                if (linked) {
                    TarArchiveEntry link = new TarArchiveEntry("0a/layer.tar", TarArchiveEntry.LF_SYMLINK);
                    link.setLinkName("../layer.tar");
                    out.putArchiveEntry(link);
                    out.closeArchiveEntry();
                }
                put(
                        out,
                        "manifest.json",
                        "[{\"Config\":\"config.json\",\"RepoTags\":[\"a:1\"],\"Layers\":[\"0a/layer.tar\"]}]"
                                .getBytes(StandardCharsets.UTF_8));
                put(out, "repositories", "{}".getBytes(StandardCharsets.UTF_8));
            }

            for (Path form : List.of(tar, zipped(tar), unpacked(tar))) {
                Image read = ImageArchive.read(form, "form");
                assertThat(read.layers().get(0).digest()).isEqualTo(Digest.of(plainLayer));
                assertThat(read.layers().get(0).mediaType()).isEqualTo("application/vnd.oci.image.layer.v1.tar");
                released(form);
            }
        }
    }

    @Test
    void aHealthCheckMakesItDockersOwnFormat() throws IOException {
        ObjectNode config = CanonicalJson.parse("config", image.config());
        config.withObjectProperty("config")
                .putObject("Healthcheck")
                .putArray("Test")
                .add("CMD")
                .add("true");
        Path tar = folder.resolve("healthy.tar");
        try (TarArchiveOutputStream out = new TarArchiveOutputStream(Files.newOutputStream(tar))) {
            put(out, "config.json", CanonicalJson.compact(config));
            put(out, "layer.tar", plainLayer);
            put(
                    out,
                    "manifest.json",
                    "[{\"Config\":\"config.json\",\"Layers\":[\"layer.tar\"]}]".getBytes(StandardCharsets.UTF_8));
        }

        Image read = ImageArchive.read(tar, "tar");

        assertThat(read.mediaType()).isEqualTo(Image.DOCKER_MANIFEST);
        assertThat(read.layers().get(0).mediaType()).isEqualTo("application/vnd.docker.image.rootfs.diff.tar");
        released(tar);
    }

    /** As nerdctl and Docker's newer store save one of an image's platforms, under two names. */
    @Test
    void aListThatNamesAnImageTwiceAndAPlatformThatWasNotSavedIsThatImage() throws IOException {
        Path layout = ociLayout();
        ObjectNode index = CanonicalJson.object().put("schemaVersion", 2);
        var manifests = index.putArray("manifests");
        manifests.add(descriptor(Image.OCI_MANIFEST, image.manifest()));
        manifests.add(descriptor(Image.OCI_MANIFEST, image.manifest()));
        manifests.addObject().put("mediaType", Image.OCI_MANIFEST).put("digest", "sha256:" + "1".repeat(64));
        Files.write(layout.resolve("index.json"), CanonicalJson.compact(index));

        assertThat(ImageArchive.read(layout, "layout").digest()).isEqualTo(image.digest());
        released(layout);
    }

    private Path ociLayout() throws IOException {
        Path tar = folder.resolve("oci.tar");
        ImageTar.write(
                tar,
                "app:1",
                image,
                index ->
                        ImageArchive.layer(jib, "app.tar", index, image.layers().get(index)));
        return unpacked(tar);
    }

    /** {@code skopeo copy … dir:FOLDER}. */
    @Test
    void aFolderOfBlobsBesideAManifestIsReadByTheDigestThatItHas() throws IOException {
        Path layout = ociLayout();
        Path plain = Files.createDirectory(folder.resolve("plain"));
        Files.write(plain.resolve("manifest.json"), image.manifest());
        Files.writeString(plain.resolve("version"), "Directory Transport Version: 1.1\n");
        try (var blobs = Files.list(layout.resolve("blobs/sha256"))) {
            for (Path blob : blobs.toList()) {
                Files.copy(blob, plain.resolve(blob.getFileName()));
            }
        }

        assertThat(ImageArchive.read(plain, "plain").digest()).isEqualTo(image.digest());
        released(plain);

        Files.writeString(plain.resolve(image.layers().get(0).digest().hex()), "x");
        assertThatThrownBy(() -> ImageArchive.read(plain, "plain")).hasMessageContaining("its bytes are");
    }

    // https://github.com/containerd/containerd/issues/12890
    @Test
    void aLinkMayBeWrittenFromTheRootOfTheTar() throws IOException {
        Path tar = folder.resolve("rooted.tar");
        try (TarArchiveOutputStream out = new TarArchiveOutputStream(Files.newOutputStream(tar))) {
            put(out, "config.json", image.config());
            put(out, ".real.tar", plainLayer);
            TarArchiveEntry link = new TarArchiveEntry("0a/layer.tar", TarArchiveEntry.LF_SYMLINK);
            link.setLinkName(".real.tar");
            out.putArchiveEntry(link);
            out.closeArchiveEntry();
            put(
                    out,
                    "manifest.json",
                    "[{\"Config\":\"config.json\",\"Layers\":[\"0a/layer.tar\"]}]".getBytes(StandardCharsets.UTF_8));
        }

        released(tar);
    }

    @Test
    void aLayerThatJavaCanNotUnpackIsKeptAsItIs() throws IOException {
        for (String start : List.of("\u00fd7zXZ\0", "BZh9", "(\u00b5/\u00fd")) {
            Path tar = folder.resolve("packed-" + start.length() + ".tar");
            try (TarArchiveOutputStream out = new TarArchiveOutputStream(Files.newOutputStream(tar))) {
                put(out, "config.json", image.config());
                put(out, "layer.tar", (start + "packed").getBytes(StandardCharsets.ISO_8859_1));
                put(
                        out,
                        "manifest.json",
                        "[{\"Config\":\"config.json\",\"Layers\":[\"layer.tar\"]}]".getBytes(StandardCharsets.UTF_8));
            }

            released(tar);
        }
    }

    @Test
    void severalImagesAreRefusedWithWhatThereIs() throws IOException {
        Path tar = folder.resolve("two.tar");
        try (TarArchiveOutputStream out = new TarArchiveOutputStream(Files.newOutputStream(tar))) {
            put(out, "manifest.json", "[{},{}]".getBytes(StandardCharsets.UTF_8));
        }

        assertThatThrownBy(() -> ImageArchive.read(tar, "tar")).hasMessageContaining("save only the one that is meant");
    }

    @Test
    void aLinkOutOfAFolderIsNotFollowed() throws IOException {
        Path layout = Files.createDirectory(folder.resolve("layout"));
        Path secret = Files.writeString(folder.resolve("secret"), "{}");
        Files.writeString(layout.resolve("oci-layout"), "{}");
        Files.createSymbolicLink(layout.resolve("index.json"), secret);

        assertThatThrownBy(() -> ImageArchive.read(layout, "layout"))
                .isInstanceOf(ReleaseException.VerificationFailed.class)
                .hasMessageContaining("leads out of the folder");
    }

    private void released(Path form) {
        ImageFolder images = new ImageFolder(folder.resolve("images-" + System.nanoTime()));
        ImageStore.PendingImage found = images.find(form.toString());
        found.keep();
        ImageStore.Stored app = found.stored();
        java.util.TreeMap<String, byte[]> files =
                new java.util.TreeMap<>(java.util.Map.of("app.conf", "a = 1".getBytes(StandardCharsets.UTF_8)));
        ReleaseLayer layer = ReleaseLayer.of(
                new io.visitorcounter.release.Environment("dev"),
                app.image(),
                java.util.Optional.empty(),
                Digest.of(new byte[0]),
                files,
                new java.util.TreeMap<>());
        ImageStore.PendingImage made = images.make(app, layer);
        made.keep();
        Image read = images.read(made.stored().name(), made.image().digest());
        assertThat(LayerCheck.faults(images, made.stored().name(), read)).isEmpty();
        assertThat(read.mediaType()).isEqualTo(app.image().mediaType());
        assertThat(read.layers().get(0)).isEqualTo(app.image().layers().get(0));
    }

    private static ObjectNode descriptor(String type, byte[] bytes) {
        return CanonicalJson.object()
                .put("mediaType", type)
                .put("digest", Digest.of(bytes).text())
                .put("size", bytes.length);
    }

    private Path zipped(Path tar) throws IOException {
        Path zipped = tar.resolveSibling(tar.getFileName() + ".gz");
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
            Files.copy(tar, out);
        }
        return zipped;
    }

    private Path unpacked(Path tar) throws IOException {
        Path target = Files.createDirectories(folder.resolve(tar.getFileName() + "-folder"));
        try (var in = new org.apache.commons.compress.archivers.tar.TarArchiveInputStream(Files.newInputStream(tar))) {
            for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                Path file = target.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
                } else {
                    Files.copy(in, file);
                }
            }
        }
        return target;
    }

    private static void put(TarArchiveOutputStream tar, String name, byte[] bytes) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }
}
