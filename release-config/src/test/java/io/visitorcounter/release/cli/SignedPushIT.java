package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.visitorcounter.release.FixtureApp;
import io.visitorcounter.release.ledger.BareRepository;
import io.visitorcounter.release.trust.TestSigner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** git and ssh-keygen read the signatures of the ledger's commits, and the hook that ships lets in no other. */
class SignedPushIT {

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
