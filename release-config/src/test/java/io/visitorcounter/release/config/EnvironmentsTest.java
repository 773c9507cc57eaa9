package io.visitorcounter.release.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.release.Environment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The environments that this project ships, held to the contract of the app that it ships. */
class EnvironmentsTest {

    private static final Path CONTRACT = Path.of("..", "counter-web", "src", "main", "resources", "config.schema.json");
    private final EnvironmentFiles files = new EnvironmentFiles(Path.of("environments"));

    @Test
    void theEnvironmentsAreTheFilesButTheSharedOne() {
        assertThat(files.environments())
                .containsExactly(new Environment("dev"), new Environment("prod"), new Environment("test"));
    }

    @Test
    void everyEnvironmentRenders() throws IOException {
        Contract contract = Contract.parse(Files.readAllBytes(CONTRACT), "config.schema.json");

        for (Environment environment : files.environments()) {
            assertThat(files.render(environment, contract)).isInstanceOf(Rendering.Rendered.class);
        }
    }

    @Test
    void devAndTestNeedNoServerAndNobodyChangesTheGreeting() throws IOException {
        Contract contract = Contract.parse(Files.readAllBytes(CONTRACT), "config.schema.json");

        for (Environment environment : files.environments()) {
            Rendering.Rendered rendered = (Rendering.Rendered) files.render(environment, contract);

            assertThat(rendered.warnings()).isEmpty();
            assertThat(rendered.bundle().settings())
                    .containsEntry("greeting", "\"Welcome to KODEKLOUD!\"")
                    .containsEntry("store", environment.name().equals("prod") ? "\"redis\"" : "\"sqlite\"");
        }
    }

    @Test
    void prodRefersToItsSecretAndHasTheStrictPolicy() throws IOException {
        Contract contract = Contract.parse(Files.readAllBytes(CONTRACT), "config.schema.json");

        Rendering.Rendered prod = (Rendering.Rendered) files.render(new Environment("prod"), contract);

        assertThat(prod.policy())
                .isEqualTo(new Policy(
                        Optional.of(new Environment("test")),
                        true,
                        true,
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        Policy.BuildRule.NONE,
                        Policy.ApprovalRule.NONE));
        assertThat(prod.bundle().variables()).containsExactly("REDIS_PASSWORD");
        assertThat(text(prod.bundle(), Bundle.APP_CONF)).contains("\"password\": ${REDIS_PASSWORD}");
        assertThat(prod.bundle().env())
                .containsEntry("HOST", "redis")
                .containsEntry("PORT", "6379")
                .doesNotContainKey("REDIS_PASSWORD");
        assertThat(contract.check(prod.bundle())).isEqualTo(List.of());
    }

    private static String text(Bundle bundle, String name) {
        return new String(bundle.files().getOrDefault(name, new byte[0]), StandardCharsets.UTF_8);
    }
}
