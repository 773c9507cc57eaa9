package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.release.FixtureApp;
import io.visitorcounter.release.image.LoopbackRegistry;
import io.visitorcounter.release.image.RegistryImages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A release that is killed at any step leaves a history that is whole, and the next command works. */
@Timeout(240)
class KilledReleaseIT {

    @TempDir
    Path folder;

    @Test
    void killedAtAnyRequestToTheRegistryNothingIsReleasedAndTheNextOneIs() throws Exception {
        try (LoopbackRegistry registry = new LoopbackRegistry()) {
            Tool tool = new Tool(folder.resolve("project"));
            Path tar = FixtureApp.tar(folder.resolve("app.tar"), "1");
            String app = RegistryImages.push(tar, registry.host() + "/team/app", Map.of());
            tool.config("dev", "app { greeting = first }");
            tool.mustRun("create", "dev", "--app", app);
            registry.requests().clear();
            tool.config("dev", "app { greeting = second }");
            tool.mustRun("create", "dev", "--app", app);
            int steps = registry.requests().size();
            assertThat(steps).isGreaterThan(5);

            for (int step = 1; step <= steps; step++) {
                tool.config("dev", "app { greeting = killed-at-" + step + " }");
                CountDownLatch reached = registry.holdAtRequest(step);
                ToolProcess killed =
                        ToolProcess.start(folder.resolve("project"), Map.of(), "create", "dev", "--app", app);
                assertThat(reached.await(60, TimeUnit.SECONDS))
                        .as("request %d", step)
                        .isTrue();
                killed.kill();
                registry.release();

                tool.mustRun("history", "dev", "--output", "json");
                assertThat(tool.json().path("releases").size())
                        .as("killed at request %d", step)
                        .isEqualTo(2);
            }
            tool.mustRun("create", "dev", "--app", app);
            assertThat(tool.out()).startsWith("release  dev v3").contains("(new)");
            tool.mustRun("verify", "--all", "--deep");
        }
    }

    @Test
    void killedAtAnyMomentTheHistoryHoldsAllOfAReleaseOrNothing() throws Exception {
        Path project = folder.resolve("project");
        Tool tool = new Tool(project);
        Path app = FixtureApp.tar(folder.resolve("app.tar"), "1");
        tool.config("dev", "app { greeting = first }");
        tool.mustRun("create", "dev", "--app", app.toString());
        int released = 1;

        // From the start of the JVM until well after the append; where exactly is the machine's choice.
        for (int moment = 1; moment <= 8; moment++) {
            tool.config("dev", "app { greeting = moment-" + moment + " }");
            ToolProcess killed = ToolProcess.start(project, Map.of(), "create", "dev", "--app", app.toString());
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200L * moment);
            while (System.nanoTime() < end && killed.isAlive()) {
                Thread.onSpinWait();
            }
            killed.kill();

            tool.mustRun("verify", "--all", "--deep");
            if (tool.run("create", "dev", "--app", app.toString()) == 7) {
                // Killed in the moment in which it held the branch: git knows no owner of a lock, so a person must.
                Path lock = project.resolve(".release/ledger.git/refs/heads/releases.lock");
                assertThat(tool.err()).contains(lock.toString());
                Files.delete(lock);
            }
            tool.mustRun("create", "dev", "--app", app.toString());
            released++;
            tool.mustRun("history", "dev", "--limit", "100", "--output", "json");
            assertThat(tool.json().path("releases").size()).isEqualTo(released);
        }
    }
}
