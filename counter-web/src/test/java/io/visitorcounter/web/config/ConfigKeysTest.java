package io.visitorcounter.web.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.CounterOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Holds to the declared keys what repeats them for others, and what they repeat. */
class ConfigKeysTest {

    private static final Path RESOURCES = Path.of("src", "main", "resources");
    private static final String BEGIN = "<!-- keys -->\n";
    private static final String END = "<!-- /keys -->";

    private final ConfigTable table = ConfigKeys.table();
    private final ContractWriter writer = new ContractWriter(table);

    @Test
    void theContractIsWhatTheKeysDeclare() throws IOException {
        assertIsWritten("config.schema.json", writer.schema());
    }

    @Test
    void referenceConfIsWhatTheKeysDeclare() throws IOException {
        assertIsWritten("reference.conf", writer.reference());
    }

    @Test
    void thePageOfKeysIsWhatTheKeysDeclare() throws IOException {
        Path page = Path.of("..", "docs", "config.md");
        String text = Files.readString(page);
        int from = text.indexOf(BEGIN) + BEGIN.length();

        assertIsWritten(
                page, text.substring(0, from) + KeyTable.of(writer.schema()) + text.substring(text.indexOf(END)));
        assertThat(text.substring(from).lines()).hasSizeGreaterThan(20);
    }

    private static void assertIsWritten(String name, String expected) throws IOException {
        assertIsWritten(RESOURCES.resolve(name), expected);
    }

    private static void assertIsWritten(Path file, String expected) throws IOException {
        if (System.getProperty("config.write") != null) {
            Files.writeString(file, expected);
        }
        assertThat(Files.readString(file).replace("\r\n", "\n"))
                .as("%s; to write it anew, run this test with -Dconfig.write", file)
                .isEqualTo(expected);
    }

    @Test
    void referenceConfIsACompleteFileOfDefaults() throws InvalidConfigException {
        String reference = RESOURCES.resolve("reference.conf").toString();

        assertThat(AppConfig.read(Map.of("CONFIG_FILE", reference))).isEqualTo(AppConfig.read(Map.of()));
    }

    @Test
    void everyVariableReachesItsKeyAndNoOther() throws InvalidConfigException {
        AppConfig defaults = AppConfig.read(Map.of());
        for (ConfigKey<?> key : table.keys().values()) {
            if (key.variable() != null) {
                String other = key.type() instanceof ValueType.Flag
                        ? "true"
                        : key.equals(ConfigKeys.ADMIN_TOKEN) ? "4711-4711-4711-4711" : "4711";

                AppConfig config = AppConfig.read(Map.of(key.variable(), other));

                assertThat(config.values().keySet())
                        .filteredOn(path -> !Objects.equals(
                                config.values().get(path), defaults.values().get(path)))
                        .containsExactly(key.path());
            }
        }
    }

    @Test
    void theAppReadsNoOtherVariables() {
        assertThat(table.keys().values())
                .extracting(ConfigKey::variable)
                .filteredOn(Objects::nonNull)
                .containsExactly(
                        "HOST",
                        "PORT",
                        "REDIS_USER",
                        "REDIS_PASSWORD",
                        "REDIS_TLS",
                        "REDIS_CA_FILE",
                        "REDIS_SENTINEL",
                        "REDIS_CLUSTER",
                        "REDIS_DATABASE",
                        "REDIS_KEY_PREFIX",
                        "ADMIN_TOKEN",
                        "HTTP_PORT");
    }

    @Test
    void counterCoreTakesEveryBoundOfItsOptions() {
        ValueType.TimeSpan deadline = (ValueType.TimeSpan) ConfigKeys.DEADLINE.type();
        ValueType.WholeNumber queue = (ValueType.WholeNumber) ConfigKeys.QUEUE.type();

        for (String bound : new String[] {deadline.min(), deadline.max()}) {
            Duration duration = deadline.read(bound).orElseThrow();
            assertThat(CounterOptions.builder().deadline(duration).build().deadline())
                    .isEqualTo(duration);
        }
        for (int bound : new int[] {queue.min(), queue.max()}) {
            assertThat(CounterOptions.builder().queue(bound).build().queue()).isEqualTo(bound);
        }
        String prefix = "aZ0._:/@-" + "x".repeat(91);
        assertThat(ConfigKeys.REDIS_KEY_PREFIX.type().read(prefix)).isPresent();
        assertThat(CounterOptions.builder().keyPrefix(prefix).build().keyPrefix())
                .isEqualTo(prefix);
    }
}
