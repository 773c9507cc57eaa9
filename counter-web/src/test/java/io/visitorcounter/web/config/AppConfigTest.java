package io.visitorcounter.web.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

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

        assertThat(config.storeUri()).isEqualTo(URI.create("sqlite:data/visitors.db"));
        assertThat(config.get(ConfigKeys.GREETING).words()).isEqualTo("Welcome to KODEKLOUD!");
        assertThat(config.get(ConfigKeys.COUNTER).text()).isEqualTo("visitorCount");
        assertThat(config.get(ConfigKeys.DEADLINE)).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.get(ConfigKeys.HTTP_PORT)).isEqualTo(8080);
        assertThat(config.get(ConfigKeys.HTTP_DRAIN_DELAY)).isZero();
    }

    @Test
    void theSeedsVariablesNameARedis() throws Exception {
        AppConfig config = AppConfig.read(Map.of("HOST", "localhost", "PORT", "6380", "HTTP_PORT", "8081"));

        assertThat(config.storeUri()).isEqualTo(URI.create("redis://localhost:6380"));
        assertThat(config.get(ConfigKeys.HTTP_PORT)).isEqualTo(8081);
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
    void aFileWithoutAnEndIsRefused() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("app.conf"), Path.of("/dev/zero"));
        Path large = Files.writeString(folder.resolve("large.conf"), "#".repeat((1 << 20) + 1));

        for (Path file : new Path[] {link, large}) {
            assertThat(invalid(Map.of("CONFIG_FILE", file.toString())))
                    .hasMessage(file + ": expected at most 1048576 bytes, got more");
        }
    }

    @Test
    void aPipeIsReadToItsEnd() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Process writing =
                new ProcessBuilder("cp", complete(Map.of("http.port", 8000)).toString(), pipe.toString()).start();

        AppConfig config = AppConfig.read(Map.of("CONFIG_FILE", pipe.toString()));

        assertThat(config.get(ConfigKeys.HTTP_PORT)).isEqualTo(8000);
        assertThat(writing.waitFor()).isZero();
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

        assertThat(config.storeUri()).isEqualTo(URI.create("redis://redis.prod:6379"));
        assertThat(config.storeOptions().build().credentials()).isEmpty();
        assertThat(config.get(ConfigKeys.HTTP_PORT)).isEqualTo(9);
    }

    @Test
    void aSecretOfAReleaseIsReadAtRun() throws Exception {
        Path file = write(text(complete(Map.of("redis.host", "r", "redis.user", "app")))
                .replace("\"password\":\"\"", "\"password\":${DB_SECRET}"));

        AppConfig config = AppConfig.read(Map.of("CONFIG_FILE", file.toString(), "DB_SECRET", "se\"cret"));

        assertThat(config.storeOptions().build().credentials()).contains(new Credentials("app", "se\"cret"));
        assertThat(config.toString()).doesNotContain("se\"cret");
    }

    @Test
    void aSecretThatIsNotSetIsNamedWithItsLine() throws Exception {
        Path file = write("\n" + text(complete(Map.of())).replace("\"password\":\"\"", "\"password\":${DB_SECRET}"));

        InvalidConfigException invalid = invalid(Map.of("CONFIG_FILE", file.toString()));

        assertThat(invalid.errors()).hasSize(1);
        assertThat(invalid)
                .hasMessageStartingWith(file + ":2: redis.password: ")
                .hasMessageContaining("DB_SECRET");
    }

    @Test
    void aVariableWhereNoSecretBelongsIsRefused() throws Exception {
        Path file = write(text(complete(Map.of())).replace("\"Welcome to KODEKLOUD!\"", "${GREETING}"));

        InvalidConfigException invalid = invalid(Map.of("CONFIG_FILE", file.toString(), "GREETING", "hi"));

        assertThat(invalid.errors()).hasSize(1);
        assertThat(invalid)
                .hasMessageEndingWith("greeting: refers to a variable; only secrets are read from variables at run");
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

        assertThat(invalid.errors())
                .extracting(ConfigError::key)
                .containsExactlyInAnyOrder("queue", "deadline", "greetin", "greeting", "redis.tls", "redis.password");
        assertThat(invalid.errors())
                .filteredOn(fault -> !fault.key().equals("greeting"))
                .allSatisfy(fault -> assertThat(fault.line()).isGreaterThan(1));
        assertThat(invalid)
                .hasMessageContaining("greetin: unknown key; did you mean greeting?")
                .hasMessageContaining("greeting: missing")
                .hasMessageContaining("deadline: expected a duration with a unit, 10ms..10m, got \"2 parsecs\"")
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

        assertThat(config.storeUri()).isEqualTo(expected);
    }

    @Test
    void theCertificatesOfAFileReachTheStore() throws Exception {
        Path file = complete(Map.<String, Object>of("redis.tls", true, "redis.ca-file", "/etc/redis/ca.pem"));

        AppConfig config = AppConfig.read(Map.of("CONFIG_FILE", file.toString()));

        assertThat(config.storeOptions().build().certificates()).contains(Path.of("/etc/redis/ca.pem"));
    }

    @Test
    void aManagedRedisNeedsNoFile() throws Exception {
        AppConfig config = AppConfig.read(Map.of(
                "HOST", "a,b:7",
                "REDIS_USER", "app",
                "REDIS_PASSWORD", "hush",
                "REDIS_TLS", "true",
                "REDIS_CA_FILE", "/etc/redis/ca.pem",
                "REDIS_SENTINEL", "primus",
                "REDIS_DATABASE", "3",
                "REDIS_KEY_PREFIX", "app:"));

        assertThat(config.storeUri()).isEqualTo(URI.create("rediss-sentinel://a:6379,b:7/3#primus"));
        assertThat(config.storeOptions().build().credentials()).contains(new Credentials("app", "hush"));
        assertThat(config.storeOptions().build().certificates()).contains(Path.of("/etc/redis/ca.pem"));
        assertThat(config.storeOptions().build().keyPrefix()).isEqualTo("app:");
    }

    @Test
    void aSecretIsReadFromTheFileThatAVariableNames() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "hush \n");
        Path file = write(
                text(complete(Map.of("redis.host", "r"))).replace("\"password\":\"\"", "\"password\":${DB_SECRET}"));

        AppConfig byVariables = AppConfig.read(Map.of("HOST", "r", "REDIS_PASSWORD_FILE", secret.toString()));
        AppConfig byFile = AppConfig.read(Map.of("CONFIG_FILE", file.toString(), "DB_SECRET_FILE", secret.toString()));

        assertThat(byVariables.storeOptions().build().credentials()).contains(new Credentials("", "hush "));
        assertThat(byFile.storeOptions().build().credentials()).contains(new Credentials("", "hush "));
    }

    @Test
    void aSecretsFileThatCanNotServeIsSaidWithoutTheSecret() throws Exception {
        Path empty = Files.writeString(folder.resolve("empty"), "\n");
        Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff});
        Path secret = Files.writeString(folder.resolve("secret"), "hush");
        Path none = folder.resolve("none");

        assertThat(invalid(Map.of("REDIS_PASSWORD_FILE", empty.toString())))
                .hasMessage("REDIS_PASSWORD_FILE: redis.password: " + empty + " is empty");
        assertThat(invalid(Map.of("REDIS_PASSWORD_FILE", binary.toString()))).hasMessageEndingWith("it is not UTF-8");
        assertThat(invalid(Map.of("REDIS_PASSWORD_FILE", none.toString())))
                .hasMessageEndingWith(none + ": it does not exist");
        assertThat(invalid(Map.of("REDIS_PASSWORD_FILE", folder.toString()))).hasMessageContaining("can't read");
        assertThat(invalid(Map.of("REDIS_PASSWORD_FILE", "/dev/zero"))).hasMessageContaining("longer than");
        assertThat(invalid(Map.of("REDIS_PASSWORD", "a", "REDIS_PASSWORD_FILE", secret.toString())))
                .hasMessage("REDIS_PASSWORD_FILE: redis.password: expected REDIS_PASSWORD or REDIS_PASSWORD_FILE,"
                        + " got both");
    }

    @Test
    void aSecretsFileInAReleaseIsAnErrorOfItsOwnVariable() throws Exception {
        Path file = write(text(complete(Map.of())).replace("\"password\":\"\"", "\"password\":${DB_SECRET}"));

        InvalidConfigException invalid =
                invalid(Map.of("CONFIG_FILE", file.toString(), "DB_SECRET_FILE", folder + "/none"));

        assertThat(invalid)
                .hasMessage("DB_SECRET_FILE: redis.password: can't read " + folder + "/none: it does not exist");
    }

    @Test
    void aFileOfVersion1IsStillAConfig() throws Exception {
        String file = Path.of("src", "test", "resources", "app-1.0.0.conf").toString();

        AppConfig config = AppConfig.read(Map.of("CONFIG_FILE", file, "REDIS_PASSWORD", "hush"));

        assertThat(config.storeUri()).isEqualTo(URI.create("redis://redis:6379"));
        assertThat(config.get(ConfigKeys.REDIS_DATABASE)).isZero();
    }

    @Test
    void aGroupThatIsNotOneIsOneError() throws Exception {
        String whole = text(complete(Map.of()));
        Path file = write(whole.substring(1, whole.length() - 1) + "\nhttp = 5\nlog = ${LOG}");

        InvalidConfigException invalid = invalid(Map.of("CONFIG_FILE", file.toString()));

        assertThat(invalid.errors())
                .extracting(ConfigError::key, ConfigError::what)
                .containsExactlyInAnyOrder(
                        tuple("http", "expected an object, got 5"),
                        tuple("log", "refers to a variable; only secrets are read from variables at run"));
    }

    private static InvalidConfigException invalid(Map<String, String> environment) {
        InvalidConfigException invalid =
                catchThrowableOfType(InvalidConfigException.class, () -> AppConfig.read(environment));
        assertThat(invalid).isNotNull();
        return invalid;
    }

    /** {@return a file with every key at its default, but for these} */
    private Path complete(Map<String, ?> different) throws IOException {
        Map<String, Object> keys = new HashMap<>();
        ConfigKeys.table().keys().forEach((path, key) -> keys.put(path, key.preset()));
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
