package io.visitorcounter.web.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.web.values.LogLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
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
        assertEveryVariableReachesItsKeyAndNoOther(table);
    }

    @Test
    void aKeyOfAnyTypeCanHaveAVariable() throws InvalidConfigException {
        ConfigTable any = new ConfigTable();
        any.key("a.flag", ValueType.flag(), true).variable("FLAG").means("a flag that is on");
        any.key("a.number", ValueType.wholeNumber(5, 9), 5).variable("NUMBER").means("a number that is the smallest");
        any.key("a.choice", ValueType.oneOf(LogLevel.class), "info")
                .variableAtRun("CHOICE")
                .means("a word");
        any.key("a.span", ValueType.duration("50ms", "1m"), "50ms")
                .variableAtRun("SPAN")
                .means("a duration that is the shortest");
        any.key("a.text", ValueType.text(30, 40), "x".repeat(30))
                .variable("TEXT")
                .means("a long text");
        any.key("a.secret", ValueType.text(0, 40, Secret::new), "")
                .variable("SECRET")
                .secret()
                .means("a secret");

        assertEveryVariableReachesItsKeyAndNoOther(any);
        assertThat(new ContractWriter(any).schema()).contains("\"env\": \"SPAN\"", "\"x-minimum\": \"50ms\"");
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> new ConfigReader(any, new Variables(Map.of("SPAN", "4711"))).read())
                .withMessage("SPAN: a.span: expected a duration with a unit, 50ms..1m, got \"4711\"");
    }

    private static void assertEveryVariableReachesItsKeyAndNoOther(ConfigTable table) throws InvalidConfigException {
        AppConfig defaults = new ConfigReader(table, new Variables(Map.of())).read();
        for (ConfigKey<?> key : table.keys().values()) {
            if (key.variable() != null) {
                AppConfig config = new ConfigReader(table, new Variables(Map.of(key.variable(), other(key)))).read();

                assertThat(config.values().keySet())
                        .as("the keys that %s changes", key.variable())
                        .filteredOn(path -> !Objects.equals(
                                config.values().get(path), defaults.values().get(path)))
                        .containsExactly(key.path());
            }
        }
    }

    @Test
    void whatTheKeyOfASecretBecomesShowsNone() {
        assertThat(table.keys().values())
                .filteredOn(ConfigKey::secret)
                .hasSizeGreaterThan(1)
                .allSatisfy(
                        key -> assertThat(key.type().readVariable(other(key)).orElseThrow())
                                .hasToString(new Secret("").toString()));
    }

    /** {@return a value for the key's variable that is not the default} */
    private static String other(ConfigKey<?> key) {
        return samples(key.type())
                .filter(text -> !text.equals(key.preset().toString()))
                .filter(text -> key.type().readVariable(text).isPresent())
                .findFirst()
                .orElseThrow(() -> new AssertionError(
                        key + ": none of the samples is valid and not the default; add one to samples in this test"));
    }

    private static Stream<String> samples(ValueType<?> type) {
        if (type instanceof ValueType.Flag) {
            return Stream.of("true", "false");
        } else if (type instanceof ValueType.WholeNumber number) {
            return Stream.of(number.min(), number.max()).map(String::valueOf);
        } else if (type instanceof ValueType.Choice<?> choice) {
            return choice.words().stream();
        } else if (type instanceof ValueType.TimeSpan span) {
            return Stream.of(span.min(), span.max());
        }
        return Stream.of("4711", "4711-".repeat(8));
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
