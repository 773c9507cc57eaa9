package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.release.FixtureApp;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A clock that was set back: releases stay in their order, and whoever looks is told. */
class ClockTest {

    @TempDir
    Path project;

    private Tool tool;

    @BeforeEach
    void setUp() {
        tool = new Tool(project);
        tool.variables()
                .put(
                        "RELEASE_APP",
                        FixtureApp.tar(project.resolve("app.tar"), "1").toString());
        tool.config("dev", "app { greeting = one }");
    }

    @Test
    void releasesStayInOrderAndItIsSaid() {
        tool.at("2026-01-02T03:04:05Z");
        tool.mustRun("create", "dev");
        tool.at("2001-01-02T03:04:05Z");
        tool.config("dev", "app { greeting = two }");

        tool.mustRun("create", "dev");

        String warned =
                "warning: the clock here says 2001-01-02T03:04:05Z, and the newest entry, dev/000001/entry.json, is of"
                        + " 2026-01-02T03:04:05Z; if this one is wrong, set it\n";
        assertThat(tool.err()).contains(warned);
        tool.at("2026-01-03T03:04:05Z");
        tool.config("dev", "app { greeting = three }");
        tool.mustRun("create", "dev");
        assertThat(tool.err()).doesNotContain("warning");
        tool.at("2001-01-02T03:04:05Z");
        tool.mustRun("rollback", "dev");
        assertThat(tool.err()).contains("dev/000003/entry.json, is of 2026-01-03T03:04:05Z");

        tool.mustRun("history", "dev");
        assertThat(tool.out().lines().map(line -> line.substring(0, 6)))
                .containsExactly("RELEAS", "dev v4", "dev v3", "dev v2", "dev v1");
        assertThat(tool.out().lines().skip(1))
                .satisfiesExactly(
                        v4 -> assertThat(v4).contains("2001-01-02T03:04:05Z (a clock was wrong: after v3)"),
                        v3 -> assertThat(v3).doesNotContain("clock"),
                        v2 -> assertThat(v2).contains("2001-01-02T03:04:05Z (a clock was wrong: after v1)"),
                        v1 -> assertThat(v1).doesNotContain("clock"));
        tool.mustRun("show", "dev");
        assertThat(tool.out()).contains("dev v4");
        tool.mustRun("verify", "--all");
        assertThat(tool.run("doctor")).isEqualTo(7);
        assertThat(tool.out()).contains("missing  clock");
    }

    @Test
    void aTimeThatGitCantKeepReleasesNothing() {
        tool.at("1969-07-20T20:17:40Z");

        assertThat(tool.run("create", "dev")).isEqualTo(7);

        assertThat(tool.err())
                .isEqualTo(
                        "1969-07-20T20:17:40Z: git can't keep a time before 1970; set this machine's clock; nothing was"
                                + " released\n");
        assertThat(tool.run("history", "dev")).isEqualTo(9);
    }
}
