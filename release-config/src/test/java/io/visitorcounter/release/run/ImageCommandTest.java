package io.visitorcounter.release.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageCommandTest {

    private static final Path JAVA = Path.of("/usr/bin/java");

    @TempDir
    Path folder;

    private Path root;
    private ImageCommand command;

    @BeforeEach
    void setUp() throws IOException {
        root = Files.createDirectories(folder.resolve("a folder/root"));
        Files.createDirectories(root.resolve("app/libs"));
        Files.writeString(root.resolve("app/libs/one.jar"), "");
        Files.writeString(root.resolve("app/classpath"), "/app/libs/one.jar:/app/libs/*:/elsewhere");
        command = new ImageCommand(root, folder.resolve("rewritten"));
    }

    @Test
    void pathsOfTheImageLeadIntoTheFolderAndOthersStay() throws IOException {
        List<String> local = command.local(
                List.of(
                        "java",
                        "-Xmx64m",
                        "-Dlog=/app/libs",
                        "-cp",
                        "/app/libs/*:/app/libs/one.jar",
                        "Main",
                        "/etc/hosts"),
                JAVA);

        assertThat(local)
                .containsExactly(
                        "/usr/bin/java",
                        "-Xmx64m",
                        "-Dlog=" + root + "/app/libs",
                        "-cp",
                        root + "/app/libs/*:" + root + "/app/libs/one.jar",
                        "Main",
                        "/etc/hosts");
    }

    @Test
    void anArgumentFileIsCopiedWithLocalPathsAndQuotes() throws IOException {
        List<String> local = command.local(List.of("/opt/java/bin/java", "-cp", "@/app/classpath", "Main"), JAVA);

        assertThat(local.get(2)).isEqualTo("@" + folder.resolve("rewritten/classpath"));
        assertThat(Files.readString(folder.resolve("rewritten/classpath")))
                .isEqualTo("\"" + root + "/app/libs/one.jar:" + root + "/app/libs/*:/elsewhere\"\n");
        assertThat(root.resolve("app/classpath")).hasContent("/app/libs/one.jar:/app/libs/*:/elsewhere");
    }
}
