package io.visitorcounter.web.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import io.visitorcounter.core.Credentials;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AppConfigTest {

    @TempDir
    Path folder;

    @Test
    void withoutAnyVariableVisitsAreCountedInAFile() throws Exception {
        AppConfig config = AppConfig.read(Map.of());

        assertThat(config.store().address().uri()).isEqualTo(URI.create("sqlite:data/visitors.db"));
        assertThat(config.greeting()).isEqualTo("Welcome to KODEKLOUD!");
        assertThat(config.counter().text()).isEqualTo("visitorCount");
        assertThat(config.store().deadline()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.http().port()).isEqualTo(8080);
        assertThat(config.http().drainDelay()).isZero();
    }

    @Test
    void theSeedsVariablesNameARedis() throws Exception {
        AppConfig config = AppConfig.read(Map.of("HOST", "localhost", "PORT", "6380", "HTTP_PORT", "8081"));

        assertThat(config.store().address().uri()).isEqualTo(URI.create("redis://localhost:6380"));
        assertThat(config.http().port()).isEqualTo(8081);
    }

    @Test
    void anEmptyVariableIsAsIfItWereNotSet() throws Exception {
        AppConfig config = AppConfig.read(Map.of("HOST", "", "PORT", "", "HTTP_PORT", "", "CONFIG_FILE", ""));

        assertThat(config).isEqualTo(AppConfig.read(Map.of()));
    }

    @Test
    void aWrongVariableIsNamed() {
        InvalidConfigException invalid = invalid(Map.of("PORT", "70000", "HTTP_PORT", "http"));

        assertThat(invalid).hasMessage("""
                HTTP_PORT: http.port: expected a whole number 0..65535, got "http"
                PORT: redis.port: expected a whole number 1..65535, got "70000\"""");
    }

    @Test
    void aReleaseReadsNoVariableButHttpPort() throws Exception {
        Path file = complete(Map.<String, Object>of("redis.host", "redis.prod", "http.port", 8000));

        AppConfig config = AppConfig.read(Map.of(
                "CONFIG_FILE",
                file.toString(),
                "HOST",
                "elsewhere",
                "PORT",
                "1",
                "REDIS_PASSWORD",
                "x",
                "HTTP_PORT",
                "9"));

        assertThat(config.store().address().uri()).isEqualTo(URI.create("redis://redis.prod:6379"));
        assertThat(config.store().credentials()).isEmpty();
        assertThat(config.http().port()).isEqualTo(9);
    }

    @Test
    void aSecretOfAReleaseIsReadAtRun() throws Exception {
        Path file = write(text(complete(Map.of("redis.host", "r", "redis.user", "app")))
                .replace("\"password\":\"\"", "\"password\":${DB_SECRET}"));

        AppConfig config = AppConfig.read(Map.of("CONFIG_FILE", file.toString(), "DB_SECRET", "se\"cret"));

        assertThat(config.store().credentials()).contains(new Credentials("app", "se\"cret"));
        assertThat(config.toString()).doesNotContain("se\"cret");
    }

    @Test
    void aSecretThatIsNotSetIsNamedWithItsLine() throws Exception {
        Path file = write("\n" + text(complete(Map.of())).replace("\"password\":\"\"", "\"password\":${DB_SECRET}"));

        InvalidConfigException invalid = invalid(Map.of("CONFIG_FILE", file.toString()));

        assertThat(invalid.faults()).hasSize(1);
        assertThat(invalid)
                .hasMessageStartingWith(file + ":2: redis.password: ")
                .hasMessageContaining("DB_SECRET");
    }

    @Test
    void aVariableWhereNoSecretBelongsIsRefused() throws Exception {
        Path file = write(text(complete(Map.of())).replace("\"Welcome to KODEKLOUD!\"", "${GREETING}"));

        InvalidConfigException invalid = invalid(Map.of("CONFIG_FILE", file.toString(), "GREETING", "hi"));

        assertThat(invalid.faults()).hasSize(1);
        assertThat(invalid)
                .hasMessageEndingWith("greeting: refers to a variable; a release reads only its secrets at run");
    }

    @Test
    void everyFaultIsSaidWithItsLineAndNoSecret() throws Exception {
        Path file = write(text(complete(Map.of()))
                .replace("\"queue\":10000", "\n\"queue\":0")
                .replace("\"deadline\":\"2s\"", "\n\"deadline\":\"2 parsecs\"")
                .replace("\"greeting\":", "\n\"greetin\":")
                .replace("\"tls\":false", "\n\"tls\":\"no\"")
                .replace("\"password\":\"\"", "\n\"password\":4815162342"));

        InvalidConfigException invalid = invalid(Map.of("CONFIG_FILE", file.toString()));

        assertThat(invalid.faults())
                .extracting(ConfigError::key)
                .containsExactlyInAnyOrder("queue", "deadline", "greetin", "greeting", "redis.tls", "redis.password");
        assertThat(invalid.faults())
                .filteredOn(fault -> !fault.key().equals("greeting"))
                .allSatisfy(fault -> assertThat(fault.line()).isGreaterThan(1));
        assertThat(invalid)
                .hasMessageContaining("greetin: unknown key; meant greeting?")
                .hasMessageContaining("greeting: missing")
                .hasMessageContaining("deadline: expected a duration from 10ms to 10m, got \"2 parsecs\"")
                .hasMessageContaining("redis.tls: expected true or false, got \"no\"")
                .hasMessageNotContainingAny("4815162342");
    }

    @Test
    void brokenHoconAndAMissingFileAreOneFault() throws Exception {
        Path broken = write("greeting = \"x\nhttp {");
        Path missing = folder.resolve("none.conf");

        assertThat(invalid(Map.of("CONFIG_FILE", broken.toString()))).hasMessageStartingWith(broken + ":1: ");
        assertThat(invalid(Map.of("CONFIG_FILE", missing.toString()))).hasMessageContaining(missing.toString());
    }

    @Test
    void theRedisStoreWantsAHost() throws Exception {
        Path file = complete(Map.of("store", "redis"));

        assertThat(invalid(Map.of("CONFIG_FILE", file.toString()))).hasMessageContaining("redis.host: expected");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "r                | false |        | false | redis://r:6379",
                "r:1              | false |        | false | redis://r:1",
                "r                | true  |        | false | rediss://r:6379",
                "::1              | false |        | false | redis://[::1]:6379",
                "[::1]:7          | false |        | false | redis://[::1]:7",
                "a,b:7            | false | primus | false | redis-sentinel://a:6379,b:7#primus",
                "a,b:7            | true  | primus | false | rediss-sentinel://a:6379,b:7#primus",
                "a,b:7            | false |        | true  | redis-cluster://a:6379,b:7",
                "a,b:7            | true  |        | true  | rediss-cluster://a:6379,b:7",
            })
    void theAddressNamesTheKindOfRedis(String host, boolean tls, String master, boolean cluster, URI expected)
            throws Exception {
        Path file = complete(Map.<String, Object>of(
                "redis.host",
                host,
                "redis.tls",
                tls,
                "redis.sentinel",
                master == null ? "" : master,
                "redis.cluster",
                cluster));

        AppConfig config = AppConfig.read(Map.of("CONFIG_FILE", file.toString()));

        assertThat(config.store().address()).isEqualTo(new StoreAddress(expected, "redis"));
    }

    @Test
    void theCertificatesOfAFileReachTheStore() throws Exception {
        Path file = complete(Map.<String, Object>of("redis.tls", true, "redis.ca-file", "/etc/redis/ca.pem"));

        AppConfig config = AppConfig.read(Map.of("CONFIG_FILE", file.toString()));

        assertThat(config.store().options().build().certificates()).contains(Path.of("/etc/redis/ca.pem"));
    }

    private static InvalidConfigException invalid(Map<String, String> environment) {
        InvalidConfigException invalid =
                catchThrowableOfType(InvalidConfigException.class, () -> AppConfig.read(environment));
        assertThat(invalid).isNotNull();
        return invalid;
    }

    /** {@return a file with every key of the contract at its default, but for these} */
    private Path complete(Map<String, ?> different) throws IOException {
        Map<String, Object> keys = new HashMap<>();
        Contract.ofThisBuild().keys().forEach((key, schema) -> {
            keys.put(key, schema.toConfig().getAnyRef("default"));
        });
        keys.putAll(different);
        return write(ConfigFactory.parseMap(keys).root().render(ConfigRenderOptions.concise()));
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("app.conf"), text);
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file);
    }
}
