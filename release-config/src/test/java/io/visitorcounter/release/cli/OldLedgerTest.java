package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.release.FixtureApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger and images as version 1.0.0 wrote them: dev v1, dev v2, test v1 promoted from it, and dev v3, a rollback. */
class OldLedgerTest {

    @TempDir
    Path project;

    private Tool tool;

    @BeforeEach
    void unpack() throws IOException {
        tool = new Tool(project);
        tool.config("dev", "app { greeting = two }");
        tool.config("test", "app { greeting = tested }\nrelease { promote-from = dev }");
        try (ZipInputStream zip = new ZipInputStream(getClass().getResourceAsStream("release-1.0.0.zip"))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = project.resolve(".release").resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else {
                    Files.createDirectories(file.getParent());
                    Files.copy(zip, file);
                }
            }
        }
    }

    @Test
    void itVerifiesAndIsGoneOnWith() {
        tool.mustRun("verify", "--all", "--deep");

        String old = tool.field("dev@v2", "/releaseImage/digest");
        tool.mustRun("rollback", "dev", "v2");
        assertThat(tool.field("dev@v4", "/releaseImage/digest")).isEqualTo(old);
        tool.config("test", "app { greeting = again }\nrelease { promote-from = dev }");
        tool.mustRun("promote", "dev", "test");
        tool.mustRun("verify", "--all", "--deep");
    }

    @Test
    void theSameContentIsStillTheSameRelease() {
        String app = project.resolve(".release/images/app-a1d7dfd88f4c.tar").toString();
        tool.mustRun("rollback", "dev", "v2");

        tool.mustRun("create", "dev", "--app", app);

        assertThat(tool.out()).contains("dev v4").contains("unchanged");
    }

    @Test
    void aReleaseImageThatIsGoneIsPutBackToTheBit() throws IOException {
        Path image = project.resolve(".release/images/rel-e94be954e489.tar");
        byte[] before = Files.readAllBytes(image);
        Files.delete(image);
        assertThat(tool.run("verify", "--all", "--deep")).isEqualTo(5);

        // Only this JDK's own zlib can make the layer of 1.0.0 again.
        tool.mustRun("repair");

        assertThat(tool.out()).contains("repaired");
        assertThat(Files.size(image)).isEqualTo(before.length);
        tool.mustRun("verify", "--all", "--deep");
    }

    @Test
    void aNewReleaseOfTheOldBuildIsOfTheNewForm() {
        Path app = FixtureApp.tar(project.resolve("other.tar"), "3");

        tool.mustRun("create", "dev", "--app", app.toString());

        tool.mustRun("verify", "--all", "--deep");
    }
}
