package io.visitorcounter.release.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleTest {

    private static final String CONFIG = """
            app {
              store = redis
              redis { host = "redis-1", password = ${REDIS_PASSWORD} }
              motd = "a=b 'c' \\"d\\" #e ${not} ü"
            }
            """;

    @TempDir
    private Path folder;

    @Test
    void theAppGetsEveryKeySortedAndItsSecretsAsReferences() {
        Bundle bundle = TestBundles.of(CONFIG);

        assertThat(TestBundles.text(bundle, Bundle.APP_CONF)).isEqualTo("""
                {
                  "deadline": "2s",
                  "durability": "memory",
                  "greeting": "Hello",
                  "http": {
                    "drain-delay": "0s",
                    "port": 8080
                  },
                  "motd": "a=b 'c' \\"d\\" #e ${not} ü",
                  "queue": 100,
                  "redis": {
                    "host": "redis-1",
                    "password": ${REDIS_PASSWORD},
                    "port": 6379,
                    "tls": false
                  },
                  "store": "redis",
                  "workers": 2
                }
                """);
        assertThat(bundle.variables()).containsExactly("REDIS_PASSWORD");
    }

    @Test
    void theVariablesAreLinesThatAnEnvFileTakesAsTheyAre() {
        Bundle bundle = TestBundles.of(CONFIG);

        assertThat(TestBundles.text(bundle, Bundle.APP_ENV)).isEqualTo("""
                HOST=redis-1
                HTTP_PORT=8080
                MOTD=a=b 'c' "d" #e ${not} ü
                PORT=6379
                REDIS_TLS=false
                """);
        assertThat(bundle.env())
                .containsEntry("MOTD", "a=b 'c' \"d\" #e ${not} ü")
                .doesNotContainKey("REDIS_PASSWORD");
    }

    @Test
    void theDescriptorNamesTheContractTheFilesAndTheVariables() {
        Bundle bundle = TestBundles.of(CONFIG);

        assertThat(TestBundles.text(bundle, Bundle.BUNDLE_JSON)).isEqualTo("""
                {
                  "apiVersion": "visitorcounter.io/v1",
                  "kind": "Bundle",
                  "contract": "%s",
                  "files": {
                    "app.conf": {"mode": "0444", "sha256": "%s"},
                    "app.env": {"mode": "0444", "sha256": "%s"}
                  },
                  "variables": ["REDIS_PASSWORD"]
                }
                """.formatted(
                        TestContract.read().digest(), hex(bundle, Bundle.APP_CONF), hex(bundle, Bundle.APP_ENV)));
    }

    @Test
    void theDigestIsThatOfALineForEveryFile() {
        Bundle bundle = TestBundles.of(CONFIG);

        String lines = "app.conf 0444 " + hex(bundle, Bundle.APP_CONF) + "\napp.env 0444 " + hex(bundle, Bundle.APP_ENV)
                + "\nbundle.json 0444 " + hex(bundle, Bundle.BUNDLE_JSON) + "\n";

        assertThat(bundle.digest()).isEqualTo(Digest.of(lines.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void whatWasWrittenToAFolderIsReadBackTheSame() throws IOException {
        Bundle bundle = TestBundles.of(CONFIG);
        Bundle other = TestBundles.of("app.queue = 5");

        other.writeTo(folder.resolve("new/folder"));
        bundle.writeTo(folder.resolve("new/folder"));

        Bundle again = Bundle.readFrom(TestBundles.filesIn(folder.resolve("new/folder")));
        assertThat(again.digest()).isEqualTo(bundle.digest());
        assertThat(again.contractDigest()).isEqualTo(bundle.contractDigest());
        assertThat(again.variables()).isEqualTo(bundle.variables());
        assertThat(again.env()).isEqualTo(bundle.env());
        assertThat(again.settings()).isEqualTo(bundle.settings());
    }

    @Test
    void aChangeOfAnyOneByteIsFoundOrGivesAnotherDigest() {
        Bundle bundle = TestBundles.of(CONFIG);
        SortedMap<String, byte[]> files = bundle.files();

        files.forEach((name, bytes) -> {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] ^= 1;
                assertThat(digestIfAny(files)).as("%s, byte %d", name, i).isNotEqualTo(Optional.of(bundle.digest()));
                bytes[i] ^= 1;
            }
        });
        assertThat(digestIfAny(files)).contains(bundle.digest());
    }

    @Test
    void aChangedFileIsNamed() {
        SortedMap<String, byte[]> files = TestBundles.of(CONFIG).files();
        files.put(Bundle.APP_ENV, "HOST=elsewhere\n".getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> Bundle.readFrom(files))
                .isInstanceOf(ReleaseException.VerificationFailed.class)
                .hasMessageMatching("bundle: app\\.env: expected sha256 [0-9a-f]{64}, got [0-9a-f]{64}");
    }

    private static Optional<Digest> digestIfAny(Map<String, byte[]> files) {
        try {
            return Optional.of(Bundle.readFrom(files).digest());
        } catch (ReleaseException.VerificationFailed refused) {
            return Optional.empty();
        }
    }

    @Test
    void aBundleOfOtherFilesIsNone() {
        SortedMap<String, byte[]> files = TestBundles.of(CONFIG).files();

        files.put("extra", new byte[0]);
        assertThatThrownBy(() -> Bundle.readFrom(files)).hasMessage("bundle: extra: expected no such file");
        files.remove("extra");
        files.remove(Bundle.APP_ENV);
        assertThatThrownBy(() -> Bundle.readFrom(files)).hasMessage("bundle: app.env: expected a file, got none");
        assertThatThrownBy(() -> Bundle.readFrom(Map.of())).hasMessageStartingWith("bundle: app.conf: ");
    }

    @Test
    void anEditThatIsWrittenDownAsWellChangesTheDigest() {
        Bundle bundle = TestBundles.of("app.queue = 5");
        Bundle other = TestBundles.of("app.queue = 6");

        assertThat(other.digest()).isNotEqualTo(bundle.digest());
    }

    @Test
    void nobodyCanChangeItFromOutside() {
        Bundle bundle = TestBundles.of(CONFIG);
        Digest before = bundle.digest();

        bundle.files().values().forEach(bytes -> bytes[0] ^= 1);

        assertThat(bundle.digest()).isEqualTo(before);
    }

    @Test
    void withoutAContractTheUpperCaseKeysAtTheTopAreVariables() {
        Bundle bundle =
                TestBundles.bundle(TestBundles.files("prod.conf", """
                app {
                  HOST = redis
                  PORT = 6379
                  DEBUG = false
                  PASSWORD = ${PASSWORD}
                  nested { KEY = value }
                  list = [1, two, ${TOKEN}]
                }
                """).render(TestBundles.PROD, Contract.none()));

        assertThat(bundle.env())
                .containsOnly(Map.entry("HOST", "redis"), Map.entry("PORT", "6379"), Map.entry("DEBUG", "false"));
        assertThat(bundle.variables()).containsExactly("PASSWORD", "TOKEN");
        assertThat(bundle.settings())
                .containsEntry("nested.KEY", "\"value\"")
                .containsEntry("list", "[1, \"two\", ${TOKEN}]");
        assertThat(bundle.contractDigest()).isEqualTo(Contract.none().digest());
    }

    private static String hex(Bundle bundle, String name) {
        return Digest.of(bundle.files().getOrDefault(name, new byte[0])).hex();
    }
}
