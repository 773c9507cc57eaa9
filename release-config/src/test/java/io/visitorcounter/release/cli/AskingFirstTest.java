package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.FixtureApp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked before anything is written: what would be, whether it is meant, and where a build comes from. */
class AskingFirstTest {

    @TempDir
    Path project;

    private Tool tool;
    private Path app;

    @BeforeEach
    void setUp() {
        tool = new Tool(project);
        app = FixtureApp.tar(project.resolve("app.tar"), "1");
        tool.config("dev", "app { greeting = one }");
        tool.config("prod", "app { greeting = prod }\nrelease { promote-from = dev, confirm = true }");
    }

    @Test
    void aDryRunOfEachCommandThatWritesSaysTheVeryEntryAndWritesNothing() throws IOException {
        tool.mustRun("create", "dev", "--app", app.toString());
        tool.config("dev", "app { greeting = two }");
        tool.mustRun("create", "dev", "--app", app.toString());
        tool.config("dev", "app { greeting = three }");

        for (String command : new String[] {
            "create dev --app " + app + " --reason why",
            "promote dev prod --reason why",
            "rollback dev --reason why",
            "freeze dev --reason why"
        }) {
            var before = files();
            tool.mustRun((command + " --dry-run").split(" ", -1));
            String predicted = tool.out();
            assertThat(files()).as(command).isEqualTo(before);
            String[] lines = predicted.split("\n", -1);
            String named = Stream.of(lines)
                    .filter(line -> line.startsWith("entry    "))
                    .findFirst()
                    .orElseThrow();
            String entry = predicted.substring(predicted.indexOf("\n{") + 1);

            tool.mustRun((command + (command.startsWith("promote") ? " --confirm prod" : "") + " --output json")
                    .split(" ", -1));

            // The clock of these tests stands still, so what was predicted is what is written to the byte.
            assertThat(named).as(command).endsWith(digest(entry));
            String written = tool.json()
                    .path("release")
                    .path("entryDigest")
                    .asText(tool.json().path("entryDigest").asText());
            assertThat(digest(entry)).as(command).isEqualTo(written);
        }
    }

    @Test
    void aPersonAtATerminalIsAskedForTheEnvironmentsName() {
        tool.mustRun("create", "dev", "--app", app.toString());

        tool.types("no\n");
        assertThat(tool.run("promote", "dev", "prod")).isEqualTo(8);
        assertThat(tool.err()).contains("prod: this releases to prod; its name again to go on: ");
        tool.types("");
        assertThat(tool.run("promote", "dev", "prod")).isEqualTo(8);
        assertThat(tool.run("history", "prod")).isEqualTo(9);
        tool.types("prod\n");
        tool.mustRun("promote", "dev", "prod");

        assertThat(tool.out()).startsWith("release  prod v1");
    }

    @Test
    void nobodyIsAskedWhereThereIsNoTerminalOrNothingToConfirm() {
        tool.mustRun("create", "dev", "--app", app.toString());

        assertThat(tool.run("promote", "dev", "prod")).isEqualTo(8);
        assertThat(tool.err()).doesNotContain("its name again").contains("pass --confirm prod");
        tool.types("never read\n");
        tool.mustRun("promote", "dev", "prod", "--dry-run");
        assertThat(tool.err()).doesNotContain("its name again");
    }

    @Test
    void aPromotionTakesItsSourceFromTheTargetsFile() {
        tool.mustRun("create", "dev", "--app", app.toString());

        tool.mustRun("promote", "prod", "--confirm", "prod");
        assertThat(tool.out()).startsWith("release  prod v1").contains("(promoted from dev v1)");

        assertThat(tool.run("promote", "dev")).isEqualTo(2);
        assertThat(tool.err())
                .hasLineCount(1)
                .contains("dev, whose file does not say where its builds come from; run release promote FROM dev");
        assertThat(tool.run("promote", "dev@v1")).isEqualTo(2);
        assertThat(tool.run("promote", "nowhere")).isEqualTo(9);
    }

    @Test
    void whatIsNoBuildAtAllIsTheCallersFault() throws IOException {
        Path text = Files.writeString(project.resolve("notes.txt"), "no tar");

        for (Path wrong : new Path[] {text, project}) {
            assertThat(tool.run("create", "dev", "--app", wrong.toString())).isEqualTo(2);
            assertThat(tool.err())
                    .hasLineCount(1)
                    .startsWith(wrong
                            + ": expected a build: an OCI layout or a docker-archive, or an image of a registry like ");
        }
        assertThat(project.resolve(".release")).doesNotExist();
    }

    private static String digest(String entry) {
        return Digest.of(entry.getBytes(StandardCharsets.UTF_8)).text();
    }

    private Map<String, Digest> files() throws IOException {
        Map<String, Digest> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(project.resolve(".release"))) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(project.relativize(file).toString(), Digest.of(file));
            }
        }
        return files;
    }
}
