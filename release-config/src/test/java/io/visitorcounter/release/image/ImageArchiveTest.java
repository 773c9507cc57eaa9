package io.visitorcounter.release.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.FixtureApp;
import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageArchiveTest {

    private static final String CONFIG = "{\"config\":{},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}";

    @TempDir
    Path folder;

    @Test
    void anImageOfJibIsReadWithItsLabelsLayersAndCommand() {
        Image image = ImageArchive.read(FixtureApp.tar(folder.resolve("app.tar"), "1"), "app.tar");

        assertThat(image.labels()).containsEntry("io.visitorcounter.contract", FixtureApp.CONTRACT);
        assertThat(image.command()).startsWith("java").endsWith("io.visitorcounter.release.EchoApp");
        assertThat(image.layers()).hasSize(1).allMatch(Layer::isAboveBase);
        assertThat(image.digest()).isEqualTo(Digest.of(image.manifest()));
    }

    @Test
    void theSameBuildTwiceIsTheSameReleaseImageWhereverItWasMade() {
        ReleaseLayer layer = layer("one");

        String first = made("first", "1", layer);
        String second = made("second", "1", layer);

        assertThat(first).isEqualTo(second).isNotEqualTo(made("third", "1", layer("two")));
        assertThat(first).isNotEqualTo(made("fourth", "2", layer));
    }

    @Test
    void whatIsNoImageIsRefusedWithTheReason() throws IOException {
        Files.writeString(folder.resolve("text.tar"), "no tar at all");
        refused("text.tar", "got neither");
        tar("empty.tar", Map.of());
        refused("empty.tar", "got neither");
        tar("oci.tar", Map.of("oci-layout", "{}", "index.json", "[]"));
        refused("oci.tar", "index.json: expected a JSON object");
        tar("broken.tar", Map.of("manifest.json", "[{"));
        refused("broken.tar", "manifest.json is not JSON");
        tar("two.tar", Map.of("manifest.json", "[{},{}]"));
        refused("two.tar", "expected one image, got 2");
        tar("missing.tar", Map.of("manifest.json", manifest("layer.tar.gz"), "config.json", CONFIG));
        refused("missing.tar", "names layer.tar.gz, which is not there");
        tar("large.tar", Map.of("manifest.json", " ".repeat(Image.MAX_JSON_BYTES + 1)));
        refused("large.tar", "expected at most " + Image.MAX_JSON_BYTES);
        String blob = "sha256:" + "0".repeat(64);
        tar(
                "blob.tar",
                Map.of(
                        "oci-layout",
                        "{}",
                        "index.json",
                        "{\"manifests\":[{\"digest\":\"" + blob + "\"}]}",
                        "blobs/sha256/" + "0".repeat(64),
                        "{}"));
        refused("blob.tar", "its bytes are sha256:");
    }

    @Test
    void aLayerThatIsNotAsLongAsItsManifestSaysIsRefused() throws IOException {
        Digest layer = Digest.of("layer".getBytes(StandardCharsets.UTF_8));
        String config = "{\"rootfs\":{\"diff_ids\":[\"" + layer + "\"]}}";
        Digest configDigest = Digest.of(config.getBytes(StandardCharsets.UTF_8));
        String manifest = "{\"config\":{\"digest\":\"" + configDigest + "\",\"size\":" + config.length()
                + "},\"layers\":[{\"digest\":\"" + layer + "\",\"size\":SIZE}]}";

        for (int size : new int[] {4, 5, 6}) {
            tar(
                    size + ".tar",
                    Map.of(
                            "manifest.json",
                            manifest.replace("SIZE", Integer.toString(size)),
                            configDigest.hex(),
                            config,
                            layer.hex(),
                            "layer"));
        }

        assertThat(ImageArchive.read(folder.resolve("5.tar"), "5.tar").layers()).hasSize(1);
        refused("4.tar", "manifest.json: size of " + layer.hex() + ": expected 5, got 4");
        refused("6.tar", "manifest.json: size of " + layer.hex() + ": expected 5, got 6");
    }

    @Test
    void aLinkOrARepeatedEntryIsRefused() throws IOException {
        try (TarArchiveOutputStream tar =
                new TarArchiveOutputStream(Files.newOutputStream(folder.resolve("link.tar")))) {
            TarArchiveEntry link = new TarArchiveEntry("manifest.json", TarArchiveEntry.LF_SYMLINK);
            link.setLinkName("/etc/passwd");
            tar.putArchiveEntry(link);
            tar.closeArchiveEntry();
        }
        // The link leads out of the tar, so there is no such file.
        refused("link.tar", "got neither");
        try (TarArchiveOutputStream tar =
                new TarArchiveOutputStream(Files.newOutputStream(folder.resolve("twice.tar")))) {
            put(tar, "manifest.json", "[]");
            put(tar, "manifest.json", "[]");
        }
        refused("twice.tar", "occurs twice");
    }

    @Test
    void aTarThatIsCutAnywhereNeverBecomesAnImageOrABug() throws IOException {
        byte[] whole = Files.readAllBytes(FixtureApp.tar(folder.resolve("app.tar"), "1"));
        Image image = ImageArchive.read(folder.resolve("app.tar"), "app.tar");

        for (int length = 0; length < whole.length; length += 97) {
            Path cut = folder.resolve("cut.tar");
            Files.write(cut, java.util.Arrays.copyOf(whole, length));
            try {
                // What was cut off after the last entry is padding.
                assertThat(ImageArchive.read(cut, "cut.tar").digest()).isEqualTo(image.digest());
            } catch (ReleaseException.VerificationFailed expected) {
                assertThat(expected.getMessage()).startsWith("cut.tar: ");
            }
        }
    }

    private String made(String name, String build, ReleaseLayer layer) {
        Path place = folder.resolve(name);
        place.toFile().mkdirs();
        ImageFolder images = new ImageFolder(place.resolve("images"));
        ImageStore.PendingImage app =
                images.find(FixtureApp.tar(place.resolve("app.tar"), build).toString());
        app.keep();
        ImageStore.PendingImage made = images.make(app.stored(), layer);
        made.keep();
        return made.image().digest().text();
    }

    private static ReleaseLayer layer(String config) {
        TreeMap<String, byte[]> files = new TreeMap<>();
        files.put("app.conf", config.getBytes(StandardCharsets.UTF_8));
        files.put("bundle.json", "{}".getBytes(StandardCharsets.UTF_8));
        Digest digest = Digest.of(config.getBytes(StandardCharsets.UTF_8));
        return new ReleaseLayer(
                new Environment("dev"),
                digest,
                Optional.of(digest),
                digest,
                files,
                "/release/",
                "CONFIG_FILE",
                new TreeMap<>());
    }

    private void refused(String name, String reason) {
        assertThatThrownBy(() -> ImageArchive.read(folder.resolve(name), name))
                .isInstanceOf(ReleaseException.VerificationFailed.class)
                .hasMessageStartingWith(name + ": ")
                .hasMessageContaining(reason);
    }

    private static String manifest(String... layers) {
        return "[{\"Config\":\"config.json\",\"Layers\":["
                + String.join(
                        ",",
                        java.util.Arrays.stream(layers)
                                .map(layer -> "\"" + layer + "\"")
                                .toList()) + "]}]";
    }

    private void tar(String name, Map<String, String> entries) throws IOException {
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(folder.resolve(name)))) {
            for (Map.Entry<String, String> entry : new TreeMap<>(entries).entrySet()) {
                put(tar, entry.getKey(), entry.getValue());
            }
        }
    }

    private static void put(TarArchiveOutputStream tar, String name, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }
}
