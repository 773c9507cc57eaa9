package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.FixtureApp;
import io.visitorcounter.release.image.LoopbackRegistry;
import io.visitorcounter.release.image.RegistryImages;
import io.visitorcounter.release.trust.StatementBundle;
import io.visitorcounter.release.trust.TestSigner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a build says of its image, and environments that take only builds that are proven. */
class AttestTest {

    private static final String COMMIT = "546d9c9546d9c9546d9c9546d9c9546d9c9546d9";
    private static final String INDEX = "application/vnd.oci.image.index.v1+json";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path project;

    private final LoopbackRegistry registry = new LoopbackRegistry();
    private Tool tool;
    private Path tar;
    private String app;
    private Digest digest;
    private TestSigner build;
    private TestSigner other;

    @BeforeEach
    void setUp() throws IOException {
        tool = new Tool(project);
        tar = FixtureApp.tar(
                project.resolve("app.tar"),
                "1",
                Optional.empty(),
                image -> image.addLabel("org.opencontainers.image.revision", COMMIT));
        app = RegistryImages.push(tar, registry.host() + "/team/app", Map.of());
        digest = new Digest(app.substring(app.indexOf('@') + 1));
        build = TestSigner.make(project.resolve("build"), "jenkins-build-2026");
        other = TestSigner.make(project.resolve("other"), "other-2026");
        build.allow(project.resolve("environments"), "build", "namespaces=\"release\"");
        other.allow(project.resolve("environments"), "other");
        tool.config("dev", "");
        tool.config(
                "prod",
                "release { promote-from = dev, require-build-by = [build], builder = \"https://ci.example/\" }");
        tool.variables()
                .putAll(Map.of(
                        "JENKINS_URL", "https://ci.example/",
                        "BUILD_URL", "https://ci.example/job/counter/12/",
                        "JOB_NAME", "counter",
                        "GIT_URL", "https://git.example/counter.git",
                        "GIT_BRANCH", "origin/main",
                        "GIT_COMMIT", COMMIT,
                        "ACTION", "build",
                        "REASON", "top-secret"));
        Files.writeString(project.resolve("sbom.json"), "{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.5\"}");
        Files.writeString(project.resolve("vex.json"), "{\"@context\": \"https://openvex.dev/ns/v0.2.0\"}");
    }

    @AfterEach
    void tearDown() {
        registry.close();
    }

    private String[] attest(TestSigner key, String... options) {
        String[] all = new String[options.length + 4];
        System.arraycopy(options, 0, all, 4, options.length);
        all[0] = "attest";
        all[1] = app;
        all[2] = "--signing-key";
        all[3] = key.file();
        return all;
    }

    private JsonNode attached() throws IOException {
        return JSON.readTree(registry.manifest("team/app", "sha256-" + digest.hex()))
                .path("manifests");
    }

    /** The statement of the only provenance. */
    private JsonNode provenance() throws IOException {
        for (JsonNode each : attached()) {
            if (each.at("/annotations/dev.sigstore.bundle.predicateType")
                    .asText()
                    .contains("slsa.dev")) {
                JsonNode manifest = JSON.readTree(
                        registry.manifest("team/app", each.path("digest").asText()));
                byte[] bundle =
                        registry.blob(new Digest(manifest.at("/layers/0/digest").asText()));
                return StatementBundle.read("bundle", bundle).statement("bundle");
            }
        }
        throw new AssertionError("no provenance");
    }

    @Test
    void aBuildSaysHowItWasMadeAndOfWhatAndOnlyOnce() throws IOException {
        String[] everything = attest(
                build,
                "--provenance",
                "--parameters",
                "ACTION,VERSION",
                "--base",
                app,
                "--sbom",
                project.resolve("sbom.json").toString(),
                "--vex",
                project.resolve("vex.json").toString());
        String[] dry = java.util.Arrays.copyOf(everything, everything.length + 1);
        dry[everything.length] = "--dry-run";
        tool.mustRun(dry);
        assertThat(tool.out().lines().filter(line -> line.startsWith("missing   sha256:")))
                .hasSize(4);
        assertThat(registry.writes()).noneMatch(request -> request.contains("sha256-"));

        tool.mustRun(everything);

        assertThat(tool.out())
                .contains("  https://slsa.dev/provenance/v1\n", "  https://cyclonedx.org/bom\n")
                .contains("  application/vnd.cyclonedx+json\n", "  https://openvex.dev/ns/v0.2.0\n")
                .endsWith("signed    by build (jenkins-build-2026)\n");
        assertThat(attached()).hasSize(4);
        JsonNode statement = provenance();
        assertThat(statement.at("/subject/0/digest/sha256").asText()).isEqualTo(digest.hex());
        JsonNode predicate = statement.path("predicate");
        assertThat(predicate.at("/buildDefinition/externalParameters").toString())
                .isEqualTo("{\"repository\":\"https://git.example/counter.git\",\"ref\":\"origin/main\","
                        + "\"parameters\":{\"ACTION\":\"build\"}}");
        assertThat(predicate.at("/buildDefinition/resolvedDependencies/0").toString())
                .isEqualTo("{\"uri\":\"git+https://git.example/counter.git@origin/main\",\"digest\":{\"gitCommit\":\""
                        + COMMIT + "\"}}");
        assertThat(predicate
                        .at("/buildDefinition/resolvedDependencies/1/digest/sha256")
                        .asText())
                .isEqualTo(digest.hex());
        assertThat(predicate.at("/runDetails/builder/id").asText()).isEqualTo("https://ci.example/");
        assertThat(predicate.at("/runDetails/metadata/invocationId").asText())
                .isEqualTo("https://ci.example/job/counter/12/");
        assertThat(statement.toString()).doesNotContain("top-secret");
        int writes = registry.writes().size();
        tool.at("2026-01-02T04:00:00Z");
        tool.mustRun(everything);
        assertThat(tool.out().lines().filter(line -> line.startsWith("unchanged sha256:")))
                .hasSize(4);
        assertThat(registry.writes()).hasSize(writes);
    }

    @Test
    void whatCanNotTruthfullyBeSaidIsNotSaid() {
        assertThat(tool.run(attest(build))).isEqualTo(2);
        assertThat(tool.err()).contains("expected --provenance, --sbom or --vex, got none");
        assertThat(tool.run("attest", app, "--provenance")).isEqualTo(2);
        assertThat(tool.err()).contains("expected a key, got none; name its file with --signing-key");
        assertThat(tool.run("attest", tar.toString(), "--provenance")).isEqualTo(2);
        assertThat(tool.err()).contains("expected an image of a registry");
        TestSigner stranger = TestSigner.make(project.resolve("stranger"), "stranger");
        assertThat(tool.run(attest(stranger, "--provenance"))).isEqualTo(8);
        assertThat(tool.err()).contains("is in no line; add one, such as: ci namespaces=\"release\" ");
        assertThat(tool.run(attest(build, "--sbom", tar.toString()))).isEqualTo(2);
        assertThat(tool.err()).contains("expected ");
        assertThat(tool.run(attest(build, "--vex", project.resolve("sbom.json").toString())))
                .isEqualTo(2);
        assertThat(tool.err()).contains("expected a document of OpenVEX");
        assertThat(tool.run(attest(build, "--sbom", project.resolve("none").toString())))
                .isEqualTo(9);

        tool.variables().put("GIT_COMMIT", "0".repeat(40));
        assertThat(tool.run(attest(build, "--provenance"))).isEqualTo(8);
        assertThat(tool.err()).contains("expected a build of commit 0000", "says " + COMMIT);
        tool.variables().remove("JENKINS_URL");
        assertThat(tool.run(attest(build, "--provenance"))).isEqualTo(2);
        assertThat(tool.err()).contains("expected the builder of the image, got none");
        assertThat(registry.writes()).noneMatch(request -> request.contains("sha256-"));
    }

    @Test
    void anEnvironmentThatAsksTakesOnlyABuildThatIsProven() throws IOException {
        tool.mustRun("create", "dev", "--app", app, "--no-contract");
        assertThat(tool.run("promote", "dev", "prod")).isEqualTo(8);
        assertThat(tool.err())
                .contains("prod: expected a provenance of app " + digest.shortText()
                        + " by build, got none; release attest makes one");
        tool.mustRun(attest(other, "--provenance"));
        assertThat(tool.run("promote", "dev", "prod")).isEqualTo(8);
        assertThat(tool.err()).contains("by build, got one by other (other-2026)");
        tool.variables().put("JENKINS_URL", "https://laptop.example/");
        tool.mustRun(attest(build, "--provenance"));
        assertThat(tool.run("promote", "dev", "prod")).isEqualTo(8);
        assertThat(tool.err())
                .contains("one of the builder \"https://laptop.example/\", expected \"https://ci.example/\"");
        tool.variables().put("JENKINS_URL", "https://ci.example/");
        tool.mustRun(attest(build, "--provenance"));

        tool.mustRun("promote", "dev", "prod");

        tool.mustRun("verify", "--all", "--deep");
        // From now on the ledger has it.
        byte[] list = registry.manifest("team/app", "sha256-" + digest.hex());
        registry.deleteManifest("team/app", Digest.of(list));
        tool.mustRun("manifest", "prod", "--format", "compose");
        tool.mustRun("repair");
        assertThat(tool.out()).startsWith("repaired  prod v1: app-provenance.sigstore.json of ");
        assertThat(attached()).hasSize(1);
    }

    @Test
    void aReleaseFromBeforeTheFileAskedIsNotUsedButByARollback() {
        tool.mustRun("create", "dev", "--app", app, "--no-contract");
        tool.config("prod", "");
        tool.mustRun("promote", "dev", "prod");
        tool.mustRun(attest(build, "--provenance"));
        tool.config("prod", "release { require-build-by = build }");
        assertThat(tool.run("manifest", "prod", "--format", "compose")).isEqualTo(8);
        assertThat(tool.err()).contains("prod v1: expected a provenance of its build by build, got none");

        tool.mustRun("create", "prod", "--app", app, "--no-contract");
        assertThat(tool.out()).contains("unchanged");
        tool.config("prod", "app { greeting = two }\nrelease { require-build-by = build }");
        tool.mustRun("create", "prod", "--app", app, "--no-contract");
        tool.mustRun("manifest", "prod", "--format", "compose");
        tool.mustRun("rollback", "prod", "v1");
        tool.mustRun("manifest", "prod", "--format", "compose");
    }

    @Test
    void aKeyThatHasEndedProvesOnlyWhatWasKnownBefore() throws IOException {
        tool.mustRun("create", "dev", "--app", app, "--no-contract");
        tool.mustRun(attest(build, "--provenance"));
        tool.mustRun("promote", "dev", "prod");
        Path signers = project.resolve("environments/allowed_signers");
        Files.delete(signers);
        build.allow(project.resolve("environments"), "build", "valid-before=\"20260201Z\"");
        tool.at("2026-02-02T00:00:00Z");

        tool.mustRun("verify", "--all");
        tool.mustRun("manifest", "prod", "--format", "compose");
        tool.config("dev", "app { greeting = two }");
        tool.config("prod", "app { greeting = two }\nrelease { promote-from = dev, require-build-by = [build] }");
        tool.mustRun("create", "dev", "--app", app, "--no-contract");
        assertThat(tool.run("promote", "dev", "prod")).isEqualTo(8);
        assertThat(tool.err()).contains("one by a key that is not valid at 2026-02-02T00:00:00Z");
    }

    @Test
    void aKeyOfWhichOneLineHasEndedAndAnotherIsForSomethingElseProvesNothing() throws IOException {
        tool.mustRun("create", "dev", "--app", app, "--no-contract");
        tool.mustRun(attest(build, "--provenance"));
        Files.delete(project.resolve("environments/allowed_signers"));
        build.allow(project.resolve("environments"), "build", "namespaces=\"release\",valid-before=\"20260101Z\"");
        build.allow(project.resolve("environments"), "build", "namespaces=\"git\"");

        assertThat(tool.run("promote", "dev", "prod")).isEqualTo(8);
        assertThat(tool.err()).contains("one by a key that is not valid at 2026-01-02T03:04:05Z");
    }

    @Test
    void whatWasSaidOfTheBuildIsKeptRepairedAndGoesOn() throws IOException {
        tool.config("dev", "release { require-signature-by = [other] }");
        tool.config("prod", "release { promote-from = dev, require-signature-by = [other] }");
        other.allow(project.resolve("environments"), "other", "namespaces=\"git,release\"");
        Path sbom = project.resolve("sbom.json");
        tool.mustRun(attest(
                build,
                "--provenance",
                "--sbom",
                sbom.toString(),
                "--vex",
                project.resolve("vex.json").toString()));
        byte[] before = registry.manifest("team/app", "sha256-" + digest.hex());
        tool.variables().put("RELEASE_SIGNING_KEY", other.file());
        tool.mustRun("create", "dev", "--app", app, "--no-contract", "--sbom", sbom.toString());
        tool.mustRun("promote", "dev", "prod");
        tool.mustRun("verify", "--all", "--deep");
        tool.mustRun("repair");
        assertThat(tool.out()).doesNotContain("repaired  ");

        // A clean-up takes what has no tag, and the list with it.
        for (JsonNode each : attached()) {
            registry.deleteManifest("team/app", new Digest(each.path("digest").asText()));
        }
        registry.putManifest(
                "team/app",
                "sha256-" + digest.hex(),
                ("{\"schemaVersion\":2,\"mediaType\":\"" + INDEX + "\",\"manifests\":[]}")
                        .getBytes(StandardCharsets.UTF_8),
                INDEX);
        tool.mustRun("repair", "prod");
        assertThat(tool.out()).contains("https://slsa.dev/provenance/v1 of ", "https://openvex.dev/ns/v0.2.0 of ");
        assertThat(digests(JSON.readTree(registry.manifest("team/app", "sha256-" + digest.hex()))))
                .containsExactlyInAnyOrderElementsOf(digests(JSON.readTree(before)))
                .hasSize(4);

        Path file = project.resolve("prod.tar");
        tool.mustRun("export", "prod", file.toString());
        byte[] exported = Files.readAllBytes(file);
        Path inside = Files.createDirectories(project.resolve("inside"));
        Tool there = new Tool(inside);
        there.config("prod", "");
        Files.copy(project.resolve("environments/allowed_signers"), inside.resolve("environments/allowed_signers"));
        there.run("import", file.toString());
        String ledger = there.err().replaceFirst("(?s).*--trust-ledger (sha256:[0-9a-f]{64}).*", "$1");
        there.mustRun("import", file.toString(), "--trust-ledger", ledger);
        there.mustRun("verify", "--all");
        there.mustRun("export", "prod", inside.resolve("again.tar").toString());
        assertThat(inside.resolve("again.tar")).hasBinaryContent(exported);
    }

    private static List<String> digests(JsonNode index) {
        return index.path("manifests").findValuesAsText("digest");
    }

    /** What others attached, and what the gate says of it. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            another subject     | 8 | got none; release attest makes one
            two layers          | 8 | got none; release attest makes one
            a huge layer        | 8 | got none; release attest makes one
            another blob        | 5 | expected the bytes of
            no manifest         | 8 | got none; release attest makes one
            no bundle           | 8 | expected a JSON object
            a byte changed      | 8 | one that is not signed by the key that it names, of build
            a stranger's        | 8 | one by a key that is not in
            of another image    | 8 | one by build (jenkins-build-2026) of another image
            another statement   | 8 | got none; release attest makes one
            too many            | 5 | expected at most 50 of
            """)
    void whatIsAttachedIsReadAsAStrangersWord(String what, int code, String message) throws IOException {
        tool.mustRun("create", "dev", "--app", app, "--no-contract");
        tool.mustRun(attest(build, "--provenance"));
        JsonNode listed = attached().path(0);
        ObjectNode manifest = (ObjectNode) JSON.readTree(
                registry.manifest("team/app", listed.path("digest").asText()));
        byte[] bundle = registry.blob(new Digest(manifest.at("/layers/0/digest").asText()));
        ObjectNode layer = (ObjectNode) manifest.at("/layers/0");
        ObjectNode statement = StatementBundle.read("bundle", bundle).statement("bundle");
        int copies = 1;
        switch (what) {
            case "another subject" ->
                ((ObjectNode) manifest.path("subject"))
                        .put("digest", Digest.of(bundle).text());
            case "two layers" -> manifest.withArrayProperty("layers").add(layer.deepCopy());
            case "a huge layer" -> layer.put("size", 1L << 40);
            case "another blob" ->
                registry.putBlob(new Digest(layer.path("digest").asText()), new byte[] {'{', '}'});
            case "no manifest" ->
                registry.deleteManifest(
                        "team/app", new Digest(listed.path("digest").asText()));
            case "no bundle" -> put(layer, "[]".getBytes(StandardCharsets.UTF_8));
            case "a byte changed" ->
                put(layer, changed(bundle, text -> text.replaceFirst("\"sig\": \"(.{20}).{4}", "\"sig\": \"$1AAAA")));
            case "a stranger's" ->
                put(
                        layer,
                        StatementBundle.sign(
                                statement,
                                TestSigner.make(project.resolve("stranger"), "stranger")
                                        .signing()));
            case "of another image" -> {
                ((ObjectNode) statement.at("/subject/0/digest")).put("sha256", "0".repeat(64));
                put(layer, StatementBundle.sign(statement, build.signing()));
            }
            case "another statement" ->
                put(layer, StatementBundle.sign(statement.put("predicateType", "https://example/v1"), build.signing()));
            case "too many" -> copies = 51;
            default -> throw new AssertionError(what);
        }
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < copies && !what.equals("no manifest"); i++) {
            byte[] bytes = manifest.put("copy", i).toString().getBytes(StandardCharsets.UTF_8);
            if (what.equals("too many")) {
                put(layer, bundle(statement, i));
                bytes = manifest.toString().getBytes(StandardCharsets.UTF_8);
            }
            registry.putManifest(
                    "team/app", Digest.of(bytes).text(), bytes, "application/vnd.oci.image.manifest.v1+json");
            list.append(i == 0 ? "" : ",")
                    .append("{\"digest\":\"")
                    .append(Digest.of(bytes))
                    .append("\"}");
        }
        if (!what.equals("no manifest")) {
            registry.putManifest(
                    "team/app",
                    "sha256-" + digest.hex(),
                    ("{\"mediaType\":\"" + INDEX + "\",\"manifests\":[" + list + "]}").getBytes(StandardCharsets.UTF_8),
                    INDEX);
        }

        assertThat(tool.run("promote", "dev", "prod")).as(tool.err()).isEqualTo(code);
        assertThat(tool.err()).contains(message);
    }

    private byte[] bundle(ObjectNode statement, int number) {
        return StatementBundle.sign(statement.put("number", number), other.signing());
    }

    private void put(ObjectNode layer, byte[] bytes) {
        registry.putBlob(Digest.of(bytes), bytes);
        layer.put("digest", Digest.of(bytes).text()).put("size", bytes.length);
    }

    private static byte[] changed(byte[] bundle, UnaryOperator<String> change) {
        return change.apply(new String(bundle, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
    }
}
