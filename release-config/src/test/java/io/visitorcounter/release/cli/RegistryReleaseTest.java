package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.FixtureApp;
import io.visitorcounter.release.image.LoopbackRegistry;
import io.visitorcounter.release.image.RegistryImages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Releases of images that are in a registry. */
class RegistryReleaseTest {

    private static final Map<String, String> NOBODY = Map.of();

    @TempDir
    Path project;

    private final LoopbackRegistry registry = new LoopbackRegistry();
    private Tool tool;
    private Path tar;
    private String app;

    @BeforeEach
    void setUp() {
        tool = new Tool(project);
        tool.config("dev", "app { greeting = one }");
        tar = FixtureApp.tar(project.resolve("app.tar"), "1");
        app = RegistryImages.push(tar, registry.host() + "/team/app", NOBODY);
    }

    @AfterEach
    void tearDown() {
        registry.close();
    }

    @Test
    void aRequestThatIsMadeAgainIsToldWithItsReason() {
        AtomicInteger left = new AtomicInteger(1);
        registry.quirk(new LoopbackRegistry.Quirk() {
            @Override
            public boolean answers(HttpExchange exchange) throws IOException {
                if (!exchange.getRequestURI().getPath().contains("/manifests/") || left.getAndDecrement() <= 0) {
                    return false;
                }
                exchange.sendResponseHeaders(503, -1);
                return true;
            }
        });

        tool.mustRun("create", "dev", "--app", app);

        assertThat(tool.err().lines().filter(line -> line.startsWith("again ")))
                .singleElement()
                .asString()
                .matches("again    \\Q" + registry.host() + "\\E.*503.*; try 2 of 5 in 0\\.[12] s");
    }

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

    private List<String> puts() {
        return registry.writes().stream()
                .filter(write -> write.startsWith("PUT"))
                .toList();
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
    void aLoginIsTakenFromVariablesOrDockersConfig() throws Exception {
        for (LoopbackRegistry.Auth auth :
                new LoopbackRegistry.Auth[] {LoopbackRegistry.Auth.BASIC, LoopbackRegistry.Auth.BEARER}) {
            registry.require(auth);
            Tool fresh = new Tool(project.resolve(auth.name()));
            fresh.config("dev", "app { greeting = " + auth + " }");

            assertThat(fresh.run("create", "dev", "--app", app)).isEqualTo(7);
            assertThat(fresh.err()).hasLineCount(1).contains(registry.host()).contains("docker login");
            fresh.variables().putAll(Map.of("RELEASE_REGISTRY_USER", "ada", "RELEASE_REGISTRY_PASSWORD", "wr0ng"));
            // It is for the registry of our own images, and which that is nobody has said.
            assertThat(fresh.run("create", "dev", "--app", app)).isEqualTo(7);
            assertThat(fresh.err()).hasLineCount(1).contains("RELEASE_IMAGES").doesNotContain("refused", "wr0ng");
            fresh.variables().put("RELEASE_IMAGES", registry.host() + "/team/app");
            assertThat(fresh.run("create", "dev", "--app", app)).isEqualTo(7);
            assertThat(fresh.err())
                    .hasLineCount(1)
                    .contains("refused the login")
                    .doesNotContain("wr0ng");
            fresh.variables().put("RELEASE_REGISTRY_PASSWORD", "pa55");
            fresh.mustRun("create", "dev", "--app", app);

            fresh.variables().keySet().removeIf(name -> name.startsWith("RELEASE_REGISTRY"));
            String pair = Base64.getEncoder().encodeToString("ada:pa55".getBytes(StandardCharsets.UTF_8));
            Path config = Files.createDirectories(project.resolve(auth.name()).resolve("docker"));
            Files.writeString(
                    config.resolve("config.json"),
                    "{\"auths\":{\"" + registry.host() + "\":{\"auth\":\"" + pair + "\"}}}");
            fresh.variables().put("DOCKER_CONFIG", config.toString());
            fresh.config("dev", "app { greeting = again }");
            fresh.mustRun("create", "dev", "--app", app);
        }
    }

    @Test
    void aRegistryThatFailsIsOneLineAndTheNextRunSucceeds() {
        registry.answerUploadsWith(507);

        assertThat(tool.run("create", "dev", "--app", app)).isEqualTo(7);
        assertThat(tool.err()).hasLineCount(1).contains("507").contains("disk is full");
        assertThat(tool.run("history", "dev")).isEqualTo(9);
        registry.answerUploadsWith(0);
        tool.mustRun("create", "dev", "--app", app);
        assertThat(tool.out()).contains("dev v1").contains("(new)");
    }

    @Test
    void aRegistryThatRunsFullInTheMiddleOfAPushIsOneLineAndTheNextRunPushesTheRest() {
        registry.makeRoomFor(1);

        assertThat(tool.run("create", "dev", "--app", app)).isEqualTo(7);
        assertThat(tool.err().lines().toList())
                .hasSize(2)
                .satisfiesExactly(
                        uploaded -> assertThat(uploaded).startsWith("upload   "),
                        fault -> assertThat(fault).contains("507").contains("disk is full"));
        assertThat(tool.run("history", "dev")).isEqualTo(9);
        registry.makeRoomFor(100);
        registry.requests().clear();
        tool.mustRun("create", "dev", "--app", app);

        // One blob and the manifest; the other blob is there, and the app's tag may be.
        assertThat(puts())
                .filteredOn(write -> !write.contains("/manifests/app-"))
                .hasSize(2);
        tool.mustRun("verify", "dev", "--deep");
    }

    @Test
    void aLedgerThatIsGoneIsOneLineAndTheNextRunPushesNothingTwice() throws Exception {
        Path ledger = project.resolve("ledger.git");
        tool.mustRun("create", "dev", "--app", app);
        Files.move(project.resolve(".release/ledger.git"), ledger);
        tool.variables().put("RELEASE_LEDGER", ledger.toString());
        tool.mustRun("history", "dev");
        tool.config("dev", "app { greeting = two }");
        Path away = Files.move(ledger, project.resolve("away.git"));

        assertThat(tool.run("create", "dev", "--app", app)).isEqualTo(7);
        assertThat(tool.err()).hasLineCount(1).contains(ledger.toString());
        Files.move(away, ledger);
        tool.mustRun("create", "dev", "--app", app);

        assertThat(tool.out()).contains("dev v2").contains("(new)");
        tool.mustRun("verify", "--all", "--deep");
    }

    @Test
    void aRegistryThatIsDownIsOneLineAfterItsTries() {
        registry.close();

        assertThat(tool.run("create", "dev", "--app", app)).isEqualTo(7);
        assertThat(tool.err().lines().filter(line -> !line.startsWith("again ")))
                .singleElement()
                .asString()
                .contains("can't be reached")
                .endsWith("is it up?");
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

    @Test
    void deepVerifyFindsADamagedLayerAManifestAndAMovedTag() {
        tool.mustRun("create", "dev", "--app", app);
        Digest release = new Digest(tool.field("dev@v1", "/releaseImage/digest"));
        String tag = puts().stream()
                .filter(write -> write.contains("/manifests/rel-"))
                .findFirst()
                .orElseThrow()
                .replaceFirst(".*/", "");
        tool.mustRun("verify", "--all", "--deep");

        registry.moveTag("team/app", tag, new Digest(app.replaceFirst(".*@", "")));
        assertThat(tool.run("verify", "--all", "--deep")).isEqualTo(5);
        assertThat(tool.err()).hasLineCount(1).startsWith("dev v1: tag ").contains(tag);
        registry.moveTag("team/app", tag, release);

        Digest layer = RegistryImages.layer(tar);
        byte[] bytes = registry.blob(layer);
        bytes[bytes.length / 2] ^= 1;
        assertThat(tool.run("verify", "--all", "--deep")).isEqualTo(5);
        assertThat(tool.err()).hasLineCount(1).startsWith("dev v1: ").contains("layer " + layer);
        bytes[bytes.length / 2] ^= 1;

        registry.damageManifest("team/app", release, "{}".getBytes(StandardCharsets.UTF_8));
        assertThat(tool.run("verify", "--all", "--deep")).isEqualTo(5);
        assertThat(tool.err()).startsWith("dev v1: ").contains("expected the bytes of " + release);
        tool.mustRun("verify", "--all");
    }

    @Test
    void aBuildIsPromotedAfterTheRegistryWasCleanedUp() {
        tool.config("test", "app { greeting = one }\nrelease { promote-from = dev }");
        tool.mustRun("create", "dev", "--app", app);
        Digest build = new Digest(app.replaceFirst(".*@", ""));
        registry.deleteManifest("team/app", build);

        tool.mustRun("promote", "dev", "test");

        assertThat(tool.field("test@v1", "/appImage/name")).isEqualTo(app);
        tool.mustRun("verify", "--all", "--deep");
        // And a rollback to an image that has expired makes it again.
        tool.config("dev", "app { greeting = two }");
        tool.mustRun("create", "dev", "--app", app);
        Digest first = new Digest(tool.field("dev@v1", "/releaseImage/digest"));
        registry.deleteManifest("team/app", first);
        tool.mustRun("rollback", "dev");
        tool.mustRun("verify", "--all", "--deep");
    }

    @Test
    void repairPutsBackWhatVerifyMissesAndCreateDoesAsWell() {
        tool.mustRun("create", "dev", "--app", app);
        Digest build = new Digest(app.replaceFirst(".*@", ""));
        Digest release = new Digest(tool.field("dev@v1", "/releaseImage/digest"));
        String tag = puts().stream()
                .filter(write -> write.contains("/manifests/rel-"))
                .findFirst()
                .orElseThrow()
                .replaceFirst(".*/", "");
        registry.moveTag("team/app", tag, build);
        assertThat(tool.run("verify", "--all", "--deep")).isEqualTo(5);

        tool.mustRun("repair", "--dry-run");
        assertThat(tool.out()).contains("missing   dev v1: image ").contains(tag);
        assertThat(tool.run("verify", "--all", "--deep")).isEqualTo(5);
        tool.mustRun("repair");
        assertThat(tool.out()).contains("repaired  dev v1: image ");
        tool.mustRun("verify", "--all", "--deep");

        registry.deleteManifest("team/app", release);
        tool.mustRun("create", "dev", "--app", app);
        assertThat(tool.out()).contains("unchanged");
        tool.mustRun("verify", "--all", "--deep");
        tool.mustRun("repair");
        assertThat(tool.out()).contains("nothing to repair in 1 release");
    }

    @Test
    void aRegistryThatIsDownIsNotCalledTampering() {
        tool.mustRun("create", "dev", "--app", app);
        registry.close();

        assertThat(tool.run("verify", "--all", "--deep")).isEqualTo(7);
        tool.mustRun("verify", "--all");
    }
}
