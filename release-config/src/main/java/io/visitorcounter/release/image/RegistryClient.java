package io.visitorcounter.release.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One registry, spoken to by the OCI distribution protocol. Every body that has a digest is held to it. Plain HTTP
 *  only to this machine itself, or where that was asked for. */
final class RegistryClient {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final int MAX_REDIRECTS = 5;
    private static final Pattern PARAMETER = Pattern.compile("([a-zA-Z]+)=\"([^\"]*)\"");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String host;
    private final URI root;
    private final Credentials credentials;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final Map<String, String> authorizations = new HashMap<>();

    RegistryClient(ImageReference any, boolean insecure, Credentials credentials) {
        this.host = any.host();
        this.root = URI.create((insecure || any.isLoopback() ? "http://" : "https://") + any.host());
        this.credentials = credentials;
    }

    /** A manifest's bytes and the type that the registry gives them. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Manifest(byte[] bytes, String type) {}

    /** The manifest of an image; empty if there is none. Held to the digest, if the reference has one. */
    Optional<Manifest> manifest(ImageReference image) {
        HttpRequest.Builder request = request(path(image, "manifests/" + image.version()))
                .header(
                        "Accept",
                        String.join(", ", Image.OCI_MANIFEST, Image.DOCKER_MANIFEST, ImageIndex.OCI, ImageIndex.DOCKER))
                .GET();
        HttpResponse<InputStream> response = send(image, request, "pull");
        try (InputStream body = response.body()) {
            if (response.statusCode() == 404) {
                return Optional.empty();
            }
            expect(image, response, 200);
            byte[] bytes = bounded(image, body);
            image.digest().ifPresent(digest -> same(image, digest, Digest.of(bytes)));
            return Optional.of(new Manifest(
                    bytes, response.headers().firstValue("Content-Type").orElse("")));
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** The digest that a tag or digest leads to, without its bytes; empty if there is no such image. */
    Optional<Digest> head(ImageReference image) {
        HttpRequest.Builder request = request(path(image, "manifests/" + image.version()))
                .header(
                        "Accept",
                        String.join(", ", Image.OCI_MANIFEST, Image.DOCKER_MANIFEST, ImageIndex.OCI, ImageIndex.DOCKER))
                .method("HEAD", HttpRequest.BodyPublishers.noBody());
        HttpResponse<InputStream> response = discard(send(image, request, "pull"));
        if (response.statusCode() == 404) {
            return Optional.empty();
        }
        expect(image, response, 200);
        Optional<String> named = response.headers().firstValue("Docker-Content-Digest");
        return named.isPresent() ? named.map(Digest::new) : manifest(image).map(found -> Digest.of(found.bytes()));
    }

    /** A small blob, whole and held to its digest. */
    byte[] blob(ImageReference image, Digest digest) {
        try (InputStream body = openBlob(image, digest)) {
            byte[] bytes = bounded(image, body);
            same(image, digest, Digest.of(bytes));
            return bytes;
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** A blob's bytes, which the reader holds to their digest. */
    InputStream openBlob(ImageReference image, Digest digest) {
        HttpResponse<InputStream> response =
                send(image, request(path(image, "blobs/" + digest)).GET(), "pull");
        if (response.statusCode() == 404) {
            discard(response);
            throw new ReleaseException.VerificationFailed(List.of(image + ": blob " + digest + ": is gone"));
        }
        expect(image, response, 200);
        return response.body();
    }

    /** Uploads a blob, unless it is there. */
    void pushBlob(ImageReference image, byte[] bytes) {
        Digest digest = Digest.of(bytes);
        HttpRequest.Builder there =
                request(path(image, "blobs/" + digest)).method("HEAD", HttpRequest.BodyPublishers.noBody());
        if (discard(send(image, there, "pull,push")).statusCode() == 200) {
            return;
        }
        HttpRequest.Builder begin = request(path(image, "blobs/uploads/")).POST(HttpRequest.BodyPublishers.noBody());
        HttpResponse<InputStream> begun = discard(send(image, begin, "pull,push"));
        expect(image, begun, 202);
        String location = begun.headers()
                .firstValue("Location")
                .orElseThrow(() -> new ReleaseException.Unreachable(host + ": gave no place to upload to", null));
        URI place = root.resolve(location);
        String separator = place.getRawQuery() == null ? "?" : "&";
        URI target = URI.create(place + separator + "digest=" + encode(digest.text()));
        HttpRequest.Builder upload = request(target)
                .header("Content-Type", "application/octet-stream")
                .PUT(HttpRequest.BodyPublishers.ofByteArray(bytes));
        expect(image, discard(send(image, upload, "pull,push")), 201);
    }

    /** Gives an image its manifest and a tag. */
    void pushManifest(ImageReference image, byte[] bytes) {
        HttpRequest.Builder request = request(path(image, "manifests/" + image.version()))
                .header("Content-Type", Image.OCI_MANIFEST)
                .PUT(HttpRequest.BodyPublishers.ofByteArray(bytes));
        HttpResponse<InputStream> response = discard(send(image, request, "pull,push"));
        expect(image, response, 201);
        response.headers()
                .firstValue("Docker-Content-Digest")
                .ifPresent(digest -> same(image, Digest.of(bytes), new Digest(digest)));
    }

    private URI path(ImageReference image, String rest) {
        return root.resolve("/v2/" + image.repository() + "/" + rest);
    }

    private static HttpRequest.Builder request(URI uri) {
        return HttpRequest.newBuilder(uri).timeout(TIMEOUT);
    }

    /** Sends, answering the registry's question who we are, and following it elsewhere without our credentials. */
    private HttpResponse<InputStream> send(ImageReference image, HttpRequest.Builder request, String actions) {
        String scope = "repository:" + image.repository() + ":" + actions;
        String known = authorizations.get(scope);
        HttpResponse<InputStream> response = once(authorized(request, known));
        if (response.statusCode() == 401) {
            discard(response);
            String authorization = authorization(response, scope);
            authorizations.put(scope, authorization);
            response = once(authorized(request, authorization));
        }
        for (int i = 0; i < MAX_REDIRECTS && isRedirect(response); i++) {
            discard(response);
            URI to = response.uri()
                    .resolve(response.headers().firstValue("Location").orElse(""));
            if (root.getScheme().equals("https") && !"https".equals(to.getScheme())) {
                throw new ReleaseException.Unreachable(host + ": leads from https to " + to.getScheme(), null);
            }
            response = once(request(to).GET().build());
        }
        return response;
    }

    private static boolean isRedirect(HttpResponse<InputStream> response) {
        return List.of(301, 302, 303, 307, 308).contains(response.statusCode())
                && "GET".equals(response.request().method());
    }

    private static HttpRequest authorized(HttpRequest.Builder request, @Nullable String authorization) {
        HttpRequest.Builder copy = request.copy();
        if (authorization != null) {
            copy.setHeader("Authorization", authorization);
        }
        return copy.build();
    }

    private HttpResponse<InputStream> once(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ReleaseException.Unreachable(host + ": interrupted", e);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    private String authorization(HttpResponse<InputStream> response, String scope) {
        String challenge = response.headers().firstValue("WWW-Authenticate").orElse("");
        Optional<Credentials.Login> login = credentials.of(host);
        if (challenge.regionMatches(true, 0, "Basic", 0, 5)) {
            return login.map(Credentials.Login::basic).orElseThrow(this::unknown);
        }
        if (!challenge.regionMatches(true, 0, "Bearer", 0, 6)) {
            throw new ReleaseException.Unreachable(host + ": asks for a login in a way that is not known", null);
        }
        Map<String, String> parameters = new HashMap<>();
        Matcher matcher = PARAMETER.matcher(challenge);
        while (matcher.find()) {
            parameters.put(matcher.group(1), matcher.group(2));
        }
        return "Bearer " + token(parameters, scope, login);
    }

    private String token(Map<String, String> parameters, String scope, Optional<Credentials.Login> login) {
        String realm = parameters.getOrDefault("realm", "");
        String service = parameters.getOrDefault("service", "");
        URI uri = tokenUri(realm);
        HttpRequest.Builder request;
        if (login.isPresent() && login.get().user().equals("<token>")) {
            String form = "grant_type=refresh_token&client_id=release&service=" + encode(service) + "&scope="
                    + encode(scope) + "&refresh_token=" + encode(login.get().password());
            request = request(uri)
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(form));
        } else {
            String separator = uri.getRawQuery() == null ? "?" : "&";
            request = request(URI.create(uri + separator + "service=" + encode(service) + "&scope=" + encode(scope)))
                    .GET();
            Credentials.@Nullable Login known = login.orElse(null);
            if (known != null) {
                request.header("Authorization", known.basic());
            }
        }
        HttpResponse<InputStream> response = once(request.build());
        try (InputStream body = response.body()) {
            if (response.statusCode() != 200) {
                throw login.isPresent() ? refused() : unknown();
            }
            JsonNode answer = JSON.readTree(body.readNBytes(1 << 20));
            String token =
                    answer.path("token").asText(answer.path("access_token").asText());
            if (token.isEmpty()) {
                throw new ReleaseException.Unreachable(uri.getHost() + ": gave no token", null);
            }
            return token;
        } catch (IOException e) {
            throw new ReleaseException.Unreachable(host + ": the token can't be read", null);
        }
    }

    private URI tokenUri(String realm) {
        try {
            URI uri = URI.create(realm);
            boolean safe = "https".equals(uri.getScheme())
                    || ("http".equals(uri.getScheme()) && root.getScheme().equals("http"));
            if (safe && uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Told below.
        }
        throw new ReleaseException.Unreachable(host + ": sends us to a place for tokens that is not safe", null);
    }

    private ReleaseException unknown() {
        return new ReleaseException.Unreachable(
                host + ": asks for a login, and there is none; docker login " + host
                        + ", or set RELEASE_REGISTRY_USER and RELEASE_REGISTRY_PASSWORD",
                null);
    }

    private ReleaseException refused() {
        return new ReleaseException.Unreachable(
                host + ": refused the login; renew it with docker login " + host
                        + ", or set RELEASE_REGISTRY_USER and RELEASE_REGISTRY_PASSWORD",
                null);
    }

    private void expect(ImageReference image, HttpResponse<InputStream> response, int status) {
        if (response.statusCode() == status) {
            return;
        }
        discard(response);
        if (response.statusCode() == 401 || response.statusCode() == 403) {
            throw refused();
        }
        throw new ReleaseException.Unreachable(
                image.repositoryName() + ": the registry answered " + response.statusCode() + " to "
                        + response.request().method() + " " + response.uri().getPath()
                        + (response.statusCode() == 507 ? ", its disk is full" : ""),
                null);
    }

    private HttpResponse<InputStream> discard(HttpResponse<InputStream> response) {
        try (InputStream body = response.body()) {
            body.readNBytes(Image.MAX_JSON_BYTES);
        } catch (IOException e) {
            // What is thrown away need not be whole.
            return response;
        }
        return response;
    }

    private static byte[] bounded(ImageReference image, InputStream body) throws IOException {
        byte[] bytes = body.readNBytes(Image.MAX_JSON_BYTES + 1);
        if (bytes.length > Image.MAX_JSON_BYTES) {
            throw new ReleaseException.VerificationFailed(
                    List.of(image + ": expected at most " + Image.MAX_JSON_BYTES + " bytes of JSON, got more"));
        }
        return bytes;
    }

    private static void same(ImageReference image, Digest expected, Digest got) {
        if (!expected.equals(got)) {
            throw new ReleaseException.VerificationFailed(
                    List.of(image + ": expected the bytes of " + expected + ", got " + got));
        }
    }

    private ReleaseException broken(IOException e) {
        String why = e instanceof ConnectException ? "no connection" : String.valueOf(e.getMessage());
        if (e instanceof HttpTimeoutException) {
            why = "no answer in time";
        }
        return new ReleaseException.Unreachable(
                host + ": the registry can't be reached over " + root.getScheme() + " (" + why + "); is it up?", e);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
