package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

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

    @BeforeEach
    void setUp() {
        tool = new Tool(project);
        tool.config("dev", "app { greeting = one }");
    }

    @Test
    void theFirstReleaseIsV1AndTheSecondUnchangedOneIsStillV1() {
        Path app = FixtureApp.tar(project.resolve("app.tar"), "1");

        int first = tool.run("create", "dev", "--app", app.toString());
        String firstLine = tool.out();
        int second = tool.run("create", "dev", "--app", app.toString());

        assertThat(first).isZero();
        assertThat(firstLine).matches("release  dev v1 +bundle [0-9a-f]{12}  app [0-9a-f]{12}  \\(new\\)\n");
        assertThat(second).isZero();
        assertThat(tool.out()).isEqualTo(firstLine.replace("(new)", "(unchanged)"));
        assertThat(tool.err()).isEmpty();
    }

    @Test
    void anEditIsV2AndARollbackIsV3WithTheVeryImageAndBundleOfV1() throws IOException {
        Path app = FixtureApp.tar(project.resolve("app.tar"), "1");
        tool.run("create", "dev", "--app", app.toString());
        tool.config("dev", "app { greeting = two }");
        tool.run("create", "dev", "--app", app.toString(), "--reason", "a new greeting");
        List<Path> images = images();

        int code = tool.run("rollback", "dev");

        assertThat(code).isZero();
        assertThat(tool.out()).startsWith("release  dev v3").contains("(rolled-back from dev v1)");
        assertThat(tool.err()).isEqualTo("run      release run dev@v3\nundo     release rollback dev v2\n");
        assertThat(field("dev@v3", "releaseImage")).isEqualTo(field("dev@v1", "releaseImage"));
        assertThat(field("dev@v3", "bundleDigest")).isEqualTo(field("dev@v1", "bundleDigest"));
        assertThat(field("dev@v2", "bundleDigest")).isNotEqualTo(field("dev@v1", "bundleDigest"));
        assertThat(images()).isEqualTo(images);
    }

    @Test
    void aRollbackStaysWhereThatIsAskedForAlthoughTheFilesDiffer() throws IOException {
        Path app = FixtureApp.tar(project.resolve("app.tar"), "1");
        tool.run("create", "dev", "--app", app.toString());
        tool.config("dev", "app { greeting = two }");
        tool.run("create", "dev", "--app", app.toString(), "--keep-rollback");
        tool.run("rollback", "dev");

        int kept = tool.run("create", "dev", "--app", app.toString(), "--keep-rollback");
        String said = tool.err();
        String result = tool.out();
        int released = tool.run("create", "dev", "--app", app.toString());

        assertThat(kept).isZero();
        assertThat(result).startsWith("release  dev v3").endsWith("(kept)\n");
        assertThat(said)
                .isEqualTo("release: dev v3 is a rollback to dev v1, and the files of dev differ from it;"
                        + " it stays until they are released without --keep-rollback\n");
        assertThat(released).isZero();
        assertThat(tool.out()).startsWith("release  dev v4").endsWith("(new)\n");
    }

    @Test
    void theHistoryIsNewestFirstWithWhoWhenAndWhy() throws IOException {
        Path app = FixtureApp.tar(project.resolve("app.tar"), "1");
        tool.run("create", "dev", "--app", app.toString());
        tool.config("dev", "app { greeting = two }");
        tool.run("create", "dev", "--app", app.toString(), "--reason", "a new greeting");

        int code = tool.run("history", "dev");

        assertThat(code).isZero();
        assertThat(tool.out().lines().toList())
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
        tool.config("dev", "app {\n  greting = one\n  limit = 11\n  password = letmein\n}");

        int code = tool.run("create", "dev", "--app", app.toString());

        assertThat(code).isEqualTo(4);
        assertThat(tool.err())
                .contains("dev.conf:2: ")
                .contains("did you mean")
                .contains("dev.conf:3: ")
                .contains("dev.conf:4: ")
                .doesNotContain("letmein");
        assertThat(tool.out()).isEmpty();
        assertThat(project.resolve(".release")).doesNotExist();
    }

    @Test
    void aDryRunNamesTheExactReleaseAndWritesNone() {
        Path app = FixtureApp.tar(project.resolve("app.tar"), "1");

        int code = tool.run("create", "dev", "--app", app.toString(), "--dry-run", "--output", "json");
        String predicted = tool.out();

        assertThat(code).isZero();
        assertThat(project.resolve(".release/ledger.git")).doesNotExist();
        tool.run("create", "dev", "--app", app.toString(), "--output", "json");
        assertThat(predicted.replace("predicted", "released")).isEqualTo(tool.out());
    }

    @Test
    void anImageWithoutAContractIsReleasedOnlyWhenThatIsSaid() throws IOException {
        Path app = FixtureApp.tar(project.resolve("app.tar"), "1", Optional.empty());
        tool.config("dev", "app { anything = goes }");

        int refused = tool.run("create", "dev", "--app", app.toString());
        String reason = tool.err();
        int released = tool.run("create", "dev", "--app", app.toString(), "--no-contract");

        assertThat(refused).isEqualTo(4);
        assertThat(reason).hasLineCount(1).contains("--no-contract");
        assertThat(released).isZero();
    }

    @Test
    void whatDiffersAndWhatMovedOnIsSaidAndIsAnExitCodeOnDemand() throws IOException {
        Path app = FixtureApp.tar(project.resolve("app.tar"), "1");
        tool.run("create", "dev", "--app", app.toString());
        tool.config("dev", "app { greeting = two }");

        assertThat(tool.run("status", "--exit-code")).isEqualTo(3);
        assertThat(tool.out()).contains("config changed since");
        tool.run("create", "dev", "--app", app.toString());
        assertThat(tool.run("status", "--exit-code")).isZero();
        assertThat(tool.run("diff", "dev")).isZero();
        assertThat(tool.out()).isEqualTo("dev v1 → dev v2\n  ~ greeting: \"one\" → \"two\"\n");
        assertThat(tool.run("diff", "dev", "v1", "v2", "--exit-code")).isEqualTo(3);
        assertThat(tool.run("diff", "dev", "v2", "v2", "--exit-code")).isZero();
    }

    @Test
    void aValueIsExplainedAndTheContractIsATable() {
        Path app = FixtureApp.tar(project.resolve("app.tar"), "1");

        assertThat(tool.run("explain", "dev", "greeting", "--app", app.toString()))
                .isZero();
        assertThat(tool.out()).startsWith("greeting = ").contains("default").contains("dev.conf:1");
        assertThat(tool.run("explain", "dev", "nothing", "--app", app.toString()))
                .isEqualTo(9);
        assertThat(tool.run("schema", "--app", app.toString())).isZero();
        assertThat(tool.out().lines().toList())
                .hasSize(4)
                .anySatisfy(line -> assertThat(line)
                        .contains("password")
                        .contains("PASSWORD")
                        .contains("a secret"));
    }

    private String field(String release, String name) {
        return tool.field(release, "/" + name + (name.endsWith("Image") ? "/digest" : ""));
    }

    private List<Path> images() throws IOException {
        try (Stream<Path> files = Files.list(project.resolve(".release/images"))) {
            return files.sorted().toList();
        }
    }
}
