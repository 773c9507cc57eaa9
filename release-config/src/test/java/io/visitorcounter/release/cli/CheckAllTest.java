package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pipeline leans on {@code check --all}: where it checks nothing it may not be green. */
class CheckAllTest {

    @TempDir
    Path project;

    @Test
    void aFolderWithoutAnyEnvironmentIsNotGood() throws IOException {
        Tool tool = new Tool(project);

        assertThat(tool.run("check", "--all")).isEqualTo(9);
        assertThat(tool.err()).hasLineCount(1).contains("no environment to check");

        tool.config("base", "app {}");
        Files.createDirectory(project.resolve("environments/parts"));
        Files.writeString(project.resolve("environments/parts/dev.conf"), "app {}");
        assertThat(tool.run("check", "--all")).isEqualTo(9);
    }

    @ParameterizedTest
    @ValueSource(strings = {"check prdo", "render prdo", "explain prdo redis.port"})
    void whoeverMistypesAnEnvironmentIsToldSoAndNotThatItHasNoBuild(String command) {
        Tool tool = new Tool(project);
        tool.config("prod", "app {}");

        assertThat(tool.run(command.split(" "))).isEqualTo(9);
        assertThat(tool.err()).hasLineCount(1).contains("prdo: no such environment; there are prod");
    }
}
