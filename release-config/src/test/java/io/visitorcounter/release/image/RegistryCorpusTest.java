package io.visitorcounter.release.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.FixtureApp;
import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What real registries do otherwise than the specification says, or than one would think, one thing at a time; each with
 *  the public report it comes from. Every case is a whole round: an app is read, released, kept and verified. */
class RegistryCorpusTest {

    private static final String JIB = "https://github.com/GoogleContainerTools/jib/issues/";
    private static final String GGCR = "https://github.com/google/go-containerregistry/issues/";
    private static final String DISTRIBUTION = "https://github.com/distribution/distribution/issues/";
    private static final String CONTAINERD = "https://github.com/containerd/containerd/issues/";
    private static final String ORAS = "https://github.com/oras-project/oras-go/issues/";
    private static final String RFC = "https://www.rfc-editor.org/rfc/rfc9110.html#name-www-authenticate";

    @TempDir
    Path folder;

    private final LoopbackRegistry registry = new LoopbackRegistry();
    private final List<Duration> waits = new CopyOnWriteArrayList<>();
    private String app = "";

    @BeforeEach
    void push() {
        app = RegistryImages.push(
                FixtureApp.tar(folder.resolve("app.tar"), "1"), registry.host() + "/team/app", Map.of());
    }

    @AfterEach
    void close() {
        registry.close();
    }

    /** One quirk.
     *
     *  @param name what the registry does
     *  @param report where somebody met it
     *  @param setUp makes a registry do it */
    record Case(String name, String report, Consumer<LoopbackRegistry> setUp) {

        @Override
        public String toString() {
            return name + " (" + report + ")";
        }
    }

    private static Case quirk(String name, String report, LoopbackRegistry.Quirk quirk) {
        return new Case(name, report, registry -> registry.quirk(quirk));
    }

    static Stream<Case> harmless() {
        List<Case> cases = new ArrayList<>();
        for (String request :
                List.of("GET manifests", "GET blobs", "HEAD blobs", "POST blobs", "PUT blobs", "PUT manifests")) {
            for (int status : List.of(429, 500, 502, 503, 504)) {
                cases.add(quirk(request + " once gets " + status, JIB + "3042", once(request, status)));
            }
            cases.add(quirk(request + " is once cut off", JIB + "4266", cutOnce(request)));
        }
        for (String request : List.of("GET manifests", "GET blobs")) {
            cases.add(quirk(request + " once ends in the middle of its body", JIB + "3935", shortOnce(request)));
        }
        for (int status : List.of(403, 404, 405, 400, 501)) {
            cases.add(quirk("HEAD of a manifest is always " + status, GGCR + "971", always("HEAD manifests", status)));
        }
        cases.add(quirk("HEAD of a blob is always 405", DISTRIBUTION + "1485", always("HEAD blobs", 405)));
        for (String digest : List.of("", "\"QUOTED\"", "sha512:" + "0".repeat(128), "md5:1", "SHA256:ABC")) {
            cases.add(quirk(
                    "the digest header is " + digest, DISTRIBUTION + "3792", header("Docker-Content-Digest", digest)));
        }
        for (int status : List.of(200, 202, 204)) {
            cases.add(quirk("PUT is answered " + status, JIB + "4301", status("PUT", status)));
        }
        cases.add(quirk("POST is answered 201", JIB + "1409", status("POST", 201)));
        for (String location : List.of(
                "/v2/team/app/blobs/uploads/a|b^c{d}?_state=x%3Dy|z",
                "/v2/team/app/blobs/uploads/1?",
                " /v2/team/app/blobs/uploads/1?_state=a b ",
                "//HOST/v2/team/app/blobs/uploads/1",
                "http://HOST/v2/team/app/blobs/uploads/1?_state=%7B%22a%22%7D",
                "1?x=100%",
                "./1")) {
            cases.add(quirk(
                    "uploads go to " + location,
                    "https://github.com/apple/swift-container-plugin/issues/44",
                    upload(location)));
        }
        for (int status : List.of(301, 302, 303, 307, 308)) {
            cases.add(quirk(
                    "GET and HEAD are redirected with " + status, CONTAINERD + "6684", redirect("GET HEAD", status)));
        }
        for (int status : List.of(307, 308)) {
            cases.add(quirk(
                    "POST and PUT are redirected with " + status, CONTAINERD + "6684", redirect("POST PUT", status)));
        }
        cases.add(quirk(
                "manifests are any type", DISTRIBUTION + "2384", header("Content-Type", "text/plain; charset=utf-8")));
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("harmless")
    void aQuirkThatHarmsNothingEndsNoRelease(Case each) {
        each.setUp().accept(registry);

        round(Map.of());
    }

    static Stream<Case> logins() {
        String basic = "Basic realm=\"here\"";
        String bearer = "Bearer realm=\"TOKENS\",service=\"here\"";
        List<Case> cases = new ArrayList<>();
        Map<String, List<String>> basics = new TreeMap<>(Map.ofEntries(
                Map.entry("upper case", List.of("BASIC REALM=here")),
                Map.entry("a quoted comma and an escaped quote", List.of("Basic realm=\"a, Bearer \\\" b\"")),
                Map.entry("Negotiate before", List.of("Negotiate", basic)),
                Map.entry("Negotiate before, in one field", List.of("Negotiate, " + basic)),
                Map.entry("Negotiate with a token before", List.of("Negotiate YWJj=, " + basic)),
                Map.entry("Negotiate after", List.of(basic, "Negotiate")),
                Map.entry("blanks around the sign", List.of("Basic realm = \"here\" , charset = \"UTF-8\"")),
                Map.entry("no parameters", List.of("Basic"))));
        basics.forEach((name, fields) ->
                cases.add(login("Basic: " + name, GGCR + "1075", LoopbackRegistry.Auth.BASIC, fields)));
        Map<String, List<String>> bearers = new TreeMap<>(Map.ofEntries(
                Map.entry("then Basic in another field", List.of(bearer, basic)),
                Map.entry("after Basic in another field", List.of(basic, bearer)),
                Map.entry("after Basic in one field", List.of(basic + ", " + bearer)),
                Map.entry("after Negotiate in one field", List.of("Negotiate, " + bearer)),
                Map.entry("names in upper case", List.of("BEARER Realm=\"TOKENS\",Service=\"here\"")),
                Map.entry("a value without quotes", List.of("Bearer realm=\"TOKENS\",service=here")),
                Map.entry("an address without quotes", List.of("Bearer realm=TOKENS,service=here")),
                Map.entry("no service", List.of("Bearer realm=\"TOKENS\"")),
                Map.entry("an error after", List.of(bearer + ",error=\"insufficient_scope\"")),
                Map.entry("blanks", List.of("Bearer   realm = \"TOKENS\" ,\tservice= \"here\""))));
        bearers.forEach(
                (name, fields) -> cases.add(login("Bearer: " + name, RFC, LoopbackRegistry.Auth.BEARER, fields)));
        for (String json : List.of(
                "{\"token\":\"\",\"access_token\":\"TOKEN\"}",
                "{\"token\":null,\"access_token\":\"TOKEN\"}",
                "{\"access_token\":\"TOKEN\"}",
                "{\"token\":\"TOKEN\",\"expires_in\":60,\"issued_at\":\"2026-01-01T00:00:00Z\"}")) {
            cases.add(new Case("the token is " + json, ORAS + "650", registry -> {
                registry.require(LoopbackRegistry.Auth.BEARER);
                registry.tokenResponse(json);
            }));
        }
        for (int status : List.of(429, 500, 503)) {
            cases.add(new Case("the token server once responds " + status, JIB + "4266", registry -> {
                registry.require(LoopbackRegistry.Auth.BEARER);
                registry.quirk(once("GET token", status));
            }));
        }
        cases.add(new Case("the token server redirects", CONTAINERD + "13412", registry -> {
            registry.require(LoopbackRegistry.Auth.BEARER);
            registry.quirk(redirect("GET token", 307));
        }));
        for (LoopbackRegistry.Auth auth : List.of(LoopbackRegistry.Auth.BASIC, LoopbackRegistry.Auth.BEARER)) {
            cases.add(new Case("redirects on the same host with " + auth, CONTAINERD + "6684", registry -> {
                registry.require(auth);
                registry.quirk(redirect("GET HEAD POST PUT", 307));
            }));
        }
        return cases.stream();
    }

    private static Case login(String name, String report, LoopbackRegistry.Auth auth, List<String> fields) {
        return new Case(name, report, registry -> {
            registry.require(auth);
            registry.challenges(fields);
        });
    }

    @ParameterizedTest
    @MethodSource("logins")
    void aLoginIsGivenHoweverTheRegistryAsks(Case each) {
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
            registry.quirk(always("POST blobs", status, body));

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
    void aDigestThatIsNotOfTheseBytesIsNeverTaken() {
        registry.quirk(header("Docker-Content-Digest", "sha256:" + "0".repeat(64)));

        assertThatThrownBy(() -> round(Map.of())).isInstanceOf(ReleaseException.VerificationFailed.class);
    }

    private void round(Map<String, String> variables) {
        Registry images = registryFor(variables);
        ImageStore.FoundApp found = images.find(app);
        ImageStore.Stored stored = found.stored();
        Image looked = found.image();
        TreeMap<String, byte[]> files = new TreeMap<>(Map.of("app.conf", "a = 1".getBytes(StandardCharsets.UTF_8)));
        ReleaseLayer layer =
                ReleaseLayer.of(new Environment("dev"), looked, Optional.empty(), Digest.of(new byte[] {1}), files);
        ImageStore.Made made = images.make(stored, layer);
        made.keep();
        String name = made.image().name();
        Digest digest = made.image().image().digest();
        assertThat(images.isKept(name, layer.tag(), digest)).isTrue();
        assertThat(images.isKept(app, ReleaseLayer.appTag(looked.digest()), looked.digest()))
                .isTrue();
        Image read = registryFor(variables).read(name, digest);
        assertThat(LayerCheck.faults(images, name, read)).isEmpty();
        assertThat(images.tagFault(name, layer.tag(), digest)).isEmpty();
    }

    private Registry registryFor(Map<String, String> variables) {
        return new Registry(
                false,
                new RegistryCredentials(variables, Optional.of(registry.host() + "/team/app")),
                new HttpSettings(variables, List.of()),
                new RetryPolicy(waits::add, () -> 0.5),
                Uploads.NONE);
    }

    private static boolean is(HttpExchange exchange, String request) {
        String[] words = request.split(" ", -1);
        String path = exchange.getRequestURI().getPath();
        String method = exchange.getRequestMethod();
        String last = words[words.length - 1];
        boolean isPart = List.of("manifests", "blobs", "token").contains(last);
        boolean isMethod = List.of(words)
                .subList(0, isPart ? words.length - 1 : words.length)
                .contains(method);
        return isMethod && !path.equals("/v2/") && (!isPart || path.contains("/" + last));
    }

    private static void drain(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
    }

    private static LoopbackRegistry.Quirk once(String request, int status) {
        AtomicInteger left = new AtomicInteger(1);
        return answering(exchange -> is(exchange, request) && left.getAndDecrement() > 0, status, "");
    }

    private static LoopbackRegistry.Quirk always(String request, int status) {
        return always(request, status, "");
    }

    private static LoopbackRegistry.Quirk always(String request, int status, String body) {
        return answering(exchange -> is(exchange, request), status, body);
    }

    private static LoopbackRegistry.Quirk answering(Predicate<HttpExchange> when, int status, String body) {
        return new LoopbackRegistry.Quirk() {
            @Override
            public boolean answers(HttpExchange exchange) throws IOException {
                if (!when.test(exchange)) {
                    return false;
                }
                drain(exchange);
                byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().add("Content-Type", "application/json");
                exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
                if (bytes.length > 0) {
                    exchange.getResponseBody().write(bytes);
                }
                return true;
            }
        };
    }

    /** Closes the connection instead of an answer. */
    private static LoopbackRegistry.Quirk cutOnce(String request) {
        AtomicInteger left = new AtomicInteger(2);
        return new LoopbackRegistry.Quirk() {
            @Override
            public boolean answers(HttpExchange exchange) {
                // Twice, as the JDK's client tries once more by itself.
                return is(exchange, request) && left.getAndDecrement() > 0;
            }
        };
    }

    /** Promises more than it sends. */
    private static LoopbackRegistry.Quirk shortOnce(String request) {
        AtomicInteger left = new AtomicInteger(1);
        return new LoopbackRegistry.Quirk() {
            @Override
            public boolean answers(HttpExchange exchange) throws IOException {
                if (!is(exchange, request) || left.getAndDecrement() <= 0) {
                    return false;
                }
                exchange.sendResponseHeaders(200, 1000);
                exchange.getResponseBody().write(new byte[10]);
                return true;
            }
        };
    }

    private static LoopbackRegistry.Quirk header(String name, String value) {
        return new LoopbackRegistry.Quirk() {
            @Override
            public int changed(HttpExchange exchange, int status) {
                if (exchange.getResponseHeaders().containsKey(name)) {
                    exchange.getResponseHeaders().set(name, value);
                }
                return status;
            }
        };
    }

    private static LoopbackRegistry.Quirk status(String method, int instead) {
        return new LoopbackRegistry.Quirk() {
            @Override
            public int changed(HttpExchange exchange, int status) {
                return exchange.getRequestMethod().equals(method) && status / 100 == 2 ? instead : status;
            }
        };
    }

    private static LoopbackRegistry.Quirk upload(String location) {
        return new LoopbackRegistry.Quirk() {
            @Override
            public int changed(HttpExchange exchange, int status) {
                if (exchange.getRequestMethod().equals("POST")) {
                    exchange.getResponseHeaders()
                            .set(
                                    "Location",
                                    location.replace(
                                            "HOST", exchange.getRequestHeaders().getFirst("Host")));
                }
                return status;
            }
        };
    }

    /** Leads every request first elsewhere on the same host. */
    private static LoopbackRegistry.Quirk redirect(String requests, int status) {
        return new LoopbackRegistry.Quirk() {
            @Override
            public boolean answers(HttpExchange exchange) throws IOException {
                String query = String.valueOf(exchange.getRequestURI().getRawQuery());
                if (!is(exchange, requests) || query.contains("redirected")) {
                    return false;
                }
                drain(exchange);
                String to = exchange.getRequestURI().getRawPath() + "?redirected&" + query;
                exchange.getResponseHeaders().add("Location", to);
                exchange.sendResponseHeaders(status, -1);
                return true;
            }
        };
    }
}
