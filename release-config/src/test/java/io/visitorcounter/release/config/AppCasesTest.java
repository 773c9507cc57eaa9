package io.visitorcounter.release.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.release.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tool judges each case of the app's config-cases.txt as that file says: it refuses what the app refuses when it
 *  starts, and nothing else. */
class AppCasesTest {

    private static final Path APP = Path.of("..", "counter-web", "src");

    @TempDir
    private Path folder;

    static List<String> cases() throws IOException {
        return Files.readAllLines(APP.resolve("test/resources/config-cases.txt")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theCaseIsJudgedAsItSays(String line) throws IOException {
        Contract contract =
                Contract.parse(Files.readAllBytes(APP.resolve("main/resources/config.schema.json")), "the app");
        String text = line.substring(line.indexOf(' ')).strip();
        Files.writeString(folder.resolve("prod.conf"), "app {\n" + text + "\n}\n");

        Rendering rendering = new EnvironmentFiles(folder).render(new Environment("prod"), contract);

        assertThat(rendering)
                .isInstanceOf(line.startsWith("valid ") ? Rendering.Rendered.class : Rendering.Invalid.class);
    }
}
