package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.release.FixtureApp;
import io.visitorcounter.release.ledger.BareRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A release that is killed (as by {@code kill -9}) while it holds one of git's lock files, at each that it takes on this
 *  machine: stopped by a debugger just before it puts the file in its place. The next command works, or names the lock and
 *  works once that is deleted. */
@Timeout(240)
class KilledAtLocksIT {

    private static final String LOCK = "org.eclipse.jgit.internal.storage.file.LockFile";
    private static final String PUT_IN_PLACE = "commit";
    private static final String BRANCH = "refs/heads/releases.lock";

    @TempDir
    Path folder;

    private Path project;
    private Tool tool;
    private String app;

    @BeforeEach
    void setUp() {
        project = folder.resolve("project");
        tool = new Tool(project);
        app = FixtureApp.tar(folder.resolve("app.tar"), "1").toString();
    }

    @Test
    void ofALedgerThatTheFirstReleaseMakes() throws Exception {
        Path ledger = project.resolve(".release/ledger.git");

        List<String> first = killedAtEach(Map.of(), "first", ledger, true);
        tool.mustRun("create", "dev", "--app", app);
        List<String> later = killedAtEach(Map.of(), "later", ledger, false);

        assertThat(first).last().isEqualTo(BRANCH);
        assertThat(first).hasSizeGreaterThan(1);
        assertThat(later).containsExactly(BRANCH);
    }

    @Test
    void ofARepositoryThatIsThere() throws Exception {
        Path ledger = BareRepository.create(folder.resolve("l.git"));

        assertThat(killedAtEach(Map.of("RELEASE_LEDGER", ledger.toString()), "first", ledger, false))
                .containsExactly(BRANCH);
    }

    @Test
    void ofTheCopyOfALedgerThatIsReachedByAUrl() throws Exception {
        Path ledger = BareRepository.create(folder.resolve("there.git"));
        Map<String, String> url = Map.of("RELEASE_LEDGER", "file://" + ledger);

        List<String> first = killedAtEach(url, "first", ledger, true);

        // None of them is on the other side, where git is another process, and none is ever in the way.
        assertThat(first).hasSizeGreaterThan(1);
    }

    @Test
    void aLockThatIsFreshIsNamedToo() throws Exception {
        Path ledger = BareRepository.create(folder.resolve("l.git"));
        Map<String, String> place = Map.of("RELEASE_LEDGER", ledger.toString());
        tool.variables().putAll(place);
        tool.config("dev", "app { greeting = one }");
        assertThat(kill(1, place)).isTrue();

        assertThat(tool.run("create", "dev", "--app", app)).isEqualTo(7);

        assertThat(tool.err())
                .hasLineCount(1)
                .contains(ledger.resolve(BRANCH) + "; if nobody writes to the ledger, delete it; nothing was released");
        Files.delete(ledger.resolve(BRANCH));
        tool.mustRun("create", "dev", "--app", app);
        assertThat(tool.out()).startsWith("release  dev v1");
    }

    /** Kills a release at each lock in turn.
     *
     *  @param again whether to begin anew each time, with a project that never released
     *  @return the locks, as they were left, by path below the ledger; of others only the name */
    private List<String> killedAtEach(Map<String, String> variables, String content, Path ledger, boolean again)
            throws Exception {
        List<String> locks = new ArrayList<>();
        tool.variables().putAll(variables);
        for (int nth = 1; ; nth++) {
            tool.config("dev", "app { greeting = " + content + nth + " }");
            if (!kill(nth, variables)) {
                return locks;
            }
            List<Path> left = left();
            assertThat(left).as("at lock %d", nth).hasSize(1);
            Path lock = left.get(0);
            boolean branch = lock.equals(ledger.resolve(BRANCH));
            locks.add(branch ? BRANCH : String.valueOf(lock.getFileName()));
            Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minus(Duration.ofMinutes(5))));

            int code = tool.run("create", "dev", "--app", app);
            if (branch) {
                assertThat(code).as(tool.err()).isEqualTo(7);
                assertThat(tool.err()).hasLineCount(1).contains(lock + ": is there since ");
                Files.delete(lock);
                tool.mustRun("create", "dev", "--app", app);
            } else {
                assertThat(code).as("%s: %s", lock, tool.err()).isZero();
            }
            tool.mustRun("verify", "--all", "--deep");
            if (again) {
                io.visitorcounter.release.Scratch.delete(project.resolve(".release"));
                if (!ledger.startsWith(project)) {
                    io.visitorcounter.release.Scratch.delete(ledger);
                    BareRepository.create(ledger);
                }
            }
        }
    }

    private boolean kill(int nth, Map<String, String> variables) throws Exception {
        return StoppedTool.killedAt(nth, LOCK, PUT_IN_PLACE, project, variables, "create", "dev", "--app", app);
    }

    private List<Path> left() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> file.toString().endsWith(".lock")).toList();
        }
    }
}
