package io.visitorcounter.release.cli;

import io.visitorcounter.release.FixtureApp;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A project whose releases are signed: its app, its tool, and where its environments say whose keys may. */
abstract class SignedProject {

    @TempDir
    Path project;

    Tool tool;
    Path environments;
    Path app;

    @BeforeEach
    void makeProject() {
        tool = new Tool(project);
        environments = project.resolve("environments");
        app = FixtureApp.tar(project.resolve("app.tar"), "1");
    }
}
