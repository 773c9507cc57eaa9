package io.visitorcounter.web.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The app judges each case of config-cases.txt as that file says. The release tool is held to the same file. */
class ConfigCasesTest {

    @TempDir
    Path folder;

    static List<String> cases() throws IOException {
        return Files.readAllLines(Path.of("src", "test", "resources", "config-cases.txt")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theCaseIsJudgedAsItSays(String line) throws IOException {
        String verdict = line.substring(0, line.indexOf(' '));
        String text = line.substring(line.indexOf(' ')).strip();
        Path file = Files.writeString(
                folder.resolve("app.conf"),
                Files.readString(Path.of("src", "main", "resources", "reference.conf")) + "\n" + text + "\n");
        Map<String, String> environment = Map.of("CONFIG_FILE", file.toString());

        if (verdict.equals("valid")) {
            assertThatCode(() -> AppConfig.read(environment)).doesNotThrowAnyException();
        } else {
            assertThat(verdict).isEqualTo("wrong");
            InvalidConfigException invalid =
                    catchThrowableOfType(InvalidConfigException.class, () -> AppConfig.read(environment));
            assertThat(invalid).isNotNull();
            assertThat(invalid.errors()).hasSize(1);
        }
    }
}
