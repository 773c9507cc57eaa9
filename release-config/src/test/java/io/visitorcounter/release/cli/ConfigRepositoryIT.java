package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.visitorcounter.release.FixtureApp;
import io.visitorcounter.release.ledger.GitServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Config that must be committed, in repositories as git makes them: at their top, as a submodule, as a linked work tree,
 *  and in git's other object format. */
@Timeout(120)
class ConfigRepositoryIT {

    private static final String STRICT = "app { greeting = one }\nrelease { require-clean = true }\n";

    @TempDir
    Path folder;

    private Path environments;
    private Tool tool;
    private String app;

    @BeforeEach
    void setUp() throws Exception {
        assumeTrue(GitServer.isThere(), "no git on this machine (Debian: apt-get install git)");
        environments = Files.createDirectories(folder.resolve("environments"));
        tool = new Tool(folder.resolve("project"));
        app = FixtureApp.tar(folder.resolve("app.tar"), "1").toString();
    }

    private void commit(Path repository, String format) throws Exception {
        Files.writeString(repository.resolve("dev.conf"), STRICT);
        GitServer.git(repository, "init", "--quiet", "--object-format=" + format);
        GitServer.git(repository, "add", ".");
        GitServer.git(repository, "commit", "--quiet", "-m", "config");
    }

    private void isClean(Path config) throws Exception {
        assertThat(GitServer.git(config, "status", "--porcelain")).isEmpty();
        tool.mustRun("create", "dev", "--app", app, "--environments", config.toString());
        assertThat(tool.field("dev@v1", "/config/commit")).isEqualTo(GitServer.git(config, "rev-parse", "HEAD"));
        assertThat(tool.field("dev@v1", "/config/clean")).isEqualTo("true");
    }

    private void isDirtyOnceChanged(Path config) throws IOException {
        Files.writeString(config.resolve("dev.conf"), STRICT.replace("one", "two"));
        assertThat(tool.run("create", "dev", "--app", app, "--environments", config.toString()))
                .isEqualTo(8);
        assertThat(tool.err()).hasLineCount(1).contains("dev.conf (changed)");
    }

    @Test
    void atTheTopOfItsOwnRepository() throws Exception {
        commit(environments, "sha1");

        isClean(environments);
        isDirtyOnceChanged(environments);
    }

    @Test
    void asASubmodule() throws Exception {
        Path origin = Files.createDirectories(folder.resolve("origin"));
        commit(origin, "sha1");
        Path around = Files.createDirectories(folder.resolve("around"));
        GitServer.git(around, "init", "--quiet");
        GitServer.git(
                around,
                "-c",
                "protocol.file.allow=always",
                "submodule",
                "--quiet",
                "add",
                origin.toString(),
                "environments");
        GitServer.git(around, "commit", "--quiet", "-m", "with config");

        isClean(around.resolve("environments"));
        isDirtyOnceChanged(around.resolve("environments"));
    }

    @Test
    void asALinkedWorkTreeAndAFolderBelow() throws Exception {
        Path main = Files.createDirectories(folder.resolve("main"));
        Files.createDirectories(main.resolve("deep/er"));
        Files.writeString(main.resolve("deep/er/dev.conf"), STRICT);
        commit(main, "sha1");
        GitServer.git(
                main, "worktree", "add", "--quiet", folder.resolve("linked").toString());

        isClean(folder.resolve("linked/deep/er"));
        isDirtyOnceChanged(folder.resolve("linked/deep/er"));
    }

    @Test
    void inGitsOtherFormatOnlyWhoAsksForACommitIsRefused() throws Exception {
        commit(environments, "sha256");

        assertThat(tool.run("create", "dev", "--app", app, "--environments", environments.toString()))
                .isEqualTo(8);
        assertThat(tool.err())
                .hasLineCount(1)
                .contains("a repository in git's sha256 format, which this tool can't read");

        Files.writeString(environments.resolve("dev.conf"), "app { greeting = one }\n");
        for (String command : List.of("check dev", "create dev", "status", "explain dev app.greeting", "doctor")) {
            List<String> words = new java.util.ArrayList<>(List.of(command.split(" ", -1)));
            words.addAll(List.of("--environments", environments.toString()));
            if (command.matches("check.*|create.*|explain.*|doctor")) {
                words.addAll(List.of("--app", app));
            }
            tool.mustRun(words.toArray(String[]::new));
        }
        GitServer.git(environments, "fsck", "--strict");
    }
}
