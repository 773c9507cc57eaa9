package io.visitorcounter.release.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Images as builders write them that keep to the spec, and as those do that don't. */
class ImageFormTest {

    @TempDir
    Path folder;

    private static Image image(String config, String layers) {
        return image(config, layers, Image.OCI_CONFIG);
    }

    private static Image image(String config, String layers, String type) {
        byte[] bytes = config.getBytes(StandardCharsets.UTF_8);
        String manifest = "{\"schemaVersion\":2,\"config\":{\"mediaType\":\"" + type + "\",\"digest\":\""
                + Digest.of(bytes) + "\",\"size\":" + bytes.length + "}" + layers + "}";
        return Image.of("app", manifest.getBytes(StandardCharsets.UTF_8), bytes);
    }

    private static Image imageOfOneLayer(String diffId, String layer) {
        return image(
                "{\"rootfs\":{\"diff_ids\":[\"" + diffId + "\"]}}",
                ",\"layers\":[{\"digest\":\"" + layer + "\",\"size\":1}]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"config\":\"x\"}|config: expected an object",
                "{\"config\":{\"Labels\":[\"a=b\"]}}|config.Labels: expected an object",
                "{\"config\":{\"Env\":{\"A\":\"b\"}}}|config.Env: expected a list",
                "{\"rootfs\":\"x\"}|rootfs: expected an object",
                "{\"rootfs\":{\"diff_ids\":{}}}|rootfs.diff_ids: expected a list",
                "{\"history\":{\"a\":1}}|history: expected a list"
            })
    void aConfigOfAnotherFormIsToldByWhereItIs(String config, String told) {
        assertThatThrownBy(() -> image(config, ",\"layers\":[]"))
                .isInstanceOf(ReleaseException.VerificationFailed.class)
                .hasMessage("app: image config: " + told + ", got another value");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"layers\":null", ",\"layers\":[]"})
    void anImageWithoutLayersIsOne(String layers) {
        for (String config : List.of("{}", "{\"rootfs\":null}", "{\"rootfs\":{\"diff_ids\":null},\"history\":null}")) {
            assertThat(image(config, layers).layers()).isEmpty();
        }
    }

    @Test
    void aCommandOfOneWordMayBeNoList() {
        assertThat(image("{\"config\":{\"Entrypoint\":\"/app\",\"Cmd\":[\"-v\"]}}", "")
                        .command())
                .containsExactly("/app", "-v");
    }

    @Test
    void anImageOfOtherDigestsIsNotToldToBeDamaged() throws IOException {
        Path layout = Files.createDirectories(folder.resolve("layout"));
        Files.writeString(layout.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
        Files.writeString(
                layout.resolve("index.json"),
                "{\"manifests\":[{\"digest\":\"sha512:" + "0".repeat(128) + "\",\"size\":2}]}");
        String other = "sha512:" + "0".repeat(128);
        String own = "sha256:" + "0".repeat(64);

        assertThatThrownBy(() -> ImageArchive.read(layout, "app"))
                .isInstanceOf(ReleaseException.Usage.class)
                .hasMessage("app: expected digests of SHA-256, got one of sha512, which this tool can't use; build the"
                        + " image with SHA-256");
        assertThatThrownBy(() -> imageOfOneLayer(own, other)).isInstanceOf(ReleaseException.Usage.class);
        assertThatThrownBy(() -> imageOfOneLayer(other, own)).isInstanceOf(ReleaseException.Usage.class);
        assertThatThrownBy(() -> imageOfOneLayer("sha256:00", own))
                .isInstanceOf(ReleaseException.VerificationFailed.class)
                .hasMessageContaining("app: diff id: digest: expected sha256: and 64 hex digits");
    }

    @Test
    void aChartIsNoImageToRun() {
        String layer = ",\"layers\":[{\"digest\":\"sha256:" + "1".repeat(64) + "\",\"size\":1}]";

        assertThatThrownBy(() -> image("{}", layer, "application/vnd.cncf.helm.config.v1+json"))
                .isInstanceOf(ReleaseException.Usage.class)
                .hasMessageContaining("expected an image to run, got an artifact")
                .hasMessageContaining("application/vnd.cncf.helm.config.v1+json");
    }
}
