package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.FixtureApp;
import io.visitorcounter.release.ReleaseId;
import io.visitorcounter.release.ledger.LongLedger;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ten thousand releases, of which the usual commands read only the newest. */
class LongHistoryIT {

    private static final int RELEASES = 10_000;

    private static final Duration NOISE = Duration.ofMillis(400);

    @TempDir
    Path project;

    @Test
    void tenThousandReleasesAreAsQuickToListAndRollBackAsTwo() {
        Tool tool = new Tool(project);
        Path app = FixtureApp.tar(project.resolve("app.tar"), "1");
        for (String greeting : new String[] {"one", "two"}) {
            tool.config("dev", "app { greeting = " + greeting + " }");
            tool.mustRun("create", "dev", "--app", app.toString());
        }
        Duration historyBefore = best(tool, "history", "dev", "--limit", "2");
        Duration rollbackBefore = best(tool, "rollback", "dev");
        Path ledger = project.resolve(".release/ledger.git");
        LongLedger.grow(ledger, dev(5), RELEASES - 5);
        // Who still reads one of them, of all but the newest and the last seen, fails rather than takes longer.
        LongLedger.forget(ledger, dev(6), dev(RELEASES - 30));

        Duration history = best(tool, "history", "dev", "--limit", "20");
        assertThat(tool.out()).hasLineCount(21).contains("dev v10000");
        Duration rollback = best(tool, "rollback", "dev");
        assertThat(tool.out()).contains("dev v10003");

        assertThat(tool.run("show", "dev@v7")).isEqualTo(5);
        // What is left is one long list of names, read once and written once.
        assertThat(history).isLessThan(historyBefore.plus(NOISE));
        assertThat(rollback).isLessThan(rollbackBefore.plus(NOISE));
    }

    private static ReleaseId dev(int version) {
        return new ReleaseId(new Environment("dev"), version);
    }

    private static Duration best(Tool tool, String... arguments) {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            long start = System.nanoTime();
            tool.mustRun(arguments);
            best = Math.min(best, System.nanoTime() - start);
        }
        return Duration.ofNanos(best);
    }
}
