package io.visitorcounter.release.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What real registries do otherwise than the specification says, or than one would think, one thing at a time; each with
 *  the public report it comes from. Every case is a whole round: an app is read, released, kept and verified. */
class RegistryCorpusTest extends AppInRegistry {

    private final List<Duration> waits = new CopyOnWriteArrayList<>();

    @ParameterizedTest
    @MethodSource("io.visitorcounter.release.image.RegistryCases#harmless")
    void aQuirkThatHarmsNothingEndsNoRelease(RegistryCases.Case each) {
        each.setUp().accept(registry);

        round(Map.of());
    }

    @ParameterizedTest
    @MethodSource("io.visitorcounter.release.image.RegistryCases#logins")
    void aLoginIsGivenHoweverTheRegistryAsks(RegistryCases.Case each) {
        each.setUp().accept(registry);

        round(Map.of("RELEASE_REGISTRY_USER", "ada", "RELEASE_REGISTRY_PASSWORD", "pa55"));
    }

    @Test
    void theTokenIsForTheScopeThatTheRegistryNames() {
        List<String> asked = new CopyOnWriteArrayList<>();
        registry.require(LoopbackRegistry.Auth.BEARER);
        registry.challenges(List.of("Bearer realm=\"TOKENS\",service=\"here\",scope=\"repository:real/name:pull\""));
        registry.quirk(new LoopbackRegistry.Quirk() {
            @Override
            public boolean answers(HttpExchange exchange) {
                if (exchange.getRequestURI().getPath().equals("/token")) {
                    asked.add(exchange.getRequestURI().getQuery());
                }
                return false;
            }
        });

        round(Map.of("RELEASE_REGISTRY_USER", "ada", "RELEASE_REGISTRY_PASSWORD", "pa55"));

        // https://github.com/oras-project/oras-go/issues/650
        assertThat(asked).isNotEmpty().allMatch(query -> query.contains("scope=repository:real/name:pull"));
    }

    @Test
    void anotherHostGetsNoLoginButTheSameAcceptAndItsAddressAsItIs() {
        List<String> seen = new CopyOnWriteArrayList<>();
        registry.require(LoopbackRegistry.Auth.BASIC);
        String other = registry.host().replace("localhost", "127.0.0.1");
        registry.quirk(new LoopbackRegistry.Quirk() {
            @Override
            public boolean answers(HttpExchange exchange) throws IOException {
                boolean isOther = exchange.getRequestHeaders().getFirst("Host").equals(other);
                String path = exchange.getRequestURI().toString();
                if (!isOther
                        && path.contains("/manifests/")
                        && exchange.getRequestMethod().equals("GET")
                        && exchange.getRequestHeaders().containsKey("Authorization")) {
                    exchange.getResponseHeaders().add("Location", "http://" + other + path + "?sig=a%2Fb");
                    exchange.sendResponseHeaders(307, -1);
                    return true;
                }
                if (isOther) {
                    seen.add(exchange.getRequestHeaders().containsKey("Authorization")
                            + " "
                            + exchange.getRequestHeaders().getFirst("Accept").contains("oci")
                            + " " + exchange.getRequestURI().getRawQuery());
                    exchange.sendResponseHeaders(404, -1);
                    return true;
                }
                return false;
            }
        });

        assertThatThrownBy(
                        () -> registryFor(Map.of("RELEASE_REGISTRY_USER", "ada", "RELEASE_REGISTRY_PASSWORD", "pa55"))
                                .find(app))
                .isInstanceOf(ReleaseException.NotFound.class);
        assertThat(seen).containsExactly("false true sig=a%2Fb");
    }

    @Test
    void theRegistrysOwnReasonIsToldAndCleaned() {
        Map<Integer, String> bodies = new TreeMap<>(Map.of(
                403, "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"quota of\\u001b[31m project\\nexceeded\"}]}",
                404, "{\"errors\":[{\"code\":\"NAME_UNKNOWN\",\"message\":\"repository must be created\"}]}",
                413, "{\"message\":\"too large\"}",
                415, "{\"errors\":[{\"code\":\"MANIFEST_INVALID\"}]}"));
        Map<Integer, String> told = Map.of(
                403, "403 to POST /v2/team/app/blobs/uploads/: DENIED: quota of?[31m project; exceeded",
                404, "NAME_UNKNOWN: repository must be created",
                413, "too large",
                415, "MANIFEST_INVALID");
        bodies.forEach((status, body) -> {
            registry.quirk(Quirks.always("POST blobs", status, body));

            assertThatThrownBy(() -> round(Map.of()))
                    .as("%s", status)
                    .isInstanceOf(ReleaseException.Unreachable.class)
                    .hasMessageContaining(told.get(status))
                    .hasMessageNotContaining("login");
        });
    }

    @Test
    void aRegistryThatIsGoneForLongerIsAskedAFewTimesAndThenTold() {
        AtomicInteger asked = new AtomicInteger();
        registry.quirk(new LoopbackRegistry.Quirk() {
            @Override
            public boolean answers(HttpExchange exchange) throws IOException {
                asked.incrementAndGet();
                exchange.getResponseHeaders().add("Retry-After", "7");
                exchange.sendResponseHeaders(503, -1);
                return true;
            }
        });

        assertThatThrownBy(() -> registryFor(Map.of()).find(app))
                .isInstanceOf(ReleaseException.Unreachable.class)
                .hasMessageContaining("503");
        // One of them found out how to speak.
        assertThat(asked).hasValue(6);
        assertThat(waits).hasSize(4).allMatch(wait -> wait.toMillis() > 7000 && wait.toMillis() < 9000);
    }

    @Test
    void aRegistryThatWantsToBeLeftAloneForLongIsNotWaitedFor() {
        registry.quirk(new LoopbackRegistry.Quirk() {
            @Override
            public boolean answers(HttpExchange exchange) throws IOException {
                exchange.getResponseHeaders().add("Retry-After", "3600");
                exchange.sendResponseHeaders(429, -1);
                return true;
            }
        });

        assertThatThrownBy(() -> registryFor(Map.of()).find(app)).hasMessageContaining("429");
        assertThat(waits).isEmpty();
    }

    @Test
    void aPageInThePlaceOfAManifestIsNotTakenForABug() {
        registry.quirk(new LoopbackRegistry.Quirk() {
            @Override
            public boolean answers(HttpExchange exchange) throws IOException {
                byte[] page = "<html>please log in</html>".getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().add("Content-Type", "text/html");
                exchange.sendResponseHeaders(200, page.length);
                exchange.getResponseBody().write(page);
                return true;
            }
        });

        assertThatThrownBy(() -> registryFor(Map.of()).find(registry.host() + "/team/app:build"))
                .isInstanceOf(ReleaseException.class)
                .hasMessageContaining("/team/app:build");
    }

    @Test
    void aRegistryThatDoesNotSayWhichLoginItWantsIsNamed() {
        registry.quirk(Quirks.always("GET manifests", 401, "{\"message\":\"no session\"}"));

        assertThatThrownBy(() -> registryFor(Map.of()).find(app))
                .isInstanceOf(ReleaseException.Unreachable.class)
                .hasMessageContaining("asks for a login and does not say which (no WWW-Authenticate) (no session)");
    }

    @Test
    void aRegistryThatDoesNotKnowOfTheTlsBeforeItIsSpokenToOverTls() {
        TestCertificate certificate = TestCertificate.of(folder, "localhost");
        try (LoopbackRegistry encrypted = new LoopbackRegistry(certificate)) {
            Map<String, String> variables = Map.of(
                    "SSL_CERT_FILE", certificate.pem().toString(),
                    "RELEASE_REGISTRY_USER", "ada",
                    "RELEASE_REGISTRY_PASSWORD", "pa55");
            encrypted.require(LoopbackRegistry.Auth.BEARER);
            // https://github.com/goharbor/harbor/issues/3114
            encrypted.challenges(List.of("Bearer realm=\"http://localhost/token\",service=\"harbor-registry\""));
            encrypted.quirk(Quirks.upload("http://localhost/v2/team/app/blobs/uploads/1"));

            String pushed = RegistryImages.push(folder.resolve("app.tar"), encrypted.host() + "/team/app", variables);

            assertThatNoException().isThrownBy(() -> RegistryImages.variables(pushed, variables));
        }
    }

    @Test
    void aDigestThatIsNotOfTheseBytesIsNeverTaken() {
        registry.quirk(Quirks.header("Docker-Content-Digest", "sha256:" + "0".repeat(64)));

        assertThatThrownBy(() -> round(Map.of())).isInstanceOf(ReleaseException.VerificationFailed.class);
    }

    private void round(Map<String, String> variables) {
        Registry images = registryFor(variables);
        ImageStore.PendingImage found = images.find(app);
        ImageStore.Stored stored = found.stored();
        Image looked = found.image();
        ReleaseLayer layer = layer(looked);
        ImageStore.PendingImage made = images.make(stored, layer);
        made.keep();
        String name = made.stored().name();
        Digest digest = made.image().digest();
        assertThat(images.isKept(name, layer.tag(), digest)).isTrue();
        assertThat(images.isKept(app, ReleaseLayer.appTag(looked.digest()), looked.digest()))
                .isTrue();
        Image read = registryFor(variables).read(name, digest);
        assertThat(LayerCheck.faults(images, name, read)).isEmpty();
        assertThat(images.tagFault(name, layer.tag(), digest)).isEmpty();
    }

    private Registry registryFor(Map<String, String> variables) {
        return client(variables, waits::add);
    }
}
