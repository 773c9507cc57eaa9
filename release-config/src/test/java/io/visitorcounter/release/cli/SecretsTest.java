package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.release.FixtureApp;
import io.visitorcounter.release.image.LoopbackRegistry;
import io.visitorcounter.release.image.RegistryImages;
import io.visitorcounter.release.trust.TestSigner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.ObjectWalk;
import org.eclipse.jgit.revwalk.RevObject;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No command that signs shows a secret, whatever comes of it: not the key, not its password, not that of the registry; not to whoever
 *  runs it, nor in what it writes. */
class SecretsTest {

    private static final String KEY_PASSWORD = "the-key's-word-4711";
    private static final String REGISTRY_PASSWORD = "the-registry's-word-0815";

    private static final String PROD =
            "release { require-signature-by = [ci], promote-from = dev, require-approvals = 1, approvers = [alice] }";

    @TempDir
    Path project;

    @TempDir
    Path keys;

    private final LoopbackRegistry registry = new LoopbackRegistry();
    private final List<String> secrets = new ArrayList<>();
    private final StringBuilder said = new StringBuilder();
    private Tool tool;
    private TestSigner ci;
    private TestSigner alice;
    private String app;

    @BeforeEach
    void setUp() throws IOException {
        tool = new Tool(project);
        registry.password(REGISTRY_PASSWORD);
        ci = signer("ci");
        alice = signer("alice");
        secrets.add(REGISTRY_PASSWORD);
        secrets.add(Base64.getEncoder().encodeToString(("ada:" + REGISTRY_PASSWORD).getBytes(StandardCharsets.UTF_8)));
        Map<String, String> login = Map.of(
                "RELEASE_REGISTRY_USER",
                "ada",
                "RELEASE_REGISTRY_PASSWORD",
                REGISTRY_PASSWORD,
                "RELEASE_IMAGES",
                registry.host() + "/team/app");
        app = RegistryImages.push(
                FixtureApp.tar(project.resolve("app.tar"), "1"), registry.host() + "/team/app", login);
        registry.require(LoopbackRegistry.Auth.BEARER);
        tool.variables().putAll(login);
        tool.variables().put("RELEASE_SIGNING_KEY", ci.file());
        tool.variables().put("RELEASE_SIGNING_KEY_PASSWORD", KEY_PASSWORD);
        tool.variables().put("JENKINS_URL", "https://ci.example/");
        tool.variables().put("GIT_URL", "https://git.example/app.git");
        Files.writeString(project.resolve("sbom.json"), "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\"}");
        tool.config("dev", "release { require-signature-by = [ci], require-build-by = [ci] }");
        tool.config("prod", PROD);
    }

    private TestSigner signer(String principal) {
        TestSigner.Locked locked = TestSigner.locked(keys.resolve(principal), principal + "-2026", KEY_PASSWORD);
        locked.signer().allow(project.resolve("environments"), principal);
        secrets.addAll(locked.secrets());
        return locked.signer();
    }

    @AfterEach
    void close() {
        registry.close();
    }

    private void run(int code, String... command) {
        for (String output : List.of("text", "json")) {
            List<String> arguments = new ArrayList<>(List.of(command));
            arguments.addAll(List.of("--output", output, "--debug"));
            assertThat(tool.run(arguments.toArray(String[]::new)))
                    .as("exit code of %s: %s", arguments, tool.err())
                    .isEqualTo(code);
            said.append(tool.out()).append(tool.err());
        }
    }

    @Test
    void nothingThatSignsShowsASecret() throws IOException {
        String bill = project.resolve("sbom.json").toString();
        Path tar = project.resolve("prod.tar");
        run(0, "attest", app, "--provenance", "--sbom", bill);
        run(0, "create", "dev", "--app", app, "--sbom", bill, "--dry-run");
        run(0, "create", "dev", "--app", app, "--sbom", bill);
        run(0, "approve", "prod", "--signing-key", alice.file());
        run(0, "promote", "dev", "prod");
        run(0, "sign", "dev", "--signing-key", alice.file());
        run(0, "freeze", "dev", "--reason", "audit");
        run(0, "unfreeze", "dev", "--reason", "over");
        tool.config("dev", "app { greeting = two }\nrelease { require-signature-by = [ci] }");
        run(0, "create", "dev", "--app", app);
        run(0, "rollback", "dev", "v1");
        run(0, "verify", "--all", "--deep");
        run(0, "repair");
        run(0, "doctor", "--app", app);
        tool.mustRun("export", "prod", tar.toString());
        run(8, "import", tar.toString());

        // In failure: another password, none, another key, a key that is cut off or no key, a file of no password.
        tool.config("dev", "app { greeting = three }\nrelease { require-signature-by = [ci] }");
        tool.config("prod", "app { greeting = two }\n" + PROD);
        Path cut = Files.writeString(
                keys.resolve("cut"), Files.readString(keys.resolve("ci")).substring(0, 300));
        failing(7, Map.of("RELEASE_SIGNING_KEY_PASSWORD", KEY_PASSWORD + "x"));
        failing(7, Map.of("RELEASE_SIGNING_KEY_PASSWORD", ""));
        failing(7, Map.of("RELEASE_SIGNING_KEY", cut.toString()));
        failing(7, Map.of("RELEASE_SIGNING_KEY", bill));
        failing(8, Map.of("RELEASE_SIGNING_KEY", alice.file()), "create", "dev", "--app", app);
        failing(7, Map.of("RELEASE_REGISTRY_PASSWORD", REGISTRY_PASSWORD + "x"), "create", "dev", "--app", app);
        registry.answerUploadsWith(500);
        run(7, "create", "dev", "--app", app);

        secrets.add(KEY_PASSWORD + "x");
        String everything = said + written();
        assertThat(everything)
                .contains(ci.fingerprint(), "dev/000003/entry.json", "the password is wrong", "ci (ci-2026)")
                .contains("application/vnd.dev.sigstore.bundle.v0.3+json", "\"kind\": \"Endorsement\"");
        for (String secret : secrets) {
            assertThat(everything.contains(secret)).as("shows: " + secret).isFalse();
        }
    }

    /** Every command that signs fails in the same way, or that which is given. */
    private void failing(int code, Map<String, String> variables, String... command) {
        Map<String, String> before = new HashMap<>(tool.variables());
        tool.variables().putAll(variables);
        if (command.length > 0) {
            run(code, command);
        } else {
            run(code, "attest", app, "--provenance");
            run(code, "create", "dev", "--app", app);
            run(code, "promote", "dev", "prod");
            run(code, "approve", "prod");
            run(code, "rollback", "dev");
            run(code, "sign", "dev@v2");
            run(code, "freeze", "dev", "--reason", "audit");
            run(code, "doctor");
        }
        tool.variables().clear();
        tool.variables().putAll(before);
    }

    /** What is in the registry and its log, in the ledger and the exported file, and in any other file of the project. */
    private String written() throws IOException {
        StringBuilder written = new StringBuilder(String.join("\n", registry.requests()));
        registry.contents().forEach(bytes -> append(written, bytes));
        try (Stream<Path> all = Files.walk(project)) {
            for (Path path : all.filter(Files::isRegularFile).toList()) {
                append(written, Files.readAllBytes(path));
            }
        }
        try (Repository ledger = new FileRepositoryBuilder()
                        .setGitDir(project.resolve(".release/ledger.git").toFile())
                        .build();
                ObjectWalk walk = new ObjectWalk(ledger);
                ObjectReader reader = ledger.newObjectReader()) {
            ObjectId head = ledger.resolve("releases");
            walk.markStart(walk.parseCommit(head));
            for (RevObject commit = walk.next(); commit != null; commit = walk.next()) {
                append(written, reader.open(commit).getBytes());
            }
            for (RevObject each = walk.nextObject(); each != null; each = walk.nextObject()) {
                written.append(walk.getPathString()).append('\n');
                append(written, reader.open(each).getBytes());
            }
        }
        return written.toString();
    }

    private static void append(StringBuilder to, byte[] bytes) {
        to.append(new String(bytes, StandardCharsets.ISO_8859_1)).append('\n');
    }
}
