package io.visitorcounter.release.cli;

import io.visitorcounter.release.FixtureApp;
import io.visitorcounter.release.image.LoopbackRegistry;
import io.visitorcounter.release.image.RegistryImages;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A project whose app image is in a registry. */
abstract class RegistryReleases {

    static final Map<String, String> NOBODY = Map.of();

    @TempDir
    Path project;

    final LoopbackRegistry registry = new LoopbackRegistry();

    Tool tool;

    Path tar;

    String app;

    @BeforeEach
    void setUp() {
        tool = new Tool(project);
        tool.config("dev", "app { greeting = one }");
        tar = FixtureApp.tar(project.resolve("app.tar"), "1");
        app = RegistryImages.push(tar, registry.host() + "/team/app", NOBODY);
    }

    @AfterEach
    void tearDown() {
        registry.close();
    }

    List<String> puts() {
        return registry.writes().stream()
                .filter(write -> write.startsWith("PUT"))
                .toList();
    }
}
