package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.FixtureApp;
import io.visitorcounter.release.image.LoopbackRegistry;
import io.visitorcounter.release.image.RegistryImages;
import io.visitorcounter.release.ledger.TamperedLedger;
import io.visitorcounter.release.trust.TestSigner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** release sign: a further key vouches for a release that is made already. */
class EndorsementTest {

    private static final String ENDORSEMENT = "prod/endorsements/000001";
    private static final String LEGACY = ENDORSEMENT + "/image/legacy-signature.json";
    private static final String ASKING = "app { greeting = one }\nrelease { require-signature-by = [prod] }";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path project;

    private final LoopbackRegistry registry = new LoopbackRegistry();
    private Tool tool;
    private String app;
    private TestSigner prod;
    private TestSigner newer;
    private TestSigner auditor;

    @BeforeEach
    void releaseWithoutAKey() throws IOException {
        tool = new Tool(project);
        Path environments = project.resolve("environments");
        prod = TestSigner.make(project.resolve("prod"), "prod-2026");
        newer = TestSigner.make(project.resolve("newer"), "prod-2027");
        auditor = TestSigner.make(project.resolve("auditor"), "auditor");
        prod.allow(environments, "prod");
        newer.allow(environments, "prod");
        auditor.allow(environments, "auditor");
        app = RegistryImages.push(
                FixtureApp.tar(project.resolve("app.tar"), "1"), registry.host() + "/team/app", Map.of());
        tool.config("prod", "app { greeting = one }");
        tool.config("stage", "app {}");
    }

    @AfterEach
    void close() {
        registry.close();
    }

    private void release(String... more) {
        tool.mustRun(Stream.concat(Stream.of("create", "prod", "--app", app), Stream.of(more))
                .toArray(String[]::new));
    }

    @Test
    void aReleaseFromBeforeTheFileAskedNeedNotBeMadeAgain() {
        release();
        tool.config("prod", ASKING);
        assertThat(tool.run("manifest", "prod", "--format", "compose")).isEqualTo(8);
        assertThat(tool.run("verify", "prod")).isEqualTo(5);

        tool.mustRun("sign", "prod", "--signing-key", auditor.file());
        assertThat(tool.run("manifest", "prod", "--format", "compose")).isEqualTo(8);
        assertThat(tool.err()).contains("prod v1: expected a signature by prod, got none");
        assertThat(tool.run("verify", "prod")).isEqualTo(5);

        tool.mustRun("sign", "prod@v1", "--signing-key", prod.file(), "--reason", "audited");
        assertThat(tool.out()).startsWith("signed   prod v1").endsWith("signed   by prod (prod-2026)\n");
        tool.mustRun("manifest", "prod", "--format", "compose");
        tool.mustRun("promote", "prod", "stage");
        tool.mustRun("verify", "--all", "--deep");
        assertThat(tool.out()).contains("a chain of 4 entries");
        tool.mustRun("verify", "--all", "--output", "json");
        assertThat(tool.json().path("signatures").findValuesAsText("entry"))
                .contains(ENDORSEMENT + ".json", "prod/endorsements/000002.json");
        assertThat(tool.field("prod@v1", "/by")).isEqualTo("Ada");
    }

    @Test
    void aNewKeySignsTheImageBesideTheOldOneAndRepairPutsItBack() throws IOException {
        release("--signing-key", prod.file());
        String tag = "sha256-" + new Digest(tool.field("prod@v1", "/releaseImage/digest")).hex();
        assertThat(JSON.readTree(registry.manifest("team/app", tag)).path("manifests"))
                .hasSize(1);

        tool.mustRun("sign", "prod", "--signing-key", newer.file());

        assertThat(JSON.readTree(registry.manifest("team/app", tag)).path("manifests"))
                .hasSize(2);
        tool.mustRun("verify", "--all", "--deep");
        registry.deleteManifest("team/app", Digest.of(registry.manifest("team/app", tag)));
        assertThat(tool.run("verify", "--all", "--deep")).isEqualTo(5);
        assertThat(tool.err()).contains("release-signature.sigstore.json: is not attached");
        tool.mustRun("repair");
        assertThat(JSON.readTree(registry.manifest("team/app", tag)).path("manifests"))
                .hasSize(2);
        tool.mustRun("verify", "--all", "--deep");
    }

    @Test
    void whatAKeyHasSignedItDoesNotSignAgain() {
        release("--signing-key", prod.file());

        tool.mustRun("sign", "prod", "--signing-key", prod.file());
        assertThat(tool.out()).contains("(unchanged)");
        tool.mustRun("sign", "prod", "--signing-key", newer.file());
        tool.mustRun("sign", "prod", "--signing-key", newer.file(), "--output", "json");

        assertThat(tool.json().path("changed").asBoolean()).isFalse();
        assertThat(tool.json().path("signedBy").asText()).isEqualTo("prod (prod-2027)");
        tool.mustRun("verify", "--all");
        assertThat(tool.out()).contains("a chain of 2 entries");
    }

    @Test
    void aDryRunWritesNothingAndWhoMayNotSignIsRefused() throws IOException {
        release();
        var before = tool.tree();
        int requests = registry.writes().size();

        tool.mustRun("sign", "prod", "--signing-key", prod.file(), "--dry-run");
        assertThat(tool.out()).contains("dry run: nothing written", "entry    " + ENDORSEMENT + ".json");
        assertThat(tool.run("sign", "prod")).isEqualTo(2);
        assertThat(tool.err()).contains("release sign: expected a key, got none");
        TestSigner stranger = TestSigner.make(project.resolve("stranger"), "stranger");
        assertThat(tool.run("sign", "prod", "--signing-key", stranger.file())).isEqualTo(8);
        assertThat(tool.err()).contains("is in no line");
        assertThat(tool.run("sign", "prod@v7", "--signing-key", prod.file())).isEqualTo(9);
        assertThat(tool.run("sign", "nowhere", "--signing-key", prod.file())).isEqualTo(9);
        assertThat(registry.writes()).hasSize(requests);
        Files.delete(project.resolve("stranger"));
        assertThat(tool.tree().keySet()).isEqualTo(before.keySet());
    }

    @Test
    void nobodyVouchesForWhatIsNotAsItWasRecorded() throws IOException {
        release();
        Path ledger = project.resolve(".release/ledger.git");
        TamperedLedger.keeping(ledger, () -> {
            TamperedLedger.change(ledger, files -> files.replace("prod/000001/bundle/app.conf", new byte[] {1}));

            assertThat(tool.run("sign", "prod", "--signing-key", prod.file())).isEqualTo(5);
            assertThat(tool.err()).contains("prod v1: bundle");
        });
        registry.deleteManifest("team/app", new Digest(tool.field("prod@v1", "/releaseImage/digest")));

        assertThat(tool.run("sign", "prod", "--signing-key", prod.file())).isEqualTo(9);
        assertThat(tool.err()).contains("is gone; release repair prod@v1 puts it back");
    }

    private String legacyTag() {
        return "sha256-" + new Digest(tool.field("prod@v1", "/releaseImage/digest")).hex() + ".sig";
    }

    @Test
    void theFormFromBeforeBundlesIsWrittenOnRequestAndRepaired() throws IOException {
        release("--signing-key", prod.file());
        tool.mustRun("sign", "prod", "--signing-key", newer.file());
        assertThat(registry.writes()).noneMatch(request -> request.contains(".sig"));

        tool.mustRun("sign", "prod", "--legacy-signature", "--signing-key", prod.file());
        tool.mustRun("sign", "prod", "--legacy-signature", "--signing-key", newer.file());
        tool.mustRun("sign", "prod", "--legacy-signature", "--signing-key", newer.file());
        assertThat(tool.out()).contains("(unchanged)");

        JsonNode manifest = JSON.readTree(registry.manifest("team/app", legacyTag()));
        assertThat(manifest.path("layers")).hasSize(2);
        JsonNode layer = manifest.path("layers").path(0);
        assertThat(layer.path("mediaType").asText()).isEqualTo("application/vnd.dev.cosign.simplesigning.v1+json");
        byte[] payload = registry.blob(new Digest(layer.path("digest").asText()));
        assertThat(JSON.readTree(payload)
                        .at("/critical/identity/docker-reference")
                        .asText())
                .isEqualTo(registry.host() + "/team/app");
        assertThat(JSON.readTree(payload)
                        .at("/critical/image/docker-manifest-digest")
                        .asText())
                .isEqualTo(tool.field("prod@v1", "/releaseImage/digest"));
        JsonNode config = JSON.readTree(
                registry.blob(new Digest(manifest.at("/config/digest").asText())));
        assertThat(config.at("/rootfs/diff_ids").path(0)).isEqualTo(layer.path("digest"));
        tool.mustRun("verify", "--all", "--deep");
        registry.deleteManifest("team/app", Digest.of(registry.manifest("team/app", legacyTag())));
        assertThat(tool.run("verify", "--all", "--deep")).isEqualTo(5);
        assertThat(tool.err()).contains("legacy-signature.json: is not attached");
        tool.mustRun("repair");
        assertThat(JSON.readTree(registry.manifest("team/app", legacyTag())).path("layers"))
                .hasSize(2);
        tool.mustRun("verify", "--all", "--deep");
    }

    @Test
    void theFormFromBeforeBundlesNeedsAKeyThatItsReadersKnowAndAPlaceForIt() throws IOException {
        release();
        TestSigner person = TestSigner.person(project.resolve("person"), "laptop");
        person.allow(project.resolve("environments"), "person");

        assertThat(tool.run("sign", "prod", "--legacy-signature", "--signing-key", person.file()))
                .isEqualTo(2);
        assertThat(tool.err()).contains("expected a key of P-256, got one of ssh-ed25519");
        byte[] others = registry.manifest("team/app", tool.field("prod@v1", "/releaseImage/digest"));
        registry.putManifest("team/app", legacyTag(), others, "application/vnd.oci.image.manifest.v1+json");
        assertThat(tool.run("sign", "prod", "--legacy-signature", "--signing-key", prod.file()))
                .isEqualTo(7);
        assertThat(tool.err()).contains("this tag holds something else than signatures");
        assertThat(registry.manifest("team/app", legacyTag())).isEqualTo(others);
        tool.mustRun(
                "create",
                "stage",
                "--app",
                FixtureApp.tar(project.resolve("2.tar"), "2").toString());
        assertThat(tool.run("sign", "stage", "--legacy-signature", "--signing-key", prod.file()))
                .isEqualTo(2);
        assertThat(tool.err()).contains("--legacy-signature: expected an image of a registry, got ");
    }

    static Stream<Arguments> changes() {
        return Stream.of(
                change(
                        "not signed",
                        "expected a signature by whoever endorsed, got none",
                        files -> files.keySet().removeIf(name -> name.startsWith(ENDORSEMENT + "/signatures/"))),
                change(
                        "another's reason",
                        "was seen here before, and it has other bytes now",
                        files -> replace(files, ENDORSEMENT + ".json", "audited", "Audited")),
                change(
                        "the statement of the image is gone",
                        "the entry is signed, and its image is not",
                        files -> files.keySet().removeIf(name -> name.startsWith(ENDORSEMENT + "/image/"))),
                change(
                        "a statement of the entry in its place",
                        "the statement is of another kind",
                        files -> files.put(
                                ENDORSEMENT + "/image/release-signature.sigstore.json",
                                files.entrySet().stream()
                                        .filter(file -> file.getKey().startsWith(ENDORSEMENT + "/signatures/"))
                                        .findFirst()
                                        .orElseThrow()
                                        .getValue())),
                change(
                        "an old form by nobody",
                        "legacy-signature.json: not signed by who signed",
                        files -> replace(files, LEGACY, "\"signature\": \"M", "\"signature\": \"N")),
                change(
                        "an old form of another image",
                        "legacy-signature.json: is about something else than the release image",
                        files -> replace(files, LEGACY, "sha256:", "sha256:0")),
                change(
                        "an old form without form",
                        "expected a payload and a signature",
                        files -> files.put(LEGACY, "{}".getBytes(StandardCharsets.UTF_8))),
                change(
                        "another file beside it",
                        ENDORSEMENT + "/other: is not part of the chain",
                        files -> files.put(ENDORSEMENT + "/other/file", new byte[0])));
    }

    private static Arguments change(String what, String message, Consumer<NavigableMap<String, byte[]>> change) {
        return Arguments.of(what, message, change);
    }

    private static void replace(NavigableMap<String, byte[]> files, String name, String from, String to) {
        String text = new String(files.get(name), StandardCharsets.UTF_8);
        assertThat(text).contains(from);
        files.put(name, text.replace(from, to).getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("changes")
    void whatIsChangedOfAnEndorsementIsFound(
            String what, String message, Consumer<NavigableMap<String, byte[]>> change) {
        release("--signing-key", prod.file());
        tool.mustRun("sign", "prod", "--signing-key", newer.file(), "--reason", "audited", "--legacy-signature");

        TamperedLedger.change(project.resolve(".release/ledger.git"), change);

        assertThat(tool.run("verify", "--all")).as(what).isEqualTo(5);
        assertThat(tool.err()).contains(message);
    }
}
