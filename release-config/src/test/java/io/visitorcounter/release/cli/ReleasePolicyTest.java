package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.release.FixtureApp;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an environment's own file, or a freeze, asks of its releases. */
class ReleasePolicyTest {

    @TempDir
    Path project;

    private Tool tool;

    @BeforeEach
    void setUp() {
        tool = new Tool(project);
        tool.config("dev", "app { greeting = one }");
    }

    @Test
    void aBuildIsPromotedAsItIsWithTheOtherEnvironmentsConfig() throws IOException {
        Path app = FixtureApp.tar(project.resolve("app.tar"), "1");
        Path newer = FixtureApp.tar(project.resolve("newer.tar"), "2");
        tool.config("test", "app { greeting = test }\nrelease { promote-from = dev }");
        assertThat(tool.run("create", "test", "--app", app.toString())).isEqualTo(8);
        assertThat(tool.err()).hasLineCount(1).contains("which has no release yet");
        tool.run("create", "dev", "--app", app.toString());

        int code = tool.run("promote", "dev", "test");

        assertThat(code).isZero();
        assertThat(tool.out()).startsWith("release  test v1").contains("(promoted from dev v1)");
        assertThat(field("test@v1", "appImage")).isEqualTo(field("dev@v1", "appImage"));
        assertThat(tool.run("create", "test", "--app", newer.toString())).isEqualTo(8);
        assertThat(tool.err()).hasLineCount(1).contains("expected the build that dev runs");
        assertThat(tool.run("promote", "test", "dev")).isZero();
    }

    @Test
    void aFrozenEnvironmentTakesNoRelease() throws IOException {
        Path app = FixtureApp.tar(project.resolve("app.tar"), "1");
        tool.run("create", "dev", "--app", app.toString());
        tool.config("dev", "app { greeting = two }");

        assertThat(tool.run("freeze", "dev", "--reason", "audit")).isZero();

        assertThat(tool.run("create", "dev", "--app", app.toString())).isEqualTo(8);
        assertThat(tool.err()).hasLineCount(1).contains("dev: frozen by Ada").contains("(audit)");
        assertThat(tool.run("unfreeze", "dev", "--reason", "done")).isZero();
        assertThat(tool.run("create", "dev", "--app", app.toString())).isZero();
        assertThat(tool.run("verify", "--all", "--deep")).isZero();
        assertThat(tool.out()).isEqualTo("verified  2 releases, a chain of 4 entries, every stored byte\n");
    }

    @Test
    void confirmationAndCleannessAreAskedForWhereTheFileSays() throws IOException {
        Path app = FixtureApp.tar(project.resolve("app.tar"), "1");
        tool.config("prod", "app {}\nrelease { confirm = true }");
        tool.config("strict", "app {}\nrelease { require-clean = true }");

        assertThat(tool.run("create", "prod", "--app", app.toString())).isEqualTo(8);
        assertThat(tool.err()).hasLineCount(1).contains("--confirm prod");
        assertThat(tool.run("create", "prod", "--app", app.toString(), "--confirm", "prod"))
                .isZero();
        assertThat(tool.run("create", "strict", "--app", app.toString())).isEqualTo(8);
        assertThat(tool.err()).hasLineCount(1).contains("expected config that is committed");
    }

    private String field(String release, String name) {
        return tool.field(release, "/" + name + (name.endsWith("Image") ? "/digest" : ""));
    }
}
