package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.trust.StatementBundle;
import io.visitorcounter.release.trust.TestSigner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Environments that take only builds that are proven. */
class ProvenBuildsTest extends AttestedBuild {

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

    /** What others attached, and what the gate says of it. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            another subject     | 8 | got none; release attest makes one
            two layers          | 8 | got none; release attest makes one
            a huge layer        | 8 | got none; release attest makes one
            another blob        | 5 | expected the bytes of
            no manifest         | 8 | got none; release attest makes one
            no bundle           | 8 | expected a JSON object
            a byte changed      | 8 | one not signed by the key that it names, of build
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
