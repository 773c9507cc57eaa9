package io.visitorcounter.release.image;

import com.sun.net.httpserver.HttpExchange;
import io.visitorcounter.release.Digest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** What few registries do, or registries with few things around them: cases of {@link RegistryCorpusTest}. */
final class RareCases {

    private static final String QUAY = "https://github.com/quay/quay/pull/1310";
    private static final String CONTAINERD = "https://github.com/containerd/containerd/issues/";
    private static final String DISTRIBUTION = "https://github.com/distribution/distribution/issues/";
    private static final String REFERENCES = "https://www.rfc-editor.org/rfc/rfc3986.html#section-5.3";
    private static final String RFC = "https://www.rfc-editor.org/rfc/rfc9110.html#name-www-authenticate";

    private RareCases() {}

    private static RegistryCases.Case quirk(String name, String report, LoopbackRegistry.Quirk quirk) {
        return new RegistryCases.Case(name, report, registry -> registry.quirk(quirk));
    }

    static Stream<RegistryCases.Case> harmless() {
        List<RegistryCases.Case> cases = new ArrayList<>();
        cases.add(quirk(
                "429 with Retry-After 880.092µs",
                "https://github.com/dependabot/cli/issues/380",
                Quirks.onceWith("GET manifests", 429, Map.of("Retry-After", "880.092\u00b5s"), "")));
        cases.add(quirk(
                "uploads go to the same host without its port",
                DISTRIBUTION + "2862",
                Quirks.upload("http://localhost/v2/team/app/blobs/uploads/1?_state=a")));
        cases.add(quirk(
                "uploads go to an address in upper case",
                DISTRIBUTION + "2572",
                Quirks.upload("HTTP://HOST/v2/team/app/blobs/uploads/1")));
        cases.add(quirk("bodies come in chunks, without a length", DISTRIBUTION + "2384", Quirks.chunked()));
        cases.add(quirk("blobs come in gzip always", QUAY, Quirks.compressing("GET blobs", "gzip", false)));
        for (String part : List.of("blobs", "manifests")) {
            cases.add(quirk(
                    "HEAD of " + part + " leads to a storage that lets only GET in",
                    CONTAINERD + "6684",
                    Quirks.elsewhereRefusing("HEAD " + part, 403)));
        }
        for (int status : List.of(400, 404, 405, 411, 416, 501)) {
            cases.add(new RegistryCases.Case(
                    "blobs are taken only in parts, else " + status,
                    CONTAINERD + "3533",
                    registry -> registry.quirk(inParts(registry, status, true))));
        }
        cases.add(new RegistryCases.Case(
                "a blob's next part goes to a query that stands by itself",
                REFERENCES,
                registry -> registry.quirk(inParts(registry, 405, false))));
        cases.add(quirk(
                "GET and HEAD are redirected by a query that stands by itself",
                REFERENCES,
                Quirks.redirectByQuery("GET HEAD")));
        cases.add(quirk(
                "a manifest is once in the way of another, with 409",
                "https://github.com/docker-archive/docker-registry/issues/593",
                Quirks.once("PUT manifests", 409)));
        cases.add(quirk(
                "a manifest is once MANIFEST_INVALID",
                "https://github.com/GoogleContainerTools/jib/issues/2470",
                Quirks.once("PUT manifests", 400, "{\"errors\":[{\"code\":\"MANIFEST_INVALID\",\"message\":\"m\"}]}")));
        for (String part : List.of("manifests", "blobs")) {
            cases.add(quirk(
                    "GET of " + part + " once ends early where no length was promised",
                    "https://github.com/GoogleContainerTools/jib/issues/3935",
                    Quirks.endlessOnce("GET " + part)));
            cases.add(quirk(
                    "GET of " + part + " is once empty",
                    "https://github.com/GoogleContainerTools/jib/issues/3935",
                    Quirks.emptyOnce("GET " + part)));
        }
        return cases.stream();
    }

    /** Takes a blob as docker uploads it only: by PATCH, and then a PUT without a body.
     *
     *  @param registry keeps it
     *  @param status which answers what it does not take
     *  @param repeatsPath whether it says where the next part goes with the path that it had */
    private static LoopbackRegistry.Quirk inParts(LoopbackRegistry registry, int status, boolean repeatsPath) {
        Map<String, byte[]> parts = new ConcurrentHashMap<>();
        AtomicInteger uploads = new AtomicInteger();
        return new LoopbackRegistry.Quirk() {
            @Override
            public boolean answers(HttpExchange exchange) throws IOException {
                if (Quirks.is(exchange, "POST blobs")) {
                    Quirks.drain(exchange);
                    return answer(exchange, 202, "/v2/team/app/blobs/uploads/" + uploads.incrementAndGet() + "?n=0");
                }
                if (Quirks.is(exchange, "PATCH blobs")) {
                    parts.put(
                            exchange.getRequestURI().getPath(),
                            exchange.getRequestBody().readAllBytes());
                    return answer(
                            exchange,
                            202,
                            (repeatsPath ? exchange.getRequestURI().getPath() : "") + "?n=1");
                }
                if (!Quirks.is(exchange, "PUT blobs")) {
                    return false;
                }
                byte[] rest = exchange.getRequestBody().readAllBytes();
                byte[] part = parts.get(exchange.getRequestURI().getPath());
                String query = exchange.getRequestURI().getQuery();
                if (rest.length > 0 || part == null || !query.startsWith("n=1")) {
                    return answer(exchange, status, "");
                }
                registry.putBlob(new Digest(query.replaceFirst("^.*digest=", "")), part);
                return answer(exchange, 201, "");
            }

            private static boolean answer(HttpExchange exchange, int status, String location) throws IOException {
                if (!location.isEmpty()) {
                    exchange.getResponseHeaders().add("Location", location);
                }
                exchange.sendResponseHeaders(status, -1);
                return true;
            }
        };
    }

    static Stream<RegistryCases.Case> logins() {
        List<RegistryCases.Case> cases = new ArrayList<>();
        cases.add(bearer("the token comes in gzip", QUAY, List.of(), Quirks.compressing("GET token", "gzip", false)));
        cases.add(bearer(
                "a fresh token is once refused",
                "https://github.com/moby/moby/issues/22158",
                List.of(),
                Quirks.firstTokenRefused()));
        for (String token : List.of("TOKEN\\n", " TOKEN ")) {
            cases.add(new RegistryCases.Case(
                    "the token has blanks around it: '" + token + "'",
                    "https://www.rfc-editor.org/rfc/rfc6750.html#section-2.1",
                    registry -> {
                        registry.require(LoopbackRegistry.Auth.BEARER);
                        registry.tokenResponse("{\"token\":\"" + token + "\"}");
                    }));
        }
        Map<String, List<String>> challenges = new TreeMap<>(Map.of(
                "two, the first of them empty", List.of("Bearer", "Bearer realm=\"TOKENS\",service=\"here\""),
                "no commas", List.of("Bearer realm=\"TOKENS\" service=\"here\""),
                "blanks within an address", List.of("Bearer realm=\" TOKENS?a=b c \",service=\"here\""),
                "the address of the service in the name of the realm",
                        List.of("Bearer realm=\"TOKENS\",service=\"http://localhost:1/\",scope=\"\"")));
        challenges.forEach((name, fields) -> cases.add(bearer("Bearer: " + name, RFC, fields, none())));
        for (int status : List.of(404, 405, 501)) {
            cases.add(new RegistryCases.Case(
                    "the token server is none (" + status + "), and Basic would do",
                    "https://github.com/IBM/portieris/issues/51",
                    registry -> {
                        registry.require(LoopbackRegistry.Auth.BASIC);
                        registry.challenges(
                                List.of("Bearer realm=\"TOKENS\",service=\"here\"", "Basic realm=\"here\""));
                        registry.quirk(Quirks.atPath("/token", status, ""));
                    }));
        }
        cases.add(bearer(
                "a stranger is refused with 403 and told how to log in",
                "https://github.com/devcontainers/cli/pull/945",
                List.of(),
                Quirks.status(401, 403)));
        cases.add(bearer(
                "only its root tells how to log in",
                "https://github.com/google/go-containerregistry/pull/1207",
                List.of(),
                Quirks.challengeOnlyAtRoot()));
        return cases.stream();
    }

    private static LoopbackRegistry.Quirk none() {
        return new LoopbackRegistry.Quirk() {};
    }

    private static RegistryCases.Case bearer(
            String name, String report, List<String> challenges, LoopbackRegistry.Quirk quirk) {
        return new RegistryCases.Case(name, report, registry -> {
            registry.require(LoopbackRegistry.Auth.BEARER);
            registry.challenges(challenges);
            registry.quirk(quirk);
        });
    }
}
