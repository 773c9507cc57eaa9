package io.visitorcounter.release.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What real registries do otherwise than one would think, one thing at a time, each with where somebody met it. */
final class RegistryCases {

    private static final String JIB = "https://github.com/GoogleContainerTools/jib/issues/";
    private static final String GGCR = "https://github.com/google/go-containerregistry/issues/";
    private static final String DISTRIBUTION = "https://github.com/distribution/distribution/issues/";
    private static final String CONTAINERD = "https://github.com/containerd/containerd/issues/";
    private static final String ORAS = "https://github.com/oras-project/oras-go/issues/";
    private static final String RFC = "https://www.rfc-editor.org/rfc/rfc9110.html#name-www-authenticate";

    private RegistryCases() {}

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
                cases.add(quirk(request + " once gets " + status, JIB + "3042", Quirks.once(request, status)));
            }
            cases.add(quirk(request + " is once cut off", JIB + "4266", Quirks.cutOnce(request)));
        }
        for (String request : List.of("GET manifests", "GET blobs")) {
            cases.add(quirk(
                    request + " once ends in the middle of its body", JIB + "3935", Quirks.shortOnce(request, false)));
            cases.add(quirk(
                    request + " once ends in the middle of its chunks", JIB + "3935", Quirks.shortOnce(request, true)));
        }
        for (int status : List.of(425, 499, 520, 521, 522, 523, 524)) {
            cases.add(quirk(
                    "a proxy before it once responds " + status, GGCR + "1707", Quirks.once("GET manifests", status)));
        }
        cases.add(quirk("it has blobs that it has deleted", DISTRIBUTION + "4569", Quirks.forgetful()));
        for (int status : List.of(401, 403, 404, 405, 400, 501)) {
            cases.add(quirk(
                    "HEAD of a manifest is always " + status, GGCR + "971", Quirks.always("HEAD manifests", status)));
        }
        cases.add(quirk("HEAD of a blob is always 405", DISTRIBUTION + "1485", Quirks.always("HEAD blobs", 405)));
        for (String digest : List.of("", "\"QUOTED\"", "sha512:" + "0".repeat(128), "md5:1", "SHA256:ABC")) {
            cases.add(quirk(
                    "the digest header is " + digest,
                    DISTRIBUTION + "3792",
                    Quirks.header("Docker-Content-Digest", digest)));
        }
        for (int status : List.of(200, 202, 204)) {
            cases.add(quirk("PUT is answered " + status, JIB + "4301", Quirks.status("PUT", status)));
        }
        cases.add(quirk("POST is answered 201", JIB + "1409", Quirks.status("POST", 201)));
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
                    Quirks.upload(location)));
        }
        for (int status : List.of(301, 302, 303, 307, 308)) {
            cases.add(quirk(
                    "GET and HEAD are redirected with " + status,
                    CONTAINERD + "6684",
                    Quirks.redirect("GET HEAD", status)));
        }
        for (int status : List.of(307, 308)) {
            cases.add(quirk(
                    "POST and PUT are redirected with " + status,
                    CONTAINERD + "6684",
                    Quirks.redirect("POST PUT", status)));
        }
        cases.add(quirk(
                "manifests are any type",
                DISTRIBUTION + "2384",
                Quirks.header("Content-Type", "text/plain; charset=utf-8")));
        return Stream.of(cases.stream(), around(), RareCases.harmless()).flatMap(each -> each);
    }

    /** What stands around a registry: its replicas, its proxies, its storage. */
    private static Stream<Case> around() {
        List<Case> cases = new ArrayList<>();
        Map<String, String> lost = new TreeMap<>(Map.of(
                "404 BLOB_UPLOAD_UNKNOWN", DISTRIBUTION + "2225",
                "404 BLOB_UNKNOWN", JIB + "4301",
                "400 BLOB_UPLOAD_INVALID", GGCR + "431",
                "400 DIGEST_INVALID", GGCR + "431",
                "416 RANGE_INVALID", GGCR + "431"));
        lost.forEach((answer, report) ->
                cases.add(quirk("an upload is once " + answer, report, onceRefused("PUT blobs", answer))));
        for (String answer : List.of("400 MANIFEST_BLOB_UNKNOWN", "404 BLOB_UNKNOWN")) {
            cases.add(quirk(
                    "a manifest is once " + answer,
                    "https://github.com/Azure/acr/issues/588",
                    onceRefused("PUT manifests", answer)));
        }
        for (int status : List.of(400, 401, 403, 500)) {
            cases.add(quirk("HEAD of a blob is always " + status, GGCR + "971", Quirks.always("HEAD blobs", status)));
        }
        cases.add(quirk("HEAD of a manifest is always 500", GGCR + "971", Quirks.always("HEAD manifests", 500)));
        for (int status : List.of(200, 403, 404, 405, 500)) {
            cases.add(quirk(
                    "its root is a page with status " + status,
                    "https://github.com/moby/moby/issues/12972",
                    Quirks.atPath("/v2/", status, "<html></html>")));
        }
        cases.add(quirk(
                "uploads begin at another server, which says where without its name",
                CONTAINERD + "11949",
                Quirks.elsewhere("POST PUT blobs", 307, 0)));
        for (int status : List.of(403, 503)) {
            cases.add(quirk(
                    "its storage once responds " + status,
                    "https://github.com/boto/boto3/issues/2549",
                    Quirks.elsewhere("GET blobs", 307, status)));
        }
        for (String coding : List.of("gzip", "x-gzip")) {
            for (boolean listens : List.of(true, false)) {
                cases.add(quirk(
                        "manifests come in " + coding + (listens ? " unless refused" : " always"),
                        "https://github.com/quay/quay/pull/1310",
                        Quirks.compressing("GET manifests", coding, listens)));
            }
        }
        cases.add(quirk(
                "blobs come in gzip unless refused",
                "https://github.com/quay/quay/pull/1310",
                Quirks.compressing("GET blobs", "gzip", true)));
        cases.add(quirk(
                "what is not compressed is said to be",
                "https://github.com/moby/moby/issues/17595",
                Quirks.saying(Map.of("Content-Encoding", "x-gzip"))));
        for (String time : List.of("0", "soon", "1.5", "-1", "Sun, 06 Nov 1994 08:49:37 GMT", "")) {
            cases.add(quirk(
                    "429 with Retry-After " + time,
                    RFC.replace("www-authenticate", "retry-after"),
                    Quirks.onceWith("GET manifests", 429, Map.of("Retry-After", time), "")));
        }
        cases.add(quirk("408 once", GGCR + "1707", Quirks.once("PUT blobs", 408)));
        cases.add(quirk("it closes every connection", JIB + "3935", Quirks.saying(Map.of("Connection", "close"))));
        cases.add(
                quirk("it wants no cookies back", "https://github.com/goharbor/harbor/issues/9482", Quirks.cookies()));
        for (String location : List.of(
                "/v2/team/app/blobs/uploads/1?_state=a#part",
                "/v2/team/app/blobs/uploads/1?_state=a&",
                "/v2/team%2Fapp/blobs/uploads/1")) {
            cases.add(quirk(
                    "uploads go to " + location, "https://github.com/arg-sh/argsh/pull/135", Quirks.upload(location)));
        }
        return cases.stream();
    }

    private static LoopbackRegistry.Quirk onceRefused(String request, String answer) {
        String[] words = answer.split(" ", -1);
        return Quirks.once(
                request,
                Integer.parseInt(words[0]),
                "{\"errors\":[{\"code\":\"" + words[1] + "\",\"message\":\"m\"}]}");
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
                Map.entry("a path on the same server", List.of("Bearer realm=\"/token\",service=\"here\"")),
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
                registry.quirk(Quirks.once("GET token", status));
            }));
        }
        cases.add(new Case("the token server redirects", CONTAINERD + "13412", registry -> {
            registry.require(LoopbackRegistry.Auth.BEARER);
            registry.quirk(Quirks.redirect("GET token", 307));
        }));
        cases.addAll(tokens());
        for (LoopbackRegistry.Auth auth : List.of(LoopbackRegistry.Auth.BASIC, LoopbackRegistry.Auth.BEARER)) {
            cases.add(new Case(
                    "only writers need a login, of " + auth, "https://github.com/moby/moby/issues/12972", registry -> {
                        registry.require(auth);
                        registry.letAllRead();
                    }));
            cases.add(new Case("redirects on the same host with " + auth, CONTAINERD + "6684", registry -> {
                registry.require(auth);
                registry.quirk(Quirks.redirect("GET HEAD POST PUT", 307));
            }));
        }
        return Stream.concat(cases.stream(), RareCases.logins());
    }

    private static List<Case> tokens() {
        List<Case> cases = new ArrayList<>();
        for (String challenge : List.of(
                "Bearer realm=\"TOKENS?account=ci\",service=\"here\"",
                "Bearer realm=\"TOKENS\",service=\"here\",",
                ", Bearer realm=\"TOKENS\",,service=\"here\"",
                "Bearer realm=\"TOKENS\",service=\"\",scope=\"\"",
                "Bearer realm=\"TOKENS\",service=\"a b:5000/\u00fc\"",
                "Bearer realm=\"TOKENS\",scope=\"repository:team/app:pull repository:other/base:pull\"",
                "Digest realm=\"x\", nonce=\"y\", qop=\"auth,auth-int\", Bearer realm=\"TOKENS\"")) {
            cases.add(login(challenge, RFC, LoopbackRegistry.Auth.BEARER, List.of(challenge)));
        }
        for (String json : List.of(
                "{\"token\":\"TOKEN\",\"expires_in\":0}",
                "{\"token\":\"TOKEN\",\"expires_in\":\"300\",\"issued_at\":\"\"}",
                "{\"access_token\":\"TOKEN\",\"token_type\":\"bearer\",\"scope\":[\"a\"],\"refresh_token\":null}")) {
            cases.add(new Case("the token is " + json, "https://github.com/goharbor/harbor/issues/23753", registry -> {
                registry.require(LoopbackRegistry.Auth.BEARER);
                registry.tokenResponse(json);
            }));
        }
        String fresh = "Bearer realm=\"TOKENS\",service=\"here\",scope=\"repository:team/app:pull,push\"";
        for (String request : List.of("HEAD blobs", "PUT blobs", "PUT manifests", "GET blobs")) {
            for (String answer : List.of("401 invalid_token", "403 insufficient_scope", "400 ")) {
                String error = answer.substring(4);
                cases.add(new Case(
                        "a token is once " + answer + " to " + request,
                        answer.startsWith("403")
                                ? "https://github.com/devcontainers/cli/pull/945"
                                : "https://github.com/aws/containers-roadmap/issues/2835",
                        registry -> {
                            registry.require(LoopbackRegistry.Auth.BEARER);
                            registry.quirk(Quirks.onceWith(
                                    request,
                                    Integer.parseInt(answer.substring(0, 3)),
                                    error.isEmpty()
                                            ? Map.of()
                                            : Map.of("WWW-Authenticate", fresh + ",error=\"" + error + "\""),
                                    ""));
                        }));
            }
        }
        return cases;
    }

    private static Case login(String name, String report, LoopbackRegistry.Auth auth, List<String> fields) {
        return new Case(name, report, registry -> {
            registry.require(auth);
            registry.challenges(fields);
        });
    }
}
