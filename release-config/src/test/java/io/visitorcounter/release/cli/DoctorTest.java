package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.release.FixtureApp;
import io.visitorcounter.release.image.LoopbackRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Doctor asks ledger and registry as a release would, and names what is in the way. */
class DoctorTest {

    @TempDir
    Path project;

    private Tool tool;

    @BeforeEach
    void setUp() {
        tool = new Tool(project);
        tool.config("dev", "app { greeting = one }");
    }

    @Test
    void aRegistryIsAskedWhetherItTakesAPush() {
        try (LoopbackRegistry registry = new LoopbackRegistry()) {
            tool.mustRun("doctor", "--images", registry.host() + "/team/app");
            assertThat(tool.out()).contains("/team/app: the registry takes pushes");
            assertThat(registry.requests()).anyMatch(request -> request.contains("/v2/team/app/blobs/uploads"));

            registry.answerUploadsWith(403);
            assertThat(tool.run("doctor", "--images", registry.host() + "/team/app"))
                    .isEqualTo(7);
            assertThat(tool.out()).contains("missing  images");
        }
        assertThat(tool.run("doctor", "--images", "127.0.0.1:1/team/app")).isEqualTo(7);
        assertThat(tool.out()).contains("missing  images").contains("127.0.0.1:1");
    }

    @Test
    void aLockThatWasLeftAndConfigThatDoesNotParseAreTold() throws Exception {
        tool.mustRun(
                "create",
                "dev",
                "--app",
                FixtureApp.tar(project.resolve("app.tar"), "1").toString());
        Path lock = Files.writeString(project.resolve(".release/ledger.git/refs/heads/releases.lock"), "");
        Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minus(Duration.ofMinutes(5))));
        tool.config("dev", "app { greeting = ");

        assertThat(tool.run("doctor")).isEqualTo(7);

        assertThat(tool.out())
                .contains("missing  append")
                .contains("releases.lock: is there since ")
                .contains("missing  environments")
                .contains("see release check dev");
    }
}
