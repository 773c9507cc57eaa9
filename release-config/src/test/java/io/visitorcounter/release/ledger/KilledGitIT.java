package io.visitorcounter.release.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Git's own process on the other side, really killed (as by {@code kill -9}) at every step at which it runs a hook, two of
 *  them with its locks held: the next append works, or names the lock that was left and works once that is deleted. */
@Timeout(120)
class KilledGitIT {

    private static final Pattern NAMED = Pattern.compile("(/[^ ]*\\.lock)\\b");

    @TempDir
    Path folder;

    private Path bare;
    private GitServer server;
    private Path killAt;

    @BeforeEach
    void serve() throws Exception {
        assumeTrue(GitServer.isThere(), "no git with its daemon on this machine (Debian: apt-get install git)");
        Path served = Files.createDirectories(folder.resolve("served"));
        bare = BareRepository.create(served.resolve("l.git"));
        killAt = folder.resolve("kill-at");
        for (String hook : List.of("pre-receive", "update", "reference-transaction", "post-receive", "post-update")) {
            // The process that runs a hook is its parent; git gc runs another git for its parts.
            GitServer.script(bare.resolve("hooks").resolve(hook), """
                step=%s
                [ "$step" != reference-transaction ] || step=$1
                if [ "$(cat '%s' 2>/dev/null)" = "$step" ]; then
                    rm '%s'
                    read -r _ _ _ parent _ </proc/$PPID/stat
                    case $(tr '\\0' ' ' </proc/$parent/cmdline) in *' gc '*) kill -9 "$parent" ;; esac
                    kill -9 $PPID
                fi\
                """.formatted(hook, killAt, killAt));
        }
        server = new GitServer(served, folder);
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private Ledger ledger(String way) {
        return Ledger.at(
                LedgerPlace.of(server.url(way, "l.git"), folder.resolve("copies"), server.variables()),
                folder.resolve("seen"),
                new Retry(
                        40,
                        Duration.ofMillis(1),
                        Duration.ofMillis(2),
                        time -> Thread.sleep(time.toMillis()),
                        new java.util.SplittableRandom(1)));
    }

    private List<Path> locks() throws IOException {
        try (Stream<Path> all = Files.walk(bare)) {
            return all.filter(file -> file.toString().endsWith(".lock"))
                    .sorted()
                    .toList();
        }
    }

    /** Appends where a process was killed before, deleting what it is told to.
     *
     *  @return the locks that it was told of, in order */
    private List<Path> goesOn(Ledger ledger, String content) throws IOException {
        List<Path> named = new ArrayList<>();
        while (true) {
            try {
                LedgerContract.append(ledger, LedgerContract.DEV, content);
                return named;
            } catch (ReleaseException.Unreachable e) {
                assertThat(e).hasMessageContaining("; if nobody writes to the ledger, delete it; nothing was released");
                Matcher lock = NAMED.matcher(String.valueOf(e.getMessage()));
                assertThat(lock.find()).as(e.getMessage()).isTrue();
                Path file = Path.of(lock.group(1));
                assertThat(file).exists();
                assertThat(named).doesNotContain(file);
                Files.delete(file);
                named.add(file);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "git, pre-receive, 0, first second",
        "git, update, 0, first",
        "git, prepared, 2, first second",
        "git, committed, 0, first second",
        "git, post-receive, 0, first",
        "git, post-update, 0, first",
        "ssh, pre-receive, 0, first",
        "ssh, prepared, 2, first second",
        "ssh, committed, 0, first",
        "file, prepared, 2, first",
        "file, post-receive, 0, second"
    })
    void killedAtAnyStepTheNextAppendWorksOrNamesTheLock(String way, String step, int locks, String contents)
            throws Exception {
        for (String content : contents.split(" ", -1)) {
            int before;
            try (Ledger ledger = ledger(way)) {
                before = ledger.read().history(LedgerContract.DEV, 10).size();
                Files.writeString(killAt, step);
                try {
                    LedgerContract.append(ledger, LedgerContract.DEV, content);
                } catch (ReleaseException.Unreachable killed) {
                    assertThat(killed).hasMessageContaining(server.url(way, "l.git"));
                }
            }
            assertThat(killAt).as("the step was met").doesNotExist();
            assertThat(locks()).as(content).hasSize(locks);

            try (Ledger ledger = ledger(way)) {
                int after = ledger.read().history(LedgerContract.DEV, 10).size();
                assertThat(after).isBetween(before, before + 1);
                assertThat(goesOn(ledger, content + " again")).as(content).hasSize(locks);

                assertThat(ledger.read().history(LedgerContract.DEV, 10)).hasSize(after + 1);
                assertThat(HashChain.walk(ledger.read()).faults()).isEmpty();
                assertThat(ledger.obstacle()).isEmpty();
            }
        }
        GitServer.git(bare, "fsck", "--strict");
    }

    @ParameterizedTest
    @ValueSource(strings = {"prepared", "committed"})
    void aGarbageCollectionThatWasKilledLocksNobodyOut(String step) throws Exception {
        try (Ledger ledger = ledger("git")) {
            LedgerContract.append(ledger, LedgerContract.DEV, "first");
            Files.writeString(killAt, step);
            Process gc = new ProcessBuilder("git", "-C", bare.toString(), "gc", "--quiet")
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("gc.log").toFile())
                    .start();
            assertThat(gc.waitFor()).isNotZero();
            assertThat(bare.resolve("packed-refs.lock")).exists();
            assertThat(bare.resolve("gc.pid")).exists();

            assertThat(goesOn(ledger, "second")).isEmpty();

            assertThat(HashChain.walk(ledger.read()).entries()).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"git", "ssh", "file"})
    void aRepositoryThatCantBeWrittenIsNotCalledLocked(String way) throws Exception {
        Path heads = bare.resolve("refs/heads");
        Files.delete(heads);
        Files.writeString(heads, "in the way");

        try (Ledger ledger = ledger(way)) {
            org.assertj.core.api.Assertions.assertThatThrownBy(
                            () -> LedgerContract.append(ledger, LedgerContract.DEV, "first"))
                    .isInstanceOf(ReleaseException.Unreachable.class)
                    .hasMessageNotContaining("delete it");
        }
    }
}
