package io.visitorcounter.release.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a list of images offers, and what in it is none. */
class ImageIndexTest {

    private static final String APP = entry("1", "\"platform\":{\"os\":\"linux\",\"architecture\":\"amd64\"}");

    private static String entry(String digit, String more) {
        return "{\"mediaType\":\"" + Image.OCI_MANIFEST + "\",\"digest\":\"sha256:" + digit.repeat(64) + "\"," + more
                + "}";
    }

    private static List<ImageIndex.IndexedImage> images(String... entries) {
        String json = "{\"manifests\":[" + String.join(",", entries) + "]}";
        ObjectNode index = CanonicalJson.parse("index", json.getBytes(StandardCharsets.UTF_8));
        return ImageIndex.images(index);
    }

    // A copy of a list may have lost the platforms of its attestations, and gained signatures.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"platform\":{\"os\":\"unknown\",\"architecture\":\"unknown\"}",
                "\"annotations\":{\"vnd.docker.reference.type\":\"attestation-manifest\"}",
                "\"artifactType\":\"application/vnd.example\""
            })
    void whatOnlySaysSomethingOfAnImageIsNone(String more) {
        assertThat(images(APP, entry("2", more))).hasSize(1);
    }

    @Test
    void whatIsOfAnotherTypeIsNoImage() {
        String signature = entry("2", "\"size\":1")
                .replace(Image.OCI_MANIFEST, "application/vnd.dev.cosign.simplesigning.v1+json");

        assertThat(images(APP, signature)).hasSize(1);
        assertThat(images(APP, entry("2", "\"size\":1"))).hasSize(2);
    }

    @Test
    void platformsAreToldApart() {
        String arm = "\"platform\":{\"os\":\"linux\",\"architecture\":\"arm\",\"variant\":\"v";
        String windows = "\"platform\":{\"os\":\"windows\",\"architecture\":\"amd64\",\"os.version\":\"10.0.";

        assertThat(ImageIndex.described(images(
                        entry("1", arm + "6\"}"),
                        entry("2", arm + "7\"}"),
                        entry("3", windows + "17763\"}"),
                        entry("4", windows + "20348\"}"))))
                .contains("linux/arm/v6 is sha256:1", "linux/arm/v7 is sha256:2")
                .contains("windows/amd64 10.0.17763 is sha256:3", "windows/amd64 10.0.20348 is sha256:4");
    }
}
