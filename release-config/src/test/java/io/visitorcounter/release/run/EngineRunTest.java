package io.visitorcounter.release.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseId;
import io.visitorcounter.release.image.Image;
import io.visitorcounter.release.image.ImageDeclaration;
import io.visitorcounter.release.image.OneLayerStore;
import io.visitorcounter.release.image.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a container is started, by an engine that says nothing. */
class EngineRunTest {

    @TempDir
    Path folder;

    private Prepared prepared(String name, String config, List<String> arguments, String said) throws IOException {
        Path engine = folder.resolve("engine");
        Files.writeString(engine, "#!/bin/sh\necho " + said + "\n");
        Files.setPosixFilePermissions(engine, PosixFilePermissions.fromString("rwxr-xr-x"));
        Image image = TestImages.of(config);
        return new EngineRun(new EngineRun.Settings(
                        engine.toString(), 96, "127.0.0.1", arguments, Map.of("PORT", "9090", "SECRET", "s")))
                .prepare(new RunnableRelease(
                        new ReleaseId(new Environment("dev"), 2),
                        new OneLayerStore("a", (byte) '0', "a"),
                        name,
                        image,
                        ImageDeclaration.of(image)
                                .with(new ImageDeclaration.Overrides(
                                        Optional.of("PORT"), Optional.empty(), Optional.empty(), Optional.empty())),
                        Map.of("PORT", "8000", "HOST", "redis"),
                        List.of("SECRET"),
                        Duration.ofSeconds(10)));
    }

    @Test
    void onlyADeclaredVolumeIsMountedAndOfOneAppInOneEnvironment() throws IOException {
        Prepared none = prepared(
                "localhost:5000/team/flask@sha256:" + "0".repeat(64), "{\"WorkingDir\":\"/app\"}", List.of(), "");
        assertThat(none.command()).doesNotContain("--volume");

        Prepared one = prepared(
                "localhost:5000/team/flask@sha256:" + "0".repeat(64),
                "{\"WorkingDir\":\"/app\",\"Volumes\":{\"/app/data\":{}}}",
                List.of(),
                "");
        Prepared other = prepared(
                "localhost:5000/other/flask@sha256:" + "0".repeat(64),
                "{\"Volumes\":{\"/app/data\":{}}}",
                List.of(),
                "");
        assertThat(one.command()).containsSequence("--volume", "release-team-flask-dev-app-data:/app/data");
        assertThat(other.command()).containsSequence("--volume", "release-other-flask-dev-app-data:/app/data");
    }

    @Test
    void thePortIsOnLoopbackAndFurtherArgumentsComeLastBeforeTheImage() throws IOException {
        Prepared run = prepared("localhost:5000/flask@sha256:" + "0".repeat(64), "{}", List.of("--network=web"), "");

        assertThat(run.command())
                .containsSequence("--publish", "127.0.0.1:9090:8000")
                .containsSequence("--env", "SECRET")
                .contains("--init")
                .endsWith("--network=web", "localhost:5000/flask@sha256:" + "0".repeat(64));
        assertThat(run.ending().command().orElseThrow()).contains("stop", "--time", "10");
    }

    @Test
    void whatAnEarlierRunLeftIsNamed() throws IOException {
        Prepared run =
                prepared("localhost:5000/flask@sha256:" + "0".repeat(64), "{}", List.of(), "release-flask-dev-1a");

        assertThat(run.notes()).singleElement().asString().contains("container release-flask-dev-1a still runs");
    }
}
