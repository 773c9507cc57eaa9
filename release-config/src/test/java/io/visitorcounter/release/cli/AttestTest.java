package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.trust.StatementBundle;
import io.visitorcounter.release.trust.TestSigner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a build says of its image, and how it goes along with its releases. */
class AttestTest extends AttestedBuild {

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

    @Test
    void aKeyThatMaySignOtherThingsOnlyIsNotCalledUnknown() throws IOException {
        tool.mustRun(attest(build, "--sbom", project.resolve("sbom.json").toString()));
        tool.mustRun("create", "dev", "--app", app, "--no-contract", "--signing-key", other.file());
        tool.mustRun("verify", "--all");

        Files.writeString(
                project.resolve("environments/allowed_signers"),
                build.line("build", "namespaces=\"git\"") + other.line("other", "namespaces=\"git,release\""));

        assertThat(tool.run("verify", "--all")).isEqualTo(5);
        assertThat(tool.err()).contains("by build (jenkins-build-2026), who may not sign it");
    }

    private static List<String> digests(JsonNode index) {
        return index.path("manifests").findValuesAsText("digest");
    }
}
