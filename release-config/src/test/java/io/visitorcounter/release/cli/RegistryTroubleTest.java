package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.image.LoopbackRegistry;
import io.visitorcounter.release.image.RegistryImages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Releases of images in a registry that fails, asks for a login, lost or changed what it had. */
class RegistryTroubleTest extends RegistryReleases {

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
