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

/** One registry, spoken to by the OCI distribution protocol, as strictly as a digest demands and as leniently as real
 *  registries need. Every body that has a digest is held to it. What fails in passing is tried again, since all requests
 *  are safe to repeat: reads, and writes of content that is named by its digest. Thread-safe. */
final class RegistryClient {

    private static final Map<String, String> MANIFESTS = Map.of(
            "Accept", String.join(", ", Image.OCI_MANIFEST, Image.DOCKER_MANIFEST, ImageIndex.OCI, ImageIndex.DOCKER));
    private static final String PULL = "pull";
    private static final String PUSH = "pull,push";

    // What a manifest may not refer to, in a registry's words.
    private static final Set<String> MISSING = Set.of("BLOB_UNKNOWN", "MANIFEST_BLOB_UNKNOWN");

    private final RegistryConnection connection;
    private final RetryPolicy retry;
    private final Uploads uploads;

    RegistryClient(RegistryConnection connection, RetryPolicy retry, Uploads uploads) {
        this.connection = connection;
        this.retry = retry;
        this.uploads = uploads;
    }

    /** A manifest's bytes and the type that the registry gives them. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record FetchedManifest(byte[] bytes, String type) {}

    /** The manifest of an image; empty if there is none. Held to the digest, if the reference has one. */
    Optional<FetchedManifest> manifest(ImageReference image) {
        return retry.run(() -> {
            try (RegistryHttp.RegistryResponse response = send(image, manifestRequest("GET", image), PULL)) {
                if (response.status() == 404) {
                    return Optional.empty();
                }
                expectSuccess(image, response);
                byte[] bytes = bounded(image, response.body());
                image.digest().ifPresent(digest -> same(image, digest, Digest.of(bytes)));
                return Optional.of(new FetchedManifest(
                        bytes, response.header("Content-Type").orElse("")));
            } catch (IOException e) {
                throw connection.broken(e);
            }
        });
    }

    /** The digest that a tag or digest leads to; empty if there is no such image. Some registries answer HEAD otherwise
     *  than GET, so only GET says that there is none. */
    Optional<Digest> digest(ImageReference image) {
        return quickDigest(image).or(() -> manifest(image).map(found -> Digest.of(found.bytes())));
    }

    /** The same without a second look: empty as well where the registry does not say. */
    Optional<Digest> quickDigest(ImageReference image) {
        return retry.run(() -> {
            try (RegistryHttp.RegistryResponse response = send(image, manifestRequest("HEAD", image), PULL)) {
                return response.isSuccess()
                        ? response.header("Docker-Content-Digest").flatMap(RegistryClient::digest)
                        : Optional.empty();
            }
        });
    }

    private static RegistryHttp.Request manifestRequest(String method, ImageReference image) {
        return new RegistryHttp.Request(method, path(image, "manifests/" + image.version())).with(MANIFESTS);
    }

    /** A digest header as registries write it; empty where it is none of ours, since only bytes are believed. */
    private static Optional<Digest> digest(String header) {
        String plain = header.strip().replaceAll("^\"|\"$", "");
        return plain.matches("sha256:[0-9a-f]{64}") ? Optional.of(new Digest(plain)) : Optional.empty();
    }

    /** A small blob, whole and held to its digest. */
    byte[] blob(ImageReference image, Digest digest) {
        return retry.run(() -> {
            try (InputStream body = open(image, digest)) {
                byte[] bytes = bounded(image, body);
                same(image, digest, Digest.of(bytes));
                return bytes;
            } catch (IOException e) {
                throw connection.broken(e);
            }
        });
    }

    /** A blob's bytes, which the reader holds to their digest. */
    InputStream openBlob(ImageReference image, Digest digest) {
        return new RetriedStream(() -> retry.run(() -> open(image, digest)), retry);
    }

    private InputStream open(ImageReference image, Digest digest) {
        RegistryHttp.RegistryResponse response =
                send(image, new RegistryHttp.Request("GET", path(image, "blobs/" + digest)), PULL);
        if (response.status() == 404) {
            response.close();
            throw new ReleaseException.VerificationFailed(List.of(image + ": blob " + digest + ": is gone"));
        }
        expectSuccess(image, response);
        try {
            return response.body();
        } catch (IOException e) {
            throw connection.broken(e);
        }
    }

    /** Whether the registry says that it has a blob. */
    boolean hasBlob(ImageReference image, Digest digest) {
        try (RegistryHttp.RegistryResponse response =
                send(image, new RegistryHttp.Request("HEAD", path(image, "blobs/" + digest)), PUSH)) {
            return response.status() == 200;
        }
    }

    /** Uploads a blob, unless it is there. An upload that breaks is begun anew. */
    void pushBlob(ImageReference image, byte[] bytes) {
        Digest digest = Digest.of(bytes);
        retry.run(() -> {
            if (!hasBlob(image, digest)) {
                upload(image, digest, bytes);
            }
            return digest;
        });
    }

    private void upload(ImageReference image, Digest digest, byte[] bytes) {
        URI target = withDigest(uploadUrl(image), digest);
        boolean whole = false;
        uploads.sent(digest, 0, bytes.length);
        try {
            put(
                    image,
                    target,
                    Map.of("Content-Type", "application/octet-stream"),
                    new RegistryHttp.Body(bytes, sent -> uploads.sent(digest, sent, bytes.length)));
            whole = true;
        } finally {
            uploads.ended(digest, bytes.length, whole);
        }
    }

    private static URI withDigest(URI place, Digest digest) {
        String separator =
                place.getRawQuery() == null ? "?" : place.getRawQuery().isEmpty() ? "" : "&";
        return URI.create(place + separator + "digest=" + RegistryLogin.encode(digest.text()));
    }

    private URI uploadUrl(ImageReference image) {
        var begin = new RegistryHttp.Request(
                "POST", path(image, "blobs/uploads/"), Map.of(), Optional.of(RegistryHttp.Body.of(new byte[0])));
        try (RegistryHttp.RegistryResponse begun = send(image, begin, PUSH)) {
            expectSuccess(image, begun);
            return begun.header("Location")
                    .flatMap(location -> connection.target(begun, location))
                    .orElseThrow(() -> new ReleaseException.Unreachable(
                            image.repositoryName() + ": the registry sent no upload URL (Location)", null));
        }
    }

    /** Asks for a place to upload to, as a push does, and gives it back: nothing is written.
     *
     *  @throws ReleaseException.Unreachable if the registry can't be reached, or does not take a push of this login */
    void tryPush(ImageReference image) {
        retry.run(() -> {
            URI place = uploadUrl(image);
            try (RegistryHttp.RegistryResponse cancelled =
                    send(image, new RegistryHttp.Request("DELETE", place), PUSH)) {
                // A registry that can't cancel an upload drops it after a while.
                if (cancelled.status() == 401 || cancelled.status() == 403) {
                    expectSuccess(image, cancelled);
                }
            }
            return place;
        });
    }

    /** Gives an image its manifest and a tag. */
    void pushManifest(ImageReference image, Image manifest) {
        retry.run(() -> {
            put(
                            image,
                            path(image, "manifests/" + image.version()),
                            Map.of("Content-Type", manifest.mediaType()),
                            RegistryHttp.Body.of(manifest.manifest()))
                    .ifPresent(digest -> same(image, manifest.digest(), digest));
            return image;
        });
    }

    /** Puts a body there; the digest that the registry gives it, if it says so. */
    private Optional<Digest> put(
            ImageReference image, URI target, Map<String, String> headers, RegistryHttp.Body body) {
        var request = new RegistryHttp.Request("PUT", target, headers, Optional.of(body));
        try (RegistryHttp.RegistryResponse response = send(image, request, PUSH)) {
            expectSuccess(image, response);
            return response.header("Docker-Content-Digest").flatMap(RegistryClient::digest);
        }
    }

    private static URI path(ImageReference image, String rest) {
        return URI.create("/v2/" + image.repository() + "/" + rest);
    }

    private RegistryHttp.RegistryResponse send(ImageReference image, RegistryHttp.Request request, String actions) {
        RegistryHttp.RegistryResponse response =
                connection.send(request, "repository:" + image.repository() + ":" + actions);
        if (RetryPolicy.isPassing(response.status())) {
            ReleaseException fault = fault(image, response, response.reason());
            throw new Transient(fault, response.retryAfter());
        }
        return response;
    }

    private void expectSuccess(ImageReference image, RegistryHttp.RegistryResponse response) {
        if (!response.isSuccess()) {
            throw fault(image, response, response.reason());
        }
    }

    private ReleaseException fault(ImageReference image, RegistryHttp.RegistryResponse response, String reason) {
        int status = response.status();
        if (status == 401) {
            return connection.refused(reason);
        }
        String code = reason.contains(":") ? reason.substring(0, reason.indexOf(':')) : reason;
        if (MISSING.contains(code) && response.request().method().equals("PUT")) {
            return new ReleaseException.NotFound(image.repositoryName()
                    + ": layers of the app image are not in the registry any more; build and push it again (" + reason
                    + ")");
        }
        String said = reason.isEmpty() ? hint(status) : ": " + reason;
        return new ReleaseException.Unreachable(
                image.repositoryName() + ": the registry responded " + status + " to "
                        + response.request().method() + " "
                        + response.request().uri().getPath() + said,
                null);
    }

    private static String hint(int status) {
        return switch (status) {
            case 403 -> ", the login has no right to do it";
            case 429 -> ", it had too many requests";
            case 507 -> ", its disk is full";
            default -> "";
        };
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
}
