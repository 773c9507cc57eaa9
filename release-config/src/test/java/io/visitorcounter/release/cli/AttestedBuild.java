package io.visitorcounter.release.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.FixtureApp;
import io.visitorcounter.release.image.LoopbackRegistry;
import io.visitorcounter.release.image.RegistryImages;
import io.visitorcounter.release.trust.TestSigner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A build in a registry, with two keys, of which prod takes only what one says of its builds. */
abstract class AttestedBuild {

    static final String COMMIT = "546d9c9546d9c9546d9c9546d9c9546d9c9546d9";

    static final String INDEX = "application/vnd.oci.image.index.v1+json";

    static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path project;

    final LoopbackRegistry registry = new LoopbackRegistry();

    Tool tool;

    Path tar;

    String app;

    Digest digest;

    TestSigner build;

    TestSigner other;

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

    String[] attest(TestSigner key, String... options) {
        String[] all = new String[options.length + 4];
        System.arraycopy(options, 0, all, 4, options.length);
        all[0] = "attest";
        all[1] = app;
        all[2] = "--signing-key";
        all[3] = key.file();
        return all;
    }

    JsonNode attached() throws IOException {
        return JSON.readTree(registry.manifest("team/app", "sha256-" + digest.hex()))
                .path("manifests");
    }
}
