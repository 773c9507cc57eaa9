package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.FixtureApp;
import io.visitorcounter.release.ReleaseId;
import io.visitorcounter.release.ledger.BareRepository;
import io.visitorcounter.release.ledger.Deployment;
import io.visitorcounter.release.ledger.DeploymentEnd;
import io.visitorcounter.release.ledger.Entry;
import io.visitorcounter.release.ledger.EntryHeader;
import io.visitorcounter.release.ledger.EntryRef;
import io.visitorcounter.release.ledger.EntrySigner;
import io.visitorcounter.release.ledger.Ledger;
import io.visitorcounter.release.ledger.LedgerPlace;
import io.visitorcounter.release.ledger.Retry;
import io.visitorcounter.release.ledger.Snapshot;
import io.visitorcounter.release.trust.SshSignature;
import io.visitorcounter.release.trust.TestSigner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** git and ssh-keygen read the signatures of the ledger's commits, and the hook that ships lets in no other. */
class SignedPushIT {

    private static final Environment DEV = new Environment("dev");
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    Path project;

    private Tool tool;
    private Path bare;
    private Path app;
    private TestSigner prod;

    @BeforeAll
    static void findThem() {
        boolean there = Stream.of("git", "ssh-keygen").allMatch(SignedPushIT::isThere);
        if ("required".equals(System.getenv("TEST_SSH"))) {
            assertThat(there)
                    .as("git and ssh-keygen; apt-get install git openssh-client")
                    .isTrue();
        }
        assumeTrue(
                there, "no git and ssh-keygen on the PATH; install them (Debian: apt-get install git openssh-client)");
    }

    @BeforeEach
    void serve() throws IOException {
        tool = new Tool(project);
        app = FixtureApp.tar(project.resolve("app.tar"), "1");
        prod = TestSigner.make(project.resolve("key"), "prod-2026");
        prod.allow(project.resolve("environments"), "prod");
        bare = BareRepository.create(project.resolve("server.git"));
        Path hook = Files.createDirectories(bare.resolve("hooks")).resolve("pre-receive");
        Files.copy(Path.of("hooks", "pre-receive"), hook);
        assertThat(hook.toFile().setExecutable(true)).isTrue();
        tool.variables().put("RELEASE_LEDGER", "file://" + bare);
        tool.config("dev", "app {}");
    }

    @Test
    void aPushThatIsNotSignedIsRefusedAndASignedOneIsNot() throws Exception {
        assertThat(tool.run("create", "dev", "--app", app.toString(), "--signing-key", prod.file()))
                .isEqualTo(7);
        assertThat(tool.err()).contains("allowed_signers: no such file; nobody may push");
        Files.copy(project.resolve("environments/allowed_signers"), bare.resolve("allowed_signers"));

        assertThat(tool.run("create", "dev", "--app", app.toString())).isEqualTo(7);
        assertThat(tool.err()).contains("expected the signature of somebody in allowed_signers");
        TestSigner stranger = TestSigner.make(project.resolve("stranger"), "stranger");
        stranger.allow(project.resolve("environments"), "stranger");
        assertThat(tool.run("create", "dev", "--app", app.toString(), "--signing-key", stranger.file()))
                .isEqualTo(7);
        assertThat(git("rev-parse", "--quiet", "--verify", "releases").exitCode())
                .isNotZero();

        tool.mustRun("create", "dev", "--app", app.toString(), "--signing-key", prod.file());
        tool.mustRun("freeze", "dev", "--reason", "größer – audit", "--signing-key", prod.file());

        tool.mustRun("verify", "--all");
        assertThat(git("log", "--format=%G? %GS", "releases").text()).isEqualTo("G prod\nG prod\n");
        Path clone = project.resolve("clone");
        run("git", "clone", "-q", "-b", "releases", bare.toString(), clone.toString());
        run(
                "git",
                "-C",
                clone.toString(),
                "-c",
                "user.name=Eve",
                "-c",
                "user.email=eve@example.org",
                "commit",
                "--allow-empty",
                "-q",
                "-m",
                "by hand");
        assertThat(run("git", "-C", clone.toString(), "push", "-q", "origin", "releases")
                        .text())
                .contains("expected the signature of somebody in allowed_signers");
        assertThat(run("git", "-C", clone.toString(), "push", "-q", "origin", ":releases")
                        .exitCode())
                .isNotZero();
        assertThat(git("log", "--format=%G?", "releases").text()).isEqualTo("G\nG\n");
    }

    @Test
    void deploymentsAreGuardedAsReleasesAre() throws Exception {
        Files.copy(project.resolve("environments/allowed_signers"), bare.resolve("allowed_signers"));
        try (Ledger deployments = Ledger.deployments(
                LedgerPlace.of("file://" + bare, project.resolve("copies"), tool.variables()),
                project.resolve("seen"),
                Retry.standard(),
                false)) {
            assertThatThrownBy(() -> deployments.append(history -> Optional.of(begun(history, Optional.empty()))))
                    .hasMessageContaining("expected the signature of somebody in allowed_signers");
            EntrySigner signer = new EntrySigner() {
                @Override
                public SortedMap<String, byte[]> sign(Entry entry) {
                    return new TreeMap<>();
                }

                @Override
                public String signCommit(byte[] commit) {
                    return SshSignature.sign(commit, SshSignature.GIT, prod.signing());
                }
            };

            deployments.append(history -> Optional.of(begun(history, Optional.of(signer))));
            deployments.append(history -> Optional.of(ended(history, signer)));
        }

        assertThat(git("log", "--format=%G? %GS", "deployments").text()).isEqualTo("G prod\nG prod\n");
        assertThat(push("+deployments~1:deployments")).contains("refs/heads/deployments only grows");
        assertThat(push(":deployments")).contains("refs/heads/deployments can't be deleted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"releases", "deployments"})
    void aSignedPushThatDoesMoreThanToAppendIsRefused(String branch) throws Exception {
        Path key = project.resolve("eve");
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString());
        Files.writeString(bare.resolve("allowed_signers"), "eve " + Files.readString(project.resolve("eve.pub")));
        Path clone = project.resolve("clone");
        run("git", "clone", "-q", bare.toString(), clone.toString());
        in(clone, "checkout", "-q", "-b", branch);
        commit(clone, "one", appended(1, ""));
        assertThat(in(clone, "push", "-q", "origin", branch).text()).isEmpty();

        commit(clone, "another's words", Map.of("dev/000001/entry.json", "2", "head.json", "2"));
        assertThat(in(clone, "push", "origin", branch).text())
                .contains(branch + " only grows, and this changes or removes dev/000001/entry.json");
        in(clone, "reset", "-q", "--hard", "HEAD~1");
        in(clone, "rm", "-q", "dev/000001/entry.json");
        commit(clone, "gone", appended(2, digest(1, "")));
        assertThat(in(clone, "push", "origin", branch).text())
                .contains("only grows, and this changes or removes dev/000001/entry.json");
        in(clone, "reset", "-q", "--hard", "HEAD~1");
        commit(clone, "beside it", Map.of("dev/000002/entry.json", entry(2, digest(1, ""))));
        assertThat(in(clone, "push", "origin", branch).text())
                .contains("expected an entry, and head.json does not name one");
        in(clone, "reset", "-q", "--hard", "HEAD~1");
        in(clone, "checkout", "-q", "-b", "side");
        commit(clone, "left", appended(2, digest(1, "")));
        in(clone, "checkout", "-q", branch);
        in(clone, signed("merge", "-q", "--no-ff", "-m", "merged", "side"));
        assertThat(in(clone, "push", "origin", branch).text()).contains("expected one parent, got a merge");
        assertThat(git("rev-list", "--count", branch).text()).isEqualTo("1\n");
    }

    @Test
    void whatHeadNamesIsTheEntryThatIsAppended() throws Exception {
        Files.copy(project.resolve("environments/allowed_signers"), bare.resolve("allowed_signers"));
        git("config", "--add", "release.unsigned", "dev");
        tool.mustRun("create", "dev", "--app", app.toString());
        tool.config("dev", "app { greeting = two }");
        tool.mustRun("create", "dev", "--app", app.toString());
        Path clone = project.resolve("clone");
        run("git", "clone", "-q", "-b", "releases", bare.toString(), clone.toString());
        String first = Digest.of(Files.readAllBytes(clone.resolve("dev/000001/entry.json")))
                .text();
        String second = Digest.of(Files.readAllBytes(clone.resolve("dev/000002/entry.json")))
                .text();

        // Nobody needs a key for dev, and nobody may stop it by that.
        Map<String, Map<String, String>> pushes = Map.of(
                "does not name an entry that it adds", Map.of("head.json", head(1, first)),
                "names dev/000003/entry.json with another digest",
                        Map.of("head.json", head(3, second), "dev/000003/entry.json", entry(3, second)),
                "dev/000003/entry.json does not come right after the newest entry", appended(3, first),
                "dev/000004/entry.json does not come right after the newest entry", appended(4, second));
        for (var push : pushes.entrySet()) {
            commitUnsigned(clone, push.getValue());
            assertThat(in(clone, "push", "origin", "releases").text())
                    .as(push.getKey())
                    .contains(push.getKey());
            in(clone, "reset", "-q", "--hard", "HEAD~1");
        }
        commitUnsigned(clone, appended(3, second));
        assertThat(in(clone, "push", "-q", "origin", "releases").text()).isEmpty();
    }

    /** The files of an entry as far as the hook reads them. */
    private static Map<String, String> appended(int number, String previous) {
        return Map.of(
                "dev/00000" + number + "/entry.json",
                entry(number, previous),
                "head.json",
                head(number, digest(number, previous)));
    }

    private static String digest(int number, String previous) {
        return Digest.of(entry(number, previous).getBytes(StandardCharsets.UTF_8))
                .text();
    }

    private static String entry(int number, String previous) {
        String before = previous.isEmpty()
                ? ""
                : ",\n  \"previous\": {\n    \"sequence\": " + (number - 1)
                        + ",\n    \"path\": \"x\",\n    \"digest\": \"" + previous + "\"\n  }";
        return "{\n  \"sequence\": " + number + before + "\n}\n";
    }

    private static String head(int number, String digest) {
        return "{\n  \"sequence\": " + number + ",\n  \"path\": \"dev/00000" + number
                + "/entry.json\",\n  \"digest\": \"" + digest + "\"\n}\n";
    }

    private static void commitUnsigned(Path clone, Map<String, String> files) throws Exception {
        write(clone, files);
        in(clone, "-c", "user.name=Eve", "-c", "user.email=eve@example.org", "commit", "-q", "-m", "by hand");
    }

    private static void write(Path clone, Map<String, String> files) throws Exception {
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = clone.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        in(clone, "add", "-A");
    }

    @Test
    void anEnvironmentThatAsksForNoSignaturesCanBeExempt() throws Exception {
        Files.copy(project.resolve("environments/allowed_signers"), bare.resolve("allowed_signers"));
        tool.config("prod", "app {}");
        git("config", "--add", "release.unsigned", "dev");
        git("config", "--add", "release.unsigned", "test");

        tool.mustRun("create", "dev", "--app", app.toString());
        assertThat(tool.run("create", "prod", "--app", app.toString())).isEqualTo(7);
        assertThat(tool.err()).contains("expected the signature of somebody in allowed_signers");
        tool.mustRun("create", "prod", "--app", app.toString(), "--signing-key", prod.file());

        assertThat(git("log", "--format=%G?", "releases").text()).isEqualTo("G\nN\n");
    }

    private static Ledger.Draft begun(Snapshot history, Optional<EntrySigner> signer) {
        byte[] manifest = "kind: \"Deployment\"\n".getBytes(StandardCharsets.UTF_8);
        Digest some = Digest.of(manifest);
        Deployment begun = new Deployment(
                EntryHeader.after(history, DEV, 1, new Entry.Audit("Ada", AT, Optional.empty())),
                new Deployment.Destination("default", "kubernetes", "here"),
                new Deployment.Subject(
                        new ReleaseId(DEV, 1),
                        new EntryRef(1, "dev/000001/entry.json", some),
                        some,
                        some,
                        "app",
                        Optional.of(1),
                        Duration.ofMinutes(1),
                        Duration.ZERO,
                        new TreeMap<>()),
                Optional.empty(),
                AT.plusSeconds(60));
        SortedMap<String, byte[]> files = new TreeMap<>(Map.of("manifest.yaml", manifest));
        return new Ledger.Draft(begun, files).signedBy(signer);
    }

    private static Ledger.Draft ended(Snapshot history, EntrySigner signer) {
        DeploymentEnd ended = new DeploymentEnd(
                EntryHeader.after(history, DEV, 1, new Entry.Audit("Ada", AT, Optional.empty())),
                DeploymentEnd.Result.HEALTHY,
                Optional.empty(),
                Optional.of(new ReleaseId(DEV, 1)),
                new DeploymentEnd.Figures(12, 34, 1, 10));
        return Ledger.Draft.of(ended).signedBy(Optional.of(signer));
    }

    private void commit(Path clone, String message, Map<String, String> files) throws Exception {
        write(clone, files);
        assertThat(in(clone, signed("commit", "-q", "-S", "-m", message)).text())
                .isEmpty();
    }

    /** A command of git that signs, as a person may who has a key. */
    private String[] signed(String... command) {
        List<String> options = List.of(
                "user.name=Eve",
                "user.email=eve@example.org",
                "gpg.format=ssh",
                "commit.gpgSign=true",
                "user.signingKey=" + project.resolve("eve"));
        return Stream.concat(options.stream().flatMap(option -> Stream.of("-c", option)), Stream.of(command))
                .toArray(String[]::new);
    }

    private String push(String what) throws Exception {
        Path clone = project.resolve("pusher");
        run("git", "clone", "-q", "-b", "deployments", bare.toString(), clone.toString());
        return in(clone, "push", "origin", what).text();
    }

    private static Ended in(Path clone, String... command) throws Exception {
        return run(Stream.concat(Stream.of("git", "-C", clone.toString()), Stream.of(command))
                .toArray(String[]::new));
    }

    private record Ended(int exitCode, String text) {}

    private Ended git(String... arguments) throws Exception {
        return run(Stream.concat(
                        Stream.of(
                                "git",
                                "--git-dir",
                                bare.toString(),
                                "-c",
                                "gpg.ssh.allowedSignersFile=" + bare.resolve("allowed_signers")),
                        Stream.of(arguments))
                .toArray(String[]::new));
    }

    private static Ended run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), text);
    }

    private static boolean isThere(String command) {
        try {
            run(command, "-?");
            return true;
        } catch (Exception e) {
            return false;
        }
    }
}
