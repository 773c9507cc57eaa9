package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.release.FixtureApp;
import io.visitorcounter.release.ledger.BareRepository;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A dry run writes nothing: every file is as it was, with its time, whatever was there before. */
class DryRunTest {

    private static final List<String> COMMANDS = List.of(
            "create dev",
            "create test --app other.tar",
            "promote dev test",
            "rollback dev",
            "freeze dev --reason x",
            "doctor");

    @TempDir
    Path project;

    @Test
    void ofAProjectThatIsNew() throws IOException {
        Tool tool = tool();

        for (String command : List.of("create dev", "freeze dev --reason x", "doctor")) {
            stays(tool, command);
        }
        assertThat(project.resolve(".release")).doesNotExist();
    }

    @Test
    void ofOneWithReleases() throws IOException {
        Tool tool = tool();
        releaseTwice(tool);

        for (String command : COMMANDS) {
            stays(tool, command);
        }
    }

    @Test
    void ofALedgerThatIsReachedByAUrl() throws IOException {
        Tool tool = tool();
        tool.variables().put("RELEASE_LEDGER", "file://" + BareRepository.create(project.resolve("there.git")));
        releaseTwice(tool);
        Tool fresh = tool();
        fresh.variables().put("RELEASE_LEDGER", tool.variables().get("RELEASE_LEDGER"));

        for (String command : COMMANDS) {
            stays(tool, command);
        }
        io.visitorcounter.release.Scratch.delete(project.resolve(".release/ledgers"));
        io.visitorcounter.release.Scratch.delete(project.resolve(".release/seen"));
        stays(fresh, "create dev");
        stays(fresh, "rollback dev");
    }

    private Tool tool() {
        Tool tool = new Tool(project);
        tool.config("dev", "app { greeting = one }");
        tool.config("test", "app { greeting = one }");
        tool.variables()
                .put(
                        "RELEASE_APP",
                        FixtureApp.tar(project.resolve("app.tar"), "1").toString());
        FixtureApp.tar(project.resolve("other.tar"), "2");
        return tool;
    }

    private static void releaseTwice(Tool tool) {
        for (String greeting : List.of("one", "two", "three")) {
            tool.config("dev", "app { greeting = " + greeting + " }");
            tool.mustRun("create", "dev");
        }
        tool.config("dev", "app { greeting = four }");
    }

    private void stays(Tool tool, String command) throws IOException {
        SortedMap<String, String> before = tool.tree();
        String[] words = command.replace(
                        "other.tar", project.resolve("other.tar").toString())
                .concat(command.equals("doctor") ? "" : " --dry-run")
                .split(" ", -1);

        tool.run(words);

        assertThat(tool.err()).as(command).doesNotContain("a bug of this tool");
        assertThat(tool.tree()).as(command).isEqualTo(before);
    }
}
