package io.visitorcounter.release.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.visitorcounter.release.ReleaseException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A ledger that git itself serves, in every form in which git takes its address, and in git's other object format. */
@Timeout(120)
class GitFormsIT {

    @TempDir
    Path folder;

    private Path served;
    private GitServer server;

    @BeforeEach
    void serve() throws Exception {
        assumeTrue(GitServer.isThere(), "no git with its daemon on this machine (Debian: apt-get install git)");
        served = Files.createDirectories(folder.resolve("served"));
        server = new GitServer(served, folder);
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private Ledger ledger(String url, Map<String, String> variables) {
        return Ledger.at(
                LedgerPlace.of(url, folder.resolve("copies"), variables), folder.resolve("seen"), Retry.standard());
    }

    @ParameterizedTest
    @ValueSource(strings = {"git", "ssh", "scp", "file"})
    void releasesAreWrittenAndRead(String way) throws Exception {
        GitServer.git(served, "init", "--quiet", "--bare", "l.git");

        try (Ledger ledger = ledger(server.url(way, "l.git"), server.variables())) {
            LedgerContract.append(ledger, LedgerContract.DEV, "one");
            LedgerContract.append(ledger, LedgerContract.DEV, "two");
        }

        try (Ledger ledger = ledger(server.url(way, "l.git"), server.variables())) {
            assertThat(HashChain.walk(ledger.read()).entries()).hasSize(2);
        }
        GitServer.git(served.resolve("l.git"), "fsck", "--strict");
        assertThat(GitServer.git(served.resolve("l.git"), "rev-list", "--count", "releases"))
                .isEqualTo("2");
    }

    @ParameterizedTest
    @CsvSource({
        "git@ledger.example:l.git, git@ledger.example git-upload-pack 'l.git'",
        "ledger.example:team/l.git, ledger.example git-upload-pack 'team/l.git'",
        "git@ledger.example:~/l.git, git@ledger.example git-upload-pack '~/l.git'",
        "ssh://git@ledger.example:2222/l.git, -p 2222 git@ledger.example git-upload-pack '/l.git'",
        "SSH://ledger.example/~/l.git, ledger.example git-upload-pack '~/l.git'",
        "ssh://git@[::1]/l.git, git@::1 git-upload-pack '/l.git'",
    })
    void sshIsCalledAsGitCallsIt(String address, String arguments) throws Exception {
        Path called = folder.resolve("called");
        // A shell reads the command, as it does git's: with words of its own before what git adds.
        Path command = GitServer.script(folder.resolve("with blank/ssh"), "echo \"$@\" >'" + called + "'; exit 1");
        Path other = GitServer.script(folder.resolve("not-this"), "exit 1");
        Map<String, String> variables =
                Map.of("GIT_SSH_COMMAND", "'" + command + "' -o BatchMode=yes", "GIT_SSH", other.toString());

        try (Ledger ledger = ledger(address, variables)) {
            assertThatThrownBy(ledger::read).isInstanceOf(ReleaseException.Unreachable.class);
        }

        assertThat(called).content().isEqualTo("-o BatchMode=yes " + arguments + "\n");
    }

    @Test
    void gitSshIsAProgramWithoutAShell() throws Exception {
        Path called = folder.resolve("called");
        Path program = GitServer.script(folder.resolve("with blank/ssh"), "echo \"$@\" >'" + called + "'; exit 1");

        try (Ledger ledger = ledger("git@ledger.example:l.git", Map.of("GIT_SSH", program.toString()))) {
            assertThatThrownBy(ledger::read).isInstanceOf(ReleaseException.Unreachable.class);
        }

        assertThat(called).content().isEqualTo("git@ledger.example git-upload-pack 'l.git'\n");
    }

    @ParameterizedTest
    @CsvSource({
        "git, true",
        "git, false",
        "ssh, true",
        "ssh, false",
        "scp, true",
        "file, true",
        "file, false",
        "path, true",
        "path, false"
    })
    void gitsOtherFormatIsRefusedWithTheWayToMakeOne(String way, boolean empty) throws Exception {
        GitServer.git(served, "init", "--quiet", "--bare", "--object-format=sha256", "l.git");
        Path there = served.resolve("l.git");
        if (!empty) {
            String tree = GitServer.git(there, "hash-object", "-t", "tree", "-w", "/dev/null");
            String commit = GitServer.git(there, "commit-tree", "-m", "x", tree);
            GitServer.git(there, "update-ref", "refs/heads/releases", commit);
        }
        String before = GitServer.git(there, "count-objects", "-v") + GitServer.git(there, "for-each-ref");

        try (Ledger ledger =
                ledger(way.equals("path") ? there.toString() : server.url(way, "l.git"), server.variables())) {
            assertThatThrownBy(() -> LedgerContract.append(ledger, LedgerContract.DEV, "one"))
                    .isInstanceOf(ReleaseException.Unreachable.class)
                    .hasMessageContaining("in git's sha256 format")
                    .hasMessageContaining("git init --object-format=sha1");
        }

        assertThat(GitServer.git(there, "count-objects", "-v") + GitServer.git(there, "for-each-ref"))
                .isEqualTo(before);
        GitServer.git(there, "fsck", "--strict");
    }

    @Test
    void aTildeIsTheFolderOfHome() throws Exception {
        GitServer.git(served, "init", "--quiet", "--bare", "l.git");

        try (Ledger ledger = ledger("~/l.git", Map.of("HOME", served.toString()))) {
            LedgerContract.append(ledger, LedgerContract.DEV, "one");
        }

        assertThat(GitServer.git(served.resolve("l.git"), "rev-list", "--count", "releases"))
                .isEqualTo("1");
    }
}
