package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.FixtureApp;
import io.visitorcounter.release.image.RegistryImages;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Releases of images that are in a registry. */
class RegistryReleaseTest extends RegistryReleases {

    @Test
    void aReleaseMovesOneLayerOneConfigAndOneManifestAndTheFirstTagsTheApp() {
        registry.requests().clear();

        tool.mustRun("create", "dev", "--app", app);

        assertThat(puts())
                .hasSize(4)
                .filteredOn(write -> write.contains("/manifests/"))
                .satisfiesExactlyInAnyOrder(
                        write -> assertThat(write).matches("PUT /v2/team/app/manifests/rel-[0-9a-f]{12}"),
                        write -> assertThat(write).matches("PUT /v2/team/app/manifests/app-[0-9a-f]{12}"));
        registry.requests().clear();
        tool.config("dev", "app { greeting = two }");
        tool.mustRun("create", "dev", "--app", app);
        assertThat(puts()).hasSize(3);
    }

    @Test
    void theSameBuildIsTheSameReleaseDigestFromATarAndFromARegistry() {
        tool.mustRun("create", "dev", "--app", app);
        String fromRegistry = tool.field("dev@v1", "/releaseImage/digest");
        Tool other = new Tool(project.resolve("other"));
        other.config("dev", "app { greeting = one }");

        other.mustRun("create", "dev", "--app", tar.toString());

        assertThat(other.field("dev@v1", "/releaseImage/digest")).isEqualTo(fromRegistry);
        assertThat(other.field("dev@v1", "/appImage/digest")).isEqualTo(app.replaceFirst(".*@", ""));
    }

    @Test
    void eachBlobThatIsUploadedIsALineBesideTheResult() throws Exception {
        tool.mustRun("create", "dev", "--app", app, "--output", "json");

        // The layer and the config; the manifest is not a blob.
        assertThat(tool.err().lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).matches("upload   [0-9a-f]{12}  [0-9.]+ (bytes|KiB)"));
        assertThat(tool.json().path("outcome").asText()).isEqualTo("released");
        tool.config("dev", "app { greeting = two }");
        tool.variables().put("RELEASE_ERR_TERMINAL", "1");
        tool.variables().put("NO_COLOR", "1");
        tool.mustRun("create", "dev", "--app", app, "--output", "json");
        // Both go on at once, so on a terminal each writes over the line; what stays is a line for each.
        String written = tool.err().replace("\r\u001b[K", "|");
        List<String> whole = written.lines()
                .map(line -> line.substring(line.lastIndexOf('|') + 1))
                .toList();
        assertThat(whole).hasSize(2).allSatisfy(line -> {
            assertThat(line).matches("upload   [0-9a-f]{12}  [0-9.]+ (bytes|KiB)");
            assertThat(written).contains("|" + line + "  0 %|", "|" + line + "  100 %|");
        });
        assertThat(tool.json().path("outcome").asText()).isEqualTo("released");
    }

    @Test
    void aRollbackWritesNothingToTheRegistry() {
        tool.mustRun("create", "dev", "--app", app);
        tool.config("dev", "app { greeting = two }");
        tool.mustRun("create", "dev", "--app", app);
        registry.requests().clear();

        tool.mustRun("rollback", "dev");

        assertThat(registry.writes()).isEmpty();
        assertThat(tool.field("dev@v3", "/releaseImage/name")).isEqualTo(tool.field("dev@v1", "/releaseImage/name"));
    }

    @Test
    void aDryRunNamesTheDigestAndWritesNothing() {
        registry.requests().clear();

        tool.mustRun("create", "dev", "--app", app, "--dry-run", "--output", "json");
        String predicted = tool.json().at("/release/releaseImage/digest").asText();

        assertThat(registry.writes()).isEmpty();
        tool.mustRun("create", "dev", "--app", app);
        assertThat(tool.field("dev@v1", "/releaseImage/digest")).isEqualTo(predicted);
    }

    @Test
    void whatJibPushedIsTakenByTheDigestThatItGot() throws Exception {
        String digest = app.replaceFirst(".*@", "");
        Path pushed = project.resolve("jib-image.json");
        Files.writeString(
                pushed,
                "{\"image\":\"" + registry.host() + "/team/app:build-1\",\"imageDigest\":\"" + digest
                        + "\",\"imagePushed\":true}");

        tool.mustRun("create", "dev", "--app", pushed.toString());

        assertThat(tool.field("dev@v1", "/appImage/name")).isEqualTo(app);
        Files.writeString(pushed, Files.readString(pushed).replace("true", "false"));
        assertThat(tool.run("create", "dev", "--app", pushed.toString())).isEqualTo(2);
        assertThat(tool.err()).hasLineCount(1).contains("expected an image that was pushed");
        assertThat(tool.run(
                        "create", "dev", "--app", project.resolve("gone.json").toString()))
                .isEqualTo(9);
        assertThat(tool.err()).hasLineCount(1).contains("jib:build");
    }

    @Test
    void aPromotionOfANamedBuildIsRefusedOnceAnotherWasReleased() {
        tool.config("test", "app { greeting = one }");
        String other = RegistryImages.push(
                FixtureApp.tar(project.resolve("other.tar"), "2"), registry.host() + "/team/app", NOBODY);
        tool.mustRun("create", "dev", "--app", app);
        tool.mustRun("create", "dev", "--app", other);

        assertThat(tool.run("promote", "dev", "test", "--app", app)).isEqualTo(8);
        assertThat(tool.err()).hasLineCount(1).startsWith("dev v2: expected the build " + app.replaceFirst(".*@", ""));
        tool.mustRun("promote", "dev@v1", "test", "--app", app, "--reason", " ");

        assertThat(tool.field("test@v1", "/appImage/name")).isEqualTo(app);
    }

    @Test
    void aTagIsTakenForWhatItLeadsToNow() {
        tool.mustRun("create", "dev", "--app", registry.host() + "/team/app:build");

        assertThat(tool.field("dev@v1", "/appImage/name")).isEqualTo(app);
    }

    @Test
    void aListOfPlatformsIsRefusedWithWhatItOffers() {
        String digest = app.replaceFirst(".*@", "");
        putList("multi", platform("arm64", digest), platform("amd64", "sha256:" + "1".repeat(64)));

        assertThat(tool.run("create", "dev", "--app", registry.host() + "/team/app:multi"))
                .isEqualTo(2);
        assertThat(tool.err()).hasLineCount(1).contains("linux/arm64 is " + digest);
    }

    // https://github.com/docker/buildx/issues/1509
    @Test
    void aListOfOneImageAndItsAttestationsIsThatImage() {
        String digest = app.replaceFirst(".*@", "");
        putList("attested", platform("arm64", digest), platform("unknown", "sha256:" + "1".repeat(64)));

        assertThat(tool.run("create", "dev", "--app", registry.host() + "/team/app:attested"))
                .isZero();
        assertThat(tool.out())
                .contains("app " + Digest.read(digest).orElseThrow().shortText());
    }

    private static String platform(String architecture, String digest) {
        String os = architecture.equals("unknown") ? "unknown" : "linux";
        return "{\"digest\":\"" + digest + "\",\"platform\":{\"os\":\"" + os + "\",\"architecture\":\"" + architecture
                + "\"}}";
    }

    private void putList(String tag, String... images) {
        byte[] list = ("{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":["
                        + String.join(",", images) + "]}")
                .getBytes(StandardCharsets.UTF_8);
        registry.putManifest("team/app", tag, list, "application/vnd.oci.image.index.v1+json");
    }

    @Test
    void whatIsNotThereIsNotFound() {
        assertThat(tool.run("create", "dev", "--app", registry.host() + "/team/other:1"))
                .isEqualTo(9);
        assertThat(tool.err()).hasLineCount(1).contains("no such image");
    }
}
