package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.visitorcounter.release.FixtureApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Model.CommandSpec;

/** What the command answers to arguments that are wrong, to what is not there, and to who asks for help. */
class CommandLineTest {

    @TempDir
    Path project;

    private Tool tool;

    @BeforeEach
    void setUp() {
        tool = new Tool(project);
        tool.config("dev", "app { greeting = one }");
    }

    @Test
    void aCommandThatIsMistypedIsSuggested() {
        assertThat(tool.run("hstory", "dev")).isEqualTo(2);

        assertThat(tool.err())
                .hasLineCount(1)
                .contains("no such command: \"hstory\"")
                .contains("did you mean history?");
    }

    @Test
    void wrongArgumentsAreUsage() {
        assertThat(tool.run()).isEqualTo(2);
        assertThat(tool.run("fly")).isEqualTo(2);
        assertThat(tool.run("create")).isEqualTo(2);
        assertThat(tool.run("create", "DEV")).isEqualTo(2);
        assertThat(tool.err()).contains("release create").contains("see release help create");
        assertThat(tool.run("show", "dev@x")).isEqualTo(2);
        assertThat(tool.run("history", "dev", "--limit", "0")).isEqualTo(2);
        assertThat(tool.run("check")).isEqualTo(2);
    }

    @Test
    void whatIsNotThereIsOneLineAndItsExitCode() throws IOException {
        Path app = FixtureApp.tar(project.resolve("app.tar"), "1");
        Files.writeString(project.resolve("file"), "no repository");

        assertThat(tool.run("history", "dev")).isEqualTo(9);
        assertThat(tool.err()).hasLineCount(1).contains("no release was made yet");
        assertThat(tool.run("create", "qa", "--app", app.toString())).isEqualTo(9);
        assertThat(tool.err()).hasLineCount(1).contains("qa");
        assertThat(tool.run("create", "dev", "--app", "nowhere.tar")).isEqualTo(9);
        assertThat(tool.err()).hasLineCount(1).contains("nowhere.tar: no such app image");
        assertThat(tool.run(
                        "create",
                        "dev",
                        "--app",
                        app.toString(),
                        "--ledger",
                        project.resolve("file").toString()))
                .isEqualTo(7);
        assertThat(tool.err()).hasLineCount(1).contains("expected a git repository as the ledger, got a file");
        tool.run("create", "dev", "--app", app.toString());
        assertThat(tool.run("show", "dev@v9")).isEqualTo(9);
        assertThat(tool.err()).hasLineCount(1).contains("expected the release dev v9, got only v1");
        assertThat(tool.run("rollback", "dev")).isEqualTo(9);
        assertThat(tool.err()).hasLineCount(1).contains("no release before it");
    }

    @Test
    void anErrorIsJsonWhereJsonIsAskedFor() throws IOException {
        int code = tool.run("history", "dev", "--output", "json");

        assertThat(code).isEqualTo(9);
        var error = new ObjectMapper().readTree(tool.out()).path("error");
        assertThat(error.path("exitCode").asInt()).isEqualTo(9);
        assertThat(error.path("code").asText()).isEqualTo("not-found");
        assertThat(error.path("faults").size()).isEqualTo(1);
    }

    @Test
    void everyCommandHasHelpWithAnExample() {
        List<String> commands = Commands.names();

        for (String command : commands) {
            assertThat(tool.run(command, "--help")).isZero();
            assertThat(tool.out()).contains("release " + command).contains("Examples:");
        }
    }

    @Test
    void noLineOfHelpEndsBeforeItIsFull() {
        for (String command : Commands.names()) {
            tool.mustRun(command, "--help");
            List<String> help = tool.out().lines().toList();
            for (int i = 1; i < help.size(); i++) {
                String line = help.get(i - 1);
                String next = help.get(i);
                if (isProse(line) && isProse(next) && !line.startsWith("Usage:")) {
                    assertThat(line.length() + 1 + next.split(" ", -1)[0].length())
                            .as(command + ": the line before \"" + next + "\"")
                            .isGreaterThan(108);
                }
            }
        }
    }

    @Test
    void noWordOfHelpIsBrokenAtTheEndOfALine() {
        for (String command : Commands.names()) {
            CommandSpec spec = Commands.create(command).spec();
            tool.mustRun(command, "--help");

            List<String> told = new ArrayList<>(List.of(spec.usageMessage().description()));
            told.addAll(List.of(spec.usageMessage().footer()));
            spec.args().forEach(arg -> told.addAll(List.of(arg.description())));
            for (String text : told) {
                assertThat(words(tool.out())).as(command).contains(words(text));
            }
        }
    }

    private static String words(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }

    private static boolean isProse(String line) {
        return !line.isEmpty() && !line.startsWith(" ");
    }
}
