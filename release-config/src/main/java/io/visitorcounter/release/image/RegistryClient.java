package io.visitorcounter.release.image;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.io.function.IOFunction;

/** A client of one registry, by the OCI distribution protocol: strict about digests, and lenient as real registries
 *  require. Every body that has a digest is checked against it. Transient failures are retried, since all requests are
 *  safe to repeat: reads, and writes of content named by its digest. Thread-safe. */
final class RegistryClient {

    static final String PUSH = "pull,push";

    private static final Map<String, String> MANIFESTS = Map.of(
            "Accept", String.join(", ", Image.OCI_MANIFEST, Image.DOCKER_MANIFEST, ImageIndex.OCI, ImageIndex.DOCKER));
    private static final String PULL = "pull";

    // The error for a manifest while another is being written.
    private static final String INVALID = "MANIFEST_INVALID";
    private static final int CONFLICT = 409;

    // The statuses for a tag that must not move: ECR, Harbor, Artifactory, Quay.
    private static final Set<Integer> UNMOVED = Set.of(400, 403, CONFLICT, 412);

    private final RegistryConnection connection;
    private final RetryPolicy retry;
    private final FailedResponses failed;

    /** Uploads blobs, even those that the registry says it has. */
    final BlobPush blobs;

    RegistryClient(RegistryConnection connection, RetryPolicy retry, Uploads uploads) {
        this.connection = connection;
        this.retry = retry;
        this.failed = new FailedResponses(connection);
        this.blobs = new BlobPush(this, connection, failed, retry, uploads);
    }

    /** A manifest's bytes and the type that the registry gives them. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record FetchedManifest(byte[] bytes, String type) {}

    private <T> T ask(
            ImageReference image,
            RegistryHttp.Request request,
            String actions,
            IOFunction<RegistryResponse, T> reading) {
        return retry.run(() -> {
            try (RegistryResponse response = send(image, request, actions)) {
                return reading.apply(response);
            } catch (IOException e) {
                throw connection.broken(e);
            }
        });
    }

    /** The manifest of an image; empty if there is none. Checked against the digest, if the reference has one. */
    Optional<FetchedManifest> manifest(ImageReference image) {
        return ask(image, manifestRequest("GET", image), PULL, response -> {
            if (response.status() == 404) {
                return Optional.empty();
            }
            failed.expectSuccess(image, response);
            byte[] bytes = bounded(image, response);
            requireWhole(image, response, image.digest().or(() -> promised(response)), bytes);
            return Optional.of(
                    new FetchedManifest(bytes, response.header("Content-Type").orElse("")));
        });
    }

    /** The digest that the registry claims, to check a body that can end unnoticed. */
    private static Optional<Digest> promised(RegistryResponse response) {
        return response.endsAnywhere()
                ? response.header("Docker-Content-Digest").flatMap(RegistryClient::digest)
                : Optional.empty();
    }

    /** Checks a body against its digest. One that may have been cut unnoticed, or is empty, is requested again. */
    private static void requireWhole(
            ImageReference image, RegistryResponse response, Optional<Digest> expected, byte[] bytes) {
        Digest got = Digest.of(bytes);
        if (bytes.length > 0 && expected.map(got::equals).orElse(!response.isPage())) {
            return;
        }
        if (response.isPage()) {
            throw new ReleaseException.Unreachable(
                    image + ": expected an image, got a page for people; does a proxy before it want something?");
        }
        ReleaseException fault = new ReleaseException.VerificationFailed(image + ": expected "
                + expected.map(digest -> "the bytes of " + digest + ", got " + got)
                        .orElse("a manifest, got nothing"));
        throw response.endsAnywhere() ? new Transient(fault, Optional.empty()) : fault;
    }

    /** The digest that a tag or digest points to; empty if there is no such image. Some registries answer HEAD
     *  differently from GET, so only GET proves that there is none. */
    Optional<Digest> digest(ImageReference image) {
        return quickDigest(image).or(() -> manifest(image).map(found -> Digest.of(found.bytes())));
    }

    /** The same without the GET: also empty if the registry does not say. */
    Optional<Digest> quickDigest(ImageReference image) {
        return ask(
                image,
                manifestRequest("HEAD", image),
                PULL,
                response -> response.isSuccess()
                        ? response.header("Docker-Content-Digest").flatMap(RegistryClient::digest)
                        : Optional.empty());
    }

    private static RegistryHttp.Request manifestRequest(String method, ImageReference image) {
        return new RegistryHttp.Request(method, path(image, "manifests/" + image.version())).with(MANIFESTS);
    }

    /** A registry's digest header; empty if it is not a SHA-256 digest, since only bytes are trusted. */
    private static Optional<Digest> digest(String header) {
        return Digest.read(header.strip().replaceAll("^\"|\"$", ""));
    }

    /** A small blob, whole and checked against its digest. */
    byte[] blob(ImageReference image, Digest digest) {
        return ask(image, blobRequest("GET", image, digest), PULL, response -> {
            expectBlob(image, digest, response);
            byte[] bytes = bounded(image, response);
            requireWhole(image, response, Optional.of(digest), bytes);
            return bytes;
        });
    }

    /** A layer's bytes; the reader checks their digest. */
    InputStream openLayer(ImageReference image, Layer layer) {
        return new RetriedStream(
                () -> retry.run(() -> {
                    try {
                        RegistryResponse response = send(image, blobRequest("GET", image, layer.digest()), PULL);
                        expectBlob(image, layer.digest(), response);
                        return response.stored(layer.size());
                    } catch (IOException e) {
                        throw connection.broken(e);
                    }
                }),
                retry);
    }

    private void expectBlob(ImageReference image, Digest digest, RegistryResponse response) {
        if (response.status() == 404) {
            response.close();
            throw new ReleaseException.VerificationFailed(image + ": blob " + digest + ": is gone");
        }
        failed.expectSuccess(image, response);
    }

    private static RegistryHttp.Request blobRequest(String method, ImageReference image, Digest digest) {
        return new RegistryHttp.Request(method, path(image, "blobs/" + digest));
    }

    /** Whether the registry says that it has a blob. */
    boolean hasBlob(ImageReference image, Digest digest) {
        return ask(image, blobRequest("HEAD", image, digest), PUSH, response -> response.status() == 200);
    }

    /** Uploads a blob, unless it is there. A broken upload starts over. */
    void pushBlob(ImageReference image, byte[] bytes) {
        if (!hasBlob(image, Digest.of(bytes))) {
            blobs.push(image, bytes);
        }
    }

    /** Pushes an image's manifest, with a tag. */
    void pushManifest(ImageReference image, Image manifest) {
        pushManifest(image, manifest.manifest(), manifest.mediaType());
    }

    /** Pushes a manifest, under a tag or its own digest. A tag that may not move is fine if it already points there. */
    void pushManifest(ImageReference image, byte[] manifest, String type) {
        var request = RegistryHttp.Request.of(
                "PUT", path(image, "manifests/" + image.version()), type, RegistryHttp.Body.of(manifest));
        Digest digest = Digest.of(manifest);
        ask(image, request, PUSH, response -> {
            if (response.isSuccess()) {
                requireSame(image, digest, response);
                return image;
            }
            String reason = response.reason();
            ReleaseException fault = failed.fault(image, response, reason);
            if (UNMOVED.contains(response.status()) && pointsTo(image, digest)) {
                return image;
            }
            boolean mayPass = response.status() == CONFLICT
                    || FailedResponses.code(reason).equals(INVALID);
            throw mayPass ? new Transient(fault, Optional.empty()) : fault;
        });
    }

    private boolean pointsTo(ImageReference image, Digest digest) {
        try {
            return digest(image).equals(Optional.of(digest));
        } catch (ReleaseException e) {
            // The refusal of the manifest is the fault to report.
            return false;
        }
    }

    /** A page of a registry's list of an image's referrers.
     *
     *  @param next the address of the next page; empty if this is the last */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record ReferrersPage(byte[] bytes, Optional<URI> next) {}

    /** The address of the first page. */
    URI referrers(ImageReference image) {
        return path(image, "referrers/" + image.version());
    }

    /** A page of an image's referrers; empty if the registry has no such list. Many answer something else: only an
     *  index counts. */
    Optional<ReferrersPage> referrers(ImageReference image, URI page) {
        var request = new RegistryHttp.Request("GET", page).with(Map.of("Accept", ImageIndex.OCI));
        return ask(image, request, PULL, response -> {
            String type = response.header("Content-Type").orElse("");
            return response.status() != 200 || !type.startsWith(ImageIndex.OCI)
                    ? Optional.empty()
                    : Optional.of(new ReferrersPage(
                            bounded(image, response),
                            Links.to("next", response.headers("Link"))
                                    .flatMap(link -> connection.target(response, link))));
        });
    }

    static URI path(ImageReference image, String rest) {
        return URI.create("/v2/" + image.repository() + "/" + rest);
    }

    /** {@return a lasting response}
     *
     *  @throws Transient if a retry may get a different one */
    RegistryResponse send(ImageReference image, RegistryHttp.Request request, String actions) {
        RegistryResponse response = connection.send(request, "repository:" + image.repository() + ":" + actions);
        failed.expectLasting(image, response);
        return response;
    }

    private static byte[] bounded(ImageReference image, RegistryResponse response) throws IOException {
        byte[] bytes = response.read(Image.MAX_JSON_BYTES + 1);
        if (bytes.length > Image.MAX_JSON_BYTES) {
            throw new ReleaseException.VerificationFailed(
                    image + ": expected at most " + Image.MAX_JSON_BYTES + " bytes of JSON, got more");
        }
        return bytes;
    }

    /** Checks what a registry says it stored against what was sent. */
    void requireSame(ImageReference image, Digest sent, RegistryResponse response) {
        response.header("Docker-Content-Digest").flatMap(RegistryClient::digest).ifPresent(stored -> {
            if (!stored.equals(sent)) {
                throw new ReleaseException.VerificationFailed(
                        image + ": expected the bytes of " + sent + ", got " + stored);
            }
        });
    }
}
