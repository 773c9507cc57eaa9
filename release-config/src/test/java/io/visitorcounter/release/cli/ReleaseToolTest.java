package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.visitorcounter.release.FixtureApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as a user calls it, in one JVM: images as tars, the ledger a folder. */
class ReleaseToolTest {

    @TempDir
    Path project;

    private Tool tool;
    private String out = "";
    private String err = "";

    @BeforeEach
    void setUp() {
        tool = new Tool(project);
        config("dev", "app { greeting = one }");
    }

    @Test
    void aCommandThatIsMistypedIsSuggested() {
        assertThat(tool.run("hstory", "dev")).isEqualTo(2);

        assertThat(tool.err()).hasLineCount(1).contains("'hstory'").contains("did you mean history?");
    }

    @Test
    void theFirstReleaseIsV1AndTheSecondUnchangedOneIsStillV1() {
        Path app = FixtureApp.tar(project.resolve("app.tar"), "1");

        int first = release("create", "dev", "--app", app.toString());
        String firstLine = out;
        int second = release("create", "dev", "--app", app.toString());

        assertThat(first).isZero();
        assertThat(firstLine).matches("release  dev v1 +bundle [0-9a-f]{12}  app [0-9a-f]{12}  \\(new\\)\n");
        assertThat(second).isZero();
        assertThat(out).isEqualTo(firstLine.replace("(new)", "(unchanged)"));
        assertThat(err).isEmpty();
    }

    @Test
    void anEditIsV2AndARollbackIsV3WithTheVeryImageAndBundleOfV1() throws IOException {
        Path app = FixtureApp.tar(project.resolve("app.tar"), "1");
        release("create", "dev", "--app", app.toString());
        config("dev", "app { greeting = two }");
        release("create", "dev", "--app", app.toString(), "--reason", "a new greeting");
        List<Path> images = images();

        int code = release("rollback", "dev");

        assertThat(code).isZero();
        assertThat(out).startsWith("release  dev v3").contains("(rolled-back from dev v1)");
        assertThat(err).isEqualTo("undo     release rollback dev v2\n");
        assertThat(field("dev@v3", "releaseImage")).isEqualTo(field("dev@v1", "releaseImage"));
        assertThat(field("dev@v3", "bundleDigest")).isEqualTo(field("dev@v1", "bundleDigest"));
        assertThat(field("dev@v2", "bundleDigest")).isNotEqualTo(field("dev@v1", "bundleDigest"));
        assertThat(images()).isEqualTo(images);
    }

    @Test
    void theHistoryIsNewestFirstWithWhoWhenAndWhy() throws IOException {
        Path app = FixtureApp.tar(project.resolve("app.tar"), "1");
        release("create", "dev", "--app", app.toString());
        config("dev", "app { greeting = two }");
        release("create", "dev", "--app", app.toString(), "--reason", "a new greeting");

        int code = release("history", "dev");

        assertThat(code).isZero();
        assertThat(out.lines().toList())
                .hasSize(3)
                .satisfies(lines -> assertThat(lines.get(0)).startsWith("RELEASE  WHAT"))
                .satisfies(
                        lines -> assertThat(lines.get(1)).startsWith("dev v2").endsWith("Ada  a new greeting"))
                .satisfies(
                        lines -> assertThat(lines.get(2)).startsWith("dev v1").endsWith("2026-01-02T03:04:05Z  Ada"));
    }

    @Test
    void aWrongConfigIsToldWholeAndNothingIsWritten() throws IOException {
        Path app = FixtureApp.tar(project.resolve("app.tar"), "1");
        config("dev", "app {\n  greting = one\n  limit = 11\n  password = letmein\n}");

        int code = release("create", "dev", "--app", app.toString());

        assertThat(code).isEqualTo(4);
        assertThat(err)
                .contains("dev.conf:2: ")
                .contains("did you mean")
                .contains("dev.conf:3: ")
                .contains("dev.conf:4: ")
                .doesNotContain("letmein");
        assertThat(out).isEmpty();
        assertThat(project.resolve(".release")).doesNotExist();
    }

    @Test
    void aDryRunNamesTheExactReleaseAndWritesNone() {
        Path app = FixtureApp.tar(project.resolve("app.tar"), "1");

        int code = release("create", "dev", "--app", app.toString(), "--dry-run", "--output", "json");
        String predicted = out;

        assertThat(code).isZero();
        assertThat(project.resolve(".release/ledger.git")).doesNotExist();
        release("create", "dev", "--app", app.toString(), "--output", "json");
        assertThat(predicted.replace("predicted", "released")).isEqualTo(out);
    }

    @Test
    void whatIsNotThereIsOneLineAndItsExitCode() throws IOException {
        Path app = FixtureApp.tar(project.resolve("app.tar"), "1");
        Files.writeString(project.resolve("file"), "no repository");

        assertThat(release("history", "dev")).isEqualTo(9);
        assertThat(err).hasLineCount(1).contains("no release was made yet");
        assertThat(release("create", "qa", "--app", app.toString())).isEqualTo(9);
        assertThat(err).hasLineCount(1).contains("qa");
        assertThat(release("create", "dev", "--app", "nowhere.tar")).isEqualTo(9);
        assertThat(err).hasLineCount(1).contains("nowhere.tar: no such app image");
        assertThat(release(
                        "create",
                        "dev",
                        "--app",
                        app.toString(),
                        "--ledger",
                        project.resolve("file").toString()))
                .isEqualTo(7);
        assertThat(err).hasLineCount(1).contains("expected a git repository as the ledger, got a file");
        release("create", "dev", "--app", app.toString());
        assertThat(release("show", "dev@v9")).isEqualTo(9);
        assertThat(err).hasLineCount(1).contains("expected the release dev v9, got v1 alone");
        assertThat(release("rollback", "dev")).isEqualTo(9);
        assertThat(err).hasLineCount(1).contains("no release before it");
    }

    @Test
    void wrongArgumentsAreUsage() {
        assertThat(release()).isEqualTo(2);
        assertThat(release("fly")).isEqualTo(2);
        assertThat(release("create")).isEqualTo(2);
        assertThat(release("create", "DEV")).isEqualTo(2);
        assertThat(err).contains("release create").contains("see release create --help");
        assertThat(release("show", "dev@x")).isEqualTo(2);
        assertThat(release("history", "dev", "--limit", "0")).isEqualTo(2);
        assertThat(release("check")).isEqualTo(2);
    }

    @Test
    void anErrorIsJsonWhereJsonIsAskedFor() throws IOException {
        int code = release("history", "dev", "--output", "json");

        assertThat(code).isEqualTo(9);
        var error = new ObjectMapper().readTree(out).path("error");
        assertThat(error.path("exitCode").asInt()).isEqualTo(9);
        assertThat(error.path("code").asText()).isEqualTo("not-found");
        assertThat(error.path("faults").size()).isEqualTo(1);
    }

    @Test
    void anImageWithoutAContractIsReleasedOnlyWhenThatIsSaid() throws IOException {
        Path app = FixtureApp.tar(project.resolve("app.tar"), "1", Optional.empty());
        config("dev", "app { anything = goes }");

        int refused = release("create", "dev", "--app", app.toString());
        String reason = err;
        int released = release("create", "dev", "--app", app.toString(), "--no-contract");

        assertThat(refused).isEqualTo(4);
        assertThat(reason).hasLineCount(1).contains("--no-contract");
        assertThat(released).isZero();
    }

    @Test
    void everyCommandHasHelpWithAnExample() {
        List<String> commands = List.of(
                "create",
                "promote",
                "rollback",
                "run",
                "status",
                "history",
                "show",
                "diff",
                "verify",
                "render",
                "check",
                "explain",
                "manifest",
                "completion",
                "schema",
                "freeze",
                "unfreeze",
                "doctor");

        for (String command : commands) {
            assertThat(release(command, "--help")).isZero();
            assertThat(out).contains("release " + command).contains("Examples:");
        }
    }

    @Test
    void aBuildIsPromotedAsItIsWithTheOtherEnvironmentsConfig() throws IOException {
        Path app = FixtureApp.tar(project.resolve("app.tar"), "1");
        Path newer = FixtureApp.tar(project.resolve("newer.tar"), "2");
        config("test", "app { greeting = test }\nrelease { promote-from = dev }");
        assertThat(release("create", "test", "--app", app.toString())).isEqualTo(8);
        assertThat(err).hasLineCount(1).contains("which has no release yet");
        release("create", "dev", "--app", app.toString());

        int code = release("promote", "dev", "test");

        assertThat(code).isZero();
        assertThat(out).startsWith("release  test v1").contains("(promoted from dev v1)");
        assertThat(field("test@v1", "appImage")).isEqualTo(field("dev@v1", "appImage"));
        assertThat(release("create", "test", "--app", newer.toString())).isEqualTo(8);
        assertThat(err).hasLineCount(1).contains("expected the build that dev runs");
        assertThat(release("promote", "test", "dev")).isZero();
    }

    @Test
    void aFrozenEnvironmentTakesNoRelease() throws IOException {
        Path app = FixtureApp.tar(project.resolve("app.tar"), "1");
        release("create", "dev", "--app", app.toString());
        config("dev", "app { greeting = two }");

        assertThat(release("freeze", "dev", "--reason", "audit")).isZero();

        assertThat(release("create", "dev", "--app", app.toString())).isEqualTo(8);
        assertThat(err).hasLineCount(1).contains("dev: frozen by Ada").contains("(audit)");
        assertThat(release("unfreeze", "dev", "--reason", "done")).isZero();
        assertThat(release("create", "dev", "--app", app.toString())).isZero();
        assertThat(release("verify", "--all", "--deep")).isZero();
        assertThat(out).isEqualTo("verified  2 releases, a chain of 4 entries, every stored byte\n");
    }

    @Test
    void whatDiffersAndWhatMovedOnIsSaidAndIsAnExitCodeOnDemand() throws IOException {
        Path app = FixtureApp.tar(project.resolve("app.tar"), "1");
        release("create", "dev", "--app", app.toString());
        config("dev", "app { greeting = two }");

        assertThat(release("status", "--exit-code")).isEqualTo(3);
        assertThat(out).contains("config changed since");
        release("create", "dev", "--app", app.toString());
        assertThat(release("status", "--exit-code")).isZero();
        assertThat(release("diff", "dev")).isZero();
        assertThat(out).isEqualTo("dev v1 → dev v2\n  ~ greeting: \"one\" → \"two\"\n");
        assertThat(release("diff", "dev", "v1", "v2", "--exit-code")).isEqualTo(3);
        assertThat(release("diff", "dev", "v2", "v2", "--exit-code")).isZero();
    }

    @Test
    void aValueIsExplainedAndTheContractIsATable() {
        Path app = FixtureApp.tar(project.resolve("app.tar"), "1");

        assertThat(release("explain", "dev", "greeting", "--app", app.toString()))
                .isZero();
        assertThat(out).startsWith("greeting = ").contains("default").contains("dev.conf:1");
        assertThat(release("explain", "dev", "nothing", "--app", app.toString()))
                .isEqualTo(9);
        assertThat(release("schema", "--app", app.toString())).isZero();
        assertThat(out.lines().toList())
                .hasSize(4)
                .anySatisfy(line -> assertThat(line)
                        .contains("password")
                        .contains("PASSWORD")
                        .contains("a secret"));
    }

    @Test
    void confirmationAndCleannessAreAskedForWhereTheFileSays() throws IOException {
        Path app = FixtureApp.tar(project.resolve("app.tar"), "1");
        config("prod", "app {}\nrelease { confirm = true }");
        config("strict", "app {}\nrelease { require-clean = true }");

        assertThat(release("create", "prod", "--app", app.toString())).isEqualTo(8);
        assertThat(err).hasLineCount(1).contains("--confirm prod");
        assertThat(release("create", "prod", "--app", app.toString(), "--confirm", "prod"))
                .isZero();
        assertThat(release("create", "strict", "--app", app.toString())).isEqualTo(8);
        assertThat(err).hasLineCount(1).contains("expected config that is committed");
    }

    private void config(String environment, String text) {
        tool.config(environment, text);
    }

    private String field(String release, String name) {
        return tool.field(release, "/" + name + (name.endsWith("Image") ? "/digest" : ""));
    }

    private List<Path> images() throws IOException {
        try (Stream<Path> files = Files.list(project.resolve(".release/images"))) {
            return files.sorted().toList();
        }
    }

    private int release(String... arguments) {
        int code = tool.run(arguments);
        out = tool.out();
        err = tool.err();
        return code;
    }
}
