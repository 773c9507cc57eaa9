package io.visitorcounter.release.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FileEntry;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.FixtureApp;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReleaseBuildTest {

    private static final Digest DIGEST = new Digest("sha256:" + "1".repeat(64));

    @TempDir
    Path folder;

    private static ReleaseLayer layer() {
        TreeMap<String, byte[]> files = new TreeMap<>();
        files.put("app.conf", "greeting = \"grüß\"".getBytes(StandardCharsets.UTF_8));
        files.put("app.env", new byte[0]);
        files.put("bundle.json", "{}".repeat(5000).getBytes(StandardCharsets.UTF_8));
        return new ReleaseLayer(
                new Environment("dev"),
                DIGEST,
                Optional.of(DIGEST),
                DIGEST,
                files,
                "/release/",
                "CONFIG_FILE",
                new TreeMap<>());
    }

    @Test
    void theReleaseImageIsTheOneThatJibWouldMake() throws Exception {
        Path tar = FixtureApp.tar(folder.resolve("app.tar"), "1");
        Image app = ImageArchive.read(tar, "app.tar");
        Path byJib = jib(tar);
        Image expected = ImageArchive.read(byJib, "release.tar");

        ReleaseBuild.Built built = ReleaseBuild.make(app, layer());

        // The layer's tar, byte for byte; how Jib compresses it is not ours.
        assertThat(built.image().layers())
                .extracting(Layer::diffId)
                .containsExactlyElementsOf(
                        expected.layers().stream().map(Layer::diffId).toList());
        assertThat(built.image().layers().get(0)).isEqualTo(app.layers().get(0));
        assertThat(built.image().labels()).isEqualTo(expected.labels());
        assertThat(built.image().environment()).isEqualTo(expected.environment());
        assertThat(built.image().command()).isEqualTo(expected.command());
        assertThat(ReleaseImageCheck.faults(expected, app, layer())).isEmpty();
        assertThat(built.image().layers().get(1).madeBy()).startsWith("release:");
    }

    private Path jib(Path tar) throws Exception {
        FileEntriesLayer.Builder files = FileEntriesLayer.builder().setName("release");
        for (var file : layer().files().entrySet()) {
            files.addEntry(new FileEntry(
                    Files.write(folder.resolve(file.getKey()), file.getValue()),
                    AbsoluteUnixPath.get(layer().folder() + file.getKey()),
                    FilePermissions.fromOctalString("444"),
                    Instant.EPOCH,
                    "0:0"));
        }
        JibContainerBuilder image = Jib.from(TarImage.at(tar))
                .setFormat(ImageFormat.Docker)
                .setCreationTime(Instant.EPOCH)
                .addFileEntriesLayer(files.build());
        layer().labels().forEach(image::addLabel);
        layer().variables().forEach(image::addEnvironmentVariable);
        Path target = folder.resolve("release.tar");
        image.containerize(Containerizer.to(TarImage.at(target).named("release"))
                .setBaseImageLayersCache(folder.resolve("base-layers"))
                .setApplicationLayersCache(folder.resolve("layers")));
        return target;
    }

    @Test
    void aHealthCheckThatIsSwitchedOffIsNone() {
        Image app = image("""
            {"config":{"Healthcheck":{"Test":["NONE"]}},"rootfs":{"type":"layers","diff_ids":[]}}\
            """);

        assertThat(ImageDeclaration.of(app).hasHealthCheck()).isFalse();
    }

    @Test
    void whatElseAnImageSaysIsKept() {
        Image app = image("""
            {"architecture":"arm64","variant":"v8","os":"linux","created":"2020-01-01T00:00:00Z",
            "config":{"User":"7","Env":["A=1","CONFIG_FILE=/old"],"Labels":null,"StopSignal":"SIGQUIT",
            "Healthcheck":{"Test":["CMD","true"]},"Volumes":{"/d":{}},"Unheard":[1]},
            "rootfs":{"type":"layers","diff_ids":[]},"history":[{"created_by":"x","empty_layer":true}]}\
            """);

        Image release = ReleaseBuild.make(app, layer()).image();

        JsonNode config = CanonicalJson.parse("config", release.config());
        JsonNode runtime = config.path("config");
        assertThat(config.path("variant").asText()).isEqualTo("v8");
        assertThat(config.path("created").asText()).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(runtime.path("StopSignal").asText()).isEqualTo("SIGQUIT");
        assertThat(runtime.path("Healthcheck").path("Test").get(1).asText()).isEqualTo("true");
        assertThat(ImageDeclaration.of(release).hasHealthCheck()).isTrue();
        assertThat(runtime.path("Unheard").get(0).asInt()).isEqualTo(1);
        assertThat(release.environment()).containsEntry("A", "1").containsEntry("CONFIG_FILE", "/release/app.conf");
        assertThat(runtime.path("Env")).hasSize(2 + 3);
        assertThat(release.labels()).isEqualTo(layer().labels());
        assertThat(config.path("history")).hasSize(2);
        assertThat(app.config()).asString(StandardCharsets.UTF_8).contains("CONFIG_FILE=/old");
    }

    @Test
    void theAppsDescriptorsAndItsManifestsFamilyAreCopiedAsTheyAre() {
        String config = "{\"rootfs\":{\"diff_ids\":[\"" + DIGEST + "\",\"" + DIGEST + "\"]}}";
        byte[] configBytes = config.getBytes(StandardCharsets.UTF_8);
        for (String family : List.of(Image.OCI_MANIFEST, Image.DOCKER_MANIFEST)) {
            String layers = "[{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar+zstd\",\"digest\":\"" + DIGEST
                    + "\",\"size\":5,\"annotations\":{\"toc\":\"1\"}},"
                    + "{\"mediaType\":\"application/vnd.docker.image.rootfs.foreign.diff.tar.gzip\",\"digest\":\""
                    + DIGEST
                    + "\",\"size\":6,\"urls\":[\"https://elsewhere.example/a\"]}]";
            String manifest = "{\"schemaVersion\":2,\"mediaType\":\"" + family
                    + "\",\"annotations\":{\"a\":\"b\"},\"subject\":{},\"config\":{\"mediaType\":\"x/y\",\"data\":\"e30=\","
                    + "\"digest\":\"" + Digest.of(configBytes) + "\",\"size\":" + configBytes.length + "},\"layers\":"
                    + layers + "}";
            Image app = Image.of("app", manifest.getBytes(StandardCharsets.UTF_8), configBytes);

            Image release = ReleaseBuild.make(app, layer()).image();

            JsonNode made = CanonicalJson.parse("manifest", release.manifest());
            assertThat(made.path("mediaType").asText()).isEqualTo(family);
            assertThat(made.at("/annotations/a").asText()).isEqualTo("b");
            assertThat(made.at("/config/mediaType").asText()).isEqualTo("x/y");
            assertThat(made.at("/config").has("data")).isFalse();
            assertThat(made.has("subject")).isFalse();
            assertThat(made.path("layers").get(0).toString()
                            + made.path("layers").get(1))
                    .isEqualTo(layers.substring(1, layers.length() - 1).replace("},{", "}{"));
            assertThat(made.path("layers").get(2).path("mediaType").asText())
                    .isEqualTo(
                            family.equals(Image.OCI_MANIFEST)
                                    ? "application/vnd.oci.image.layer.v1.tar+gzip"
                                    : "application/vnd.docker.image.rootfs.diff.tar.gzip");
        }
    }

    @Test
    void theLayersBytesAreTheSameInEveryJava() throws Exception {
        byte[] stored = StoredGzip.of(LayerBytes.tar(layer()));

        // Written down once: no Java, no zlib and no library may change it.
        assertThat(Digest.of(StoredGzip.of("hello".getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(Digest.of(java.util.HexFormat.of()
                        .parseHex("1f8b08000000000000ff" + "010500faff" + "68656c6c6f" + "86a61036" + "05000000")));
        byte[] large = new byte[200_000];
        new java.util.Random(1).nextBytes(large);
        for (byte[] plain : List.of(new byte[0], LayerBytes.tar(layer()), new byte[65535], new byte[65536], large)) {
            try (InputStream in =
                    new java.util.zip.GZIPInputStream(new java.io.ByteArrayInputStream(StoredGzip.of(plain)))) {
                assertThat(in.readAllBytes()).isEqualTo(plain);
            }
        }
        assertThat(LayerBytes.again(layer(), Digest.of(stored))).contains(stored);
    }

    @Test
    void aHistoryThatDoesNotTellOfEveryLayerStaysAsItIs() {
        String diffId = DIGEST.text();
        Image app = image(
                "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"" + diffId
                        + "\"]}}",
                new Image.Blob(DIGEST, 5));

        Image release = ReleaseBuild.make(app, layer()).image();

        assertThat(CanonicalJson.parse("config", release.config()).has("history"))
                .isFalse();
        assertThat(release.layers()).hasSize(2);
    }

    private static Image image(String config, Image.Blob... layers) {
        return Image.described("app", config.getBytes(StandardCharsets.UTF_8), List.of(layers), Family.OCI);
    }
}
