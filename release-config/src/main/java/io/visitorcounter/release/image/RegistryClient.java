package io.visitorcounter.release.image;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One registry, spoken to by the OCI distribution protocol, as strictly as a digest demands and as leniently as real
 *  registries need. Every body that has a digest is held to it. Transient failures are retried, since all requests
 *  are safe to repeat: reads, and writes of content that is named by its digest. Thread-safe. */
final class RegistryClient {

    static final String PUSH = "pull,push";

    private static final Map<String, String> MANIFESTS = Map.of(
            "Accept", String.join(", ", Image.OCI_MANIFEST, Image.DOCKER_MANIFEST, ImageIndex.OCI, ImageIndex.DOCKER));
    private static final String PULL = "pull";

    // RFC 8288, as far as registries use it.
    private static final Pattern NEXT = Pattern.compile("\\s*<([^<>]*)>\\s*;\\s*rel=\"?next\"?.*");

    // What a manifest may not refer to, in a registry's words.
    private static final Set<String> MISSING = Set.of("BLOB_UNKNOWN", "MANIFEST_BLOB_UNKNOWN");

    // What a manifest is refused with while another is written.
    private static final String INVALID = "MANIFEST_INVALID";
    private static final int CONFLICT = 409;

    // What registries say of a tag that must not move: ECR, Harbor, Artifactory, Quay.
    private static final Set<Integer> UNMOVED = Set.of(400, 403, CONFLICT, 412);

    private final RegistryConnection connection;
    private final RetryPolicy retry;
    private final BlobPush blobs;

    RegistryClient(RegistryConnection connection, RetryPolicy retry, Uploads uploads) {
        this.connection = connection;
        this.retry = retry;
        this.blobs = new BlobPush(this, connection, retry, uploads);
    }

    /** A manifest's bytes and the type that the registry gives them. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record FetchedManifest(byte[] bytes, String type) {}

    /** The manifest of an image; empty if there is none. Held to the digest, if the reference has one. */
    Optional<FetchedManifest> manifest(ImageReference image) {
        return retry.run(() -> {
            try (RegistryResponse response = send(image, manifestRequest("GET", image), PULL)) {
                if (response.status() == 404) {
                    return Optional.empty();
                }
                expectSuccess(image, response);
                byte[] bytes = bounded(image, response.read(Image.MAX_JSON_BYTES + 1));
                whole(image, response, image.digest().or(() -> promised(response)), bytes);
                return Optional.of(new FetchedManifest(
                        bytes, response.header("Content-Type").orElse("")));
            } catch (IOException e) {
                throw connection.broken(e);
            }
        });
    }

    /** Where a body can end unnoticed, what the registry calls it has to do. */
    private static Optional<Digest> promised(RegistryResponse response) {
        return response.endsAnywhere()
                ? response.header("Docker-Content-Digest").flatMap(RegistryClient::digest)
                : Optional.empty();
    }

    /** Holds what came to its digest. What had no end that could be missed, or none of it, is asked for again. */
    private static void whole(
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

    /** The digest that a tag or digest leads to; empty if there is no such image. Some registries answer HEAD otherwise
     *  than GET, so only GET says that there is none. */
    Optional<Digest> digest(ImageReference image) {
        return quickDigest(image).or(() -> manifest(image).map(found -> Digest.of(found.bytes())));
    }

    /** The same without a second look: empty as well where the registry does not say. */
    Optional<Digest> quickDigest(ImageReference image) {
        return retry.run(() -> {
            try (RegistryResponse response = send(image, manifestRequest("HEAD", image), PULL)) {
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
        return Digest.read(header.strip().replaceAll("^\"|\"$", ""));
    }

    /** A small blob, whole and held to its digest. */
    byte[] blob(ImageReference image, Digest digest) {
        return retry.run(() -> {
            try (RegistryResponse response = open(image, digest)) {
                byte[] bytes = bounded(image, response.read(Image.MAX_JSON_BYTES + 1));
                whole(image, response, Optional.of(digest), bytes);
                return bytes;
            } catch (IOException e) {
                throw connection.broken(e);
            }
        });
    }

    /** A layer's bytes, which the reader holds to their digest. */
    InputStream openLayer(ImageReference image, Layer layer) {
        return new RetriedStream(
                () -> retry.run(() -> {
                    try {
                        return open(image, layer.digest()).stored(layer.size());
                    } catch (IOException e) {
                        throw connection.broken(e);
                    }
                }),
                retry);
    }

    private RegistryResponse open(ImageReference image, Digest digest) {
        RegistryResponse response = send(image, new RegistryHttp.Request("GET", path(image, "blobs/" + digest)), PULL);
        if (response.status() == 404) {
            response.close();
            throw new ReleaseException.VerificationFailed(image + ": blob " + digest + ": is gone");
        }
        expectSuccess(image, response);
        return response;
    }

    /** Whether the registry says that it has a blob. */
    boolean hasBlob(ImageReference image, Digest digest) {
        return retry.run(() -> {
            try (RegistryResponse response =
                    send(image, new RegistryHttp.Request("HEAD", path(image, "blobs/" + digest)), PUSH)) {
                return response.status() == 200;
            }
        });
    }

    /** Uploads a blob, unless it is there. An upload that breaks is begun anew. */
    void pushBlob(ImageReference image, byte[] bytes) {
        if (!hasBlob(image, Digest.of(bytes))) {
            blobs.push(image, bytes);
        }
    }

    /** Uploads a blob, whatever the registry says that it has. */
    void pushBlobAgain(ImageReference image, byte[] bytes) {
        blobs.push(image, bytes);
    }

    /** Asks for a place to upload to, as a push does, and gives it back: nothing is written.
     *
     *  @throws ReleaseException.Unreachable if the registry can't be reached, or does not take a push of this login */
    void tryPush(ImageReference image) {
        blobs.tryOut(image);
    }

    /** Gives an image its manifest and a tag. */
    void pushManifest(ImageReference image, Image manifest) {
        pushManifest(image, manifest.manifest(), manifest.mediaType());
    }

    /** Puts a manifest there, under a tag or its own digest. A tag that may not move is fine where it leads. */
    void pushManifest(ImageReference image, byte[] manifest, String type) {
        var request = new RegistryHttp.Request(
                "PUT",
                path(image, "manifests/" + image.version()),
                Map.of("Content-Type", type),
                Optional.of(RegistryHttp.Body.of(manifest)));
        Digest digest = Digest.of(manifest);
        retry.run(() -> {
            try (RegistryResponse response = send(image, request, PUSH)) {
                if (response.isSuccess()) {
                    same(image, digest, response);
                    return image;
                }
                String reason = response.reason();
                ReleaseException fault = fault(image, response, reason);
                if (UNMOVED.contains(response.status()) && leadsTo(image, digest)) {
                    return image;
                }
                boolean mayPass = response.status() == CONFLICT || code(reason).equals(INVALID);
                throw mayPass ? new Transient(fault, Optional.empty()) : fault;
            }
        });
    }

    private boolean leadsTo(ImageReference image, Digest digest) {
        try {
            return digest(image).equals(Optional.of(digest));
        } catch (ReleaseException e) {
            // Why the manifest was refused is what counts.
            return false;
        }
    }

    /** A page of what a registry says refers to an image.
     *
     *  @param next where the next one is; empty if this is the last */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record ReferrersPage(byte[] bytes, Optional<URI> next) {}

    /** Where the first page is. */
    URI referrers(ImageReference image) {
        return path(image, "referrers/" + image.version());
    }

    /** A page of what refers to an image; empty where the registry has no such list. Many answer something or other: only
     *  an index counts. */
    Optional<ReferrersPage> referrers(ImageReference image, URI page) {
        return retry.run(() -> {
            var request = new RegistryHttp.Request("GET", page).with(Map.of("Accept", ImageIndex.OCI));
            try (RegistryResponse response = send(image, request, PULL)) {
                String type = response.header("Content-Type").orElse("");
                if (response.status() != 200 || !type.startsWith(ImageIndex.OCI)) {
                    return Optional.empty();
                }
                return Optional.of(new ReferrersPage(
                        bounded(image, response.read(Image.MAX_JSON_BYTES + 1)),
                        response.header("Link")
                                .map(NEXT::matcher)
                                .filter(Matcher::matches)
                                .flatMap(link -> connection.target(response, link.group(1)))));
            } catch (IOException e) {
                throw connection.broken(e);
            }
        });
    }

    private static boolean isManifest(RegistryResponse response) {
        return response.request().uri().getPath().contains("/manifests/");
    }

    static String code(String reason) {
        return reason.contains(":") ? reason.substring(0, reason.indexOf(':')) : reason;
    }

    static URI path(ImageReference image, String rest) {
        return URI.create("/v2/" + image.repository() + "/" + rest);
    }

    /** {@return a response that does not say that it would be another a little later}
     *
     *  @throws Transient if it does */
    RegistryResponse send(ImageReference image, RegistryHttp.Request request, String actions) {
        RegistryResponse response = connection.send(request, "repository:" + image.repository() + ":" + actions);
        // Where HEAD is broken it is not asked again: whoever asked has another way.
        boolean isBroken = request.method().equals("HEAD") && response.status() == 500;
        boolean isPassing = RetryPolicy.isPassing(response.status()) && !isBroken;
        if (isPassing || isRefusedElsewhere(response)) {
            ReleaseException fault = fault(image, response, response.reason());
            throw new Transient(fault, response.retryAfter());
        }
        return response;
    }

    /** Whether a storage that a registry leads to takes its address no more, or not yet. */
    private boolean isRefusedElsewhere(RegistryResponse response) {
        return response.request().method().equals("GET")
                && response.status() == 403
                && !connection.isRegistry(response.request().uri());
    }

    void expectSuccess(ImageReference image, RegistryResponse response) {
        if (!response.isSuccess()) {
            throw fault(image, response, response.reason());
        }
    }

    ReleaseException fault(ImageReference image, RegistryResponse response, String reason) {
        int status = response.status();
        if (status == 401) {
            return connection.refused(reason);
        }
        if (MISSING.contains(code(reason)) && response.request().method().equals("PUT") && isManifest(response)) {
            return new ReleaseException.NotFound(image.repositoryName()
                    + ": layers of the app image are not in the registry any more; build and push it again (" + reason
                    + ")");
        }
        String said = reason.isEmpty() ? hint(status) : ": " + reason;
        return new ReleaseException.Unreachable(image.repositoryName() + ": the registry responded " + status + " to "
                + response.request().method() + " "
                + response.request().uri().getPath() + said);
    }

    private static String hint(int status) {
        return switch (status) {
            case 403 -> ", the login has no right to do it";
            case 429 -> ", it had too many requests";
            case 507 -> ", its disk is full";
            default -> "";
        };
    }

    private static byte[] bounded(ImageReference image, byte[] bytes) {
        if (bytes.length > Image.MAX_JSON_BYTES) {
            throw new ReleaseException.VerificationFailed(
                    image + ": expected at most " + Image.MAX_JSON_BYTES + " bytes of JSON, got more");
        }
        return bytes;
    }

    /** Holds what a registry says that it stored to what was sent. */
    void same(ImageReference image, Digest sent, RegistryResponse response) {
        response.header("Docker-Content-Digest").flatMap(RegistryClient::digest).ifPresent(stored -> {
            if (!stored.equals(sent)) {
                throw new ReleaseException.VerificationFailed(
                        image + ": expected the bytes of " + sent + ", got " + stored);
            }
        });
    }
}
