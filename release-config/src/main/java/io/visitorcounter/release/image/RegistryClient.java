package io.visitorcounter.release.image;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** One registry, spoken to by the OCI distribution protocol. Every body that has a digest is held to it. Plain HTTP
 *  only to this machine itself, or where that was asked for. Thread-safe. */
final class RegistryClient {

    private static final int MAX_REDIRECTS = 5;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Map<String, String> MANIFESTS = Map.of(
            "Accept", String.join(", ", Image.OCI_MANIFEST, Image.DOCKER_MANIFEST, ImageIndex.OCI, ImageIndex.DOCKER));

    private final String host;
    private final URI root;
    private final RegistryLogin login;
    private final Uploads uploads;

    RegistryClient(ImageReference any, boolean insecure, RegistryCredentials credentials, Uploads uploads) {
        boolean plain = insecure || any.isLoopback();
        this.host = any.host();
        this.root = URI.create((plain ? "http://" : "https://") + any.host());
        this.login = new RegistryLogin(host, !plain, credentials);
        this.uploads = uploads;
    }

    /** A manifest's bytes and the type that the registry gives them. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record FetchedManifest(byte[] bytes, String type) {}

    /** The manifest of an image; empty if there is none. Held to the digest, if the reference has one. */
    Optional<FetchedManifest> manifest(ImageReference image) {
        var request = new RegistryHttp.Request("GET", path(image, "manifests/" + image.version())).with(MANIFESTS);
        try (RegistryHttp.RegistryResponse answer = send(image, request, "pull")) {
            if (answer.status() == 404) {
                return Optional.empty();
            }
            expect(image, answer, 200);
            byte[] bytes = bounded(image, answer.body());
            image.digest().ifPresent(digest -> same(image, digest, Digest.of(bytes)));
            return Optional.of(
                    new FetchedManifest(bytes, answer.header("Content-Type").orElse("")));
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** The digest that a tag or digest leads to, without its bytes; empty if there is no such image. */
    Optional<Digest> head(ImageReference image) {
        var request = new RegistryHttp.Request("HEAD", path(image, "manifests/" + image.version())).with(MANIFESTS);
        Optional<String> named;
        try (RegistryHttp.RegistryResponse answer = send(image, request, "pull")) {
            if (answer.status() == 404) {
                return Optional.empty();
            }
            expect(image, answer, 200);
            named = answer.header("Docker-Content-Digest");
        }
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
        RegistryHttp.RegistryResponse answer =
                send(image, new RegistryHttp.Request("GET", path(image, "blobs/" + digest)), "pull");
        if (answer.status() == 404) {
            answer.close();
            throw new ReleaseException.VerificationFailed(List.of(image + ": blob " + digest + ": is gone"));
        }
        expect(image, answer, 200);
        try {
            return answer.body();
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** Uploads a blob, unless it is there. */
    void pushBlob(ImageReference image, byte[] bytes) {
        Digest digest = Digest.of(bytes);
        try (RegistryHttp.RegistryResponse there =
                send(image, new RegistryHttp.Request("HEAD", path(image, "blobs/" + digest)), "pull,push")) {
            if (there.status() == 200) {
                return;
            }
        }
        URI place = placeFor(image);
        String separator = place.getRawQuery() == null ? "?" : "&";
        URI target = URI.create(place + separator + "digest=" + RegistryLogin.encode(digest.text()));
        boolean whole = false;
        uploads.sent(digest, 0, bytes.length);
        try {
            put(
                    image,
                    target,
                    "application/octet-stream",
                    new RegistryHttp.Body(bytes, sent -> uploads.sent(digest, sent, bytes.length)));
            whole = true;
        } finally {
            uploads.ended(digest, bytes.length, whole);
        }
    }

    private URI placeFor(ImageReference image) {
        var begin = new RegistryHttp.Request(
                "POST", path(image, "blobs/uploads/"), Map.of(), Optional.of(RegistryHttp.Body.of(new byte[0])));
        try (RegistryHttp.RegistryResponse begun = send(image, begin, "pull,push")) {
            expect(image, begun, 202);
            return begun.header("Location")
                    .map(location -> safe(root.resolve(location)))
                    .orElseThrow(() -> new ReleaseException.Unreachable(host + ": gave no place to upload to", null));
        }
    }

    /** Asks for a place to upload to, as a push does, and gives it back: nothing is written.
     *
     *  @throws ReleaseException.Unreachable if the registry can't be reached, or does not take a push of this login */
    void tryPush(ImageReference image) {
        URI place = placeFor(image);
        try (RegistryHttp.RegistryResponse cancelled =
                send(image, new RegistryHttp.Request("DELETE", place), "pull,push")) {
            // A registry that can't cancel an upload drops it after a while.
            if (cancelled.status() == 401 || cancelled.status() == 403) {
                throw login.refused();
            }
        }
    }

    /** Gives an image its manifest and a tag. */
    void pushManifest(ImageReference image, byte[] bytes) {
        put(image, path(image, "manifests/" + image.version()), Image.OCI_MANIFEST, RegistryHttp.Body.of(bytes))
                .ifPresent(digest -> same(image, Digest.of(bytes), digest));
    }

    /** Puts a body there; the digest that the registry gives it, if it says so. */
    private Optional<Digest> put(ImageReference image, URI target, String type, RegistryHttp.Body body) {
        var request = new RegistryHttp.Request("PUT", target, Map.of("Content-Type", type), Optional.of(body));
        try (RegistryHttp.RegistryResponse answer = send(image, request, "pull,push")) {
            expect(image, answer, 201);
            return answer.header("Docker-Content-Digest").map(Digest::new);
        }
    }

    private URI path(ImageReference image, String rest) {
        return root.resolve("/v2/" + image.repository() + "/" + rest);
    }

    /** Sends, answering the registry's question who we are, and following it elsewhere without our credentials. */
    private RegistryHttp.RegistryResponse send(ImageReference image, RegistryHttp.Request request, String actions) {
        String scope = "repository:" + image.repository() + ":" + actions;
        RegistryHttp.RegistryResponse answer = once(authorized(request, login.known(scope)));
        if (answer.status() == 401) {
            String challenge = answer.header("WWW-Authenticate").orElse("");
            answer.close();
            answer = once(authorized(request, Optional.of(login.answer(challenge, scope))));
        }
        for (int i = 0; i < MAX_REDIRECTS && isRedirect(answer); i++) {
            URI to = safe(
                    answer.request().uri().resolve(answer.header("Location").orElse("")));
            answer.close();
            answer = once(new RegistryHttp.Request("GET", to));
        }
        return answer;
    }

    private URI safe(URI to) {
        if (root.getScheme().equals("https") && !"https".equals(to.getScheme())) {
            throw new ReleaseException.Unreachable(host + ": leads from https to " + to.getScheme(), null);
        }
        return to;
    }

    private static boolean isRedirect(RegistryHttp.RegistryResponse answer) {
        return REDIRECTS.contains(answer.status()) && answer.request().method().equals("GET");
    }

    // Where a registry sends uploads to another host, that has its permission in the URL, and none of our credentials.
    private RegistryHttp.Request authorized(RegistryHttp.Request request, Optional<String> authorization) {
        if (authorization.isEmpty() || !host.equals(request.uri().getAuthority())) {
            return request;
        }
        Map<String, String> headers = new TreeMap<>(request.headers());
        headers.put("Authorization", authorization.get());
        return request.with(headers);
    }

    private RegistryHttp.RegistryResponse once(RegistryHttp.Request request) {
        try {
            return RegistryHttp.send(request);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    private void expect(ImageReference image, RegistryHttp.RegistryResponse answer, int status) {
        if (answer.status() == status) {
            return;
        }
        answer.close();
        if (answer.status() == 401 || answer.status() == 403) {
            throw login.refused();
        }
        throw new ReleaseException.Unreachable(
                image.repositoryName() + ": the registry answered " + answer.status() + " to "
                        + answer.request().method() + " "
                        + answer.request().uri().getPath()
                        + (answer.status() == 507 ? ", its disk is full" : ""),
                null);
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
        return RegistryHttp.broken(host, root.getScheme(), e);
    }
}
