package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.release.FixtureApp;
import io.visitorcounter.release.image.LoopbackRegistry;
import io.visitorcounter.release.image.RegistryImages;
import io.visitorcounter.release.ledger.BareRepository;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Eight processes that release at once, each on a machine of its own, against one repository and one registry. */
@Timeout(180)
class ManyReleasersIT {

    private static final int PROCESSES = 8;
    private static final Pattern RELEASED =
            Pattern.compile("release  dev (v\\d+) .*\\((new|rolled-back from dev v\\d+)\\)");

    @TempDir
    Path folder;

    @Test
    void everyReleaseHasItsOwnNumberAndNoneIsLost() throws Exception {
        try (LoopbackRegistry registry = new LoopbackRegistry()) {
            Path ledger = BareRepository.create(folder.resolve("ledger.git"));
            Path tar = FixtureApp.tar(folder.resolve("app.tar"), "1");
            String app = RegistryImages.push(tar, registry.host() + "/team/app", Map.of());
            Tool first = new Tool(folder.resolve("first"));
            first.variables().put("RELEASE_LEDGER", ledger.toString());
            for (String greeting : List.of("a", "b")) {
                first.config("dev", "app { greeting = " + greeting + " }");
                first.mustRun("create", "dev", "--app", app);
            }

            List<ToolProcess> releasers = new ArrayList<>();
            for (int i = 0; i < PROCESSES; i++) {
                Path project = folder.resolve("machine-" + i);
                Tool machine = new Tool(project);
                machine.config("dev", "app { greeting = machine" + i + " }");
                Map<String, String> variables =
                        Map.of("RELEASE_LEDGER", "file://" + ledger, "RELEASE_APP", app, "RELEASE_USER", "m" + i);
                releasers.add(
                        i % 2 == 0
                                ? ToolProcess.start(project, variables, "create", "dev")
                                : ToolProcess.start(project, variables, "rollback", "dev", "v" + (1 + i / 2 % 2)));
            }
            List<String> numbers = new ArrayList<>();
            for (ToolProcess releaser : releasers) {
                assertThat(releaser.await()).as(releaser.output()).isZero();
                Matcher released = RELEASED.matcher(releaser.output());
                if (released.find()) {
                    numbers.add(released.group(1));
                }
            }

            // A rollback to what was the newest at that moment changes nothing and takes no number.
            assertThat(numbers).hasSizeGreaterThanOrEqualTo(PROCESSES / 2).doesNotHaveDuplicates();
            first.mustRun("history", "dev", "--limit", "100", "--output", "json");
            assertThat(first.json().path("releases").size()).isEqualTo(2 + numbers.size());
            first.mustRun("verify", "--all", "--deep");
        }
    }
}
