package io.visitorcounter.release.image;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** Uploads blobs to a registry: in one piece, or if the registry refuses that, as a chunk and a final request, like
 *  Docker. Thread-safe. */
final class BlobPush {

    private static final String BYTES = "application/octet-stream";

    // The errors for an upload that the registry no longer knows.
    private static final Set<String> LOST =
            Set.of("BLOB_UPLOAD_UNKNOWN", "BLOB_UPLOAD_INVALID", "BLOB_UNKNOWN", "DIGEST_INVALID");
    private static final Set<Integer> LOST_STATUS = Set.of(404, 416);

    // The statuses that refuse an upload in one piece: by RFC 9110, and from registries that were written for one
    // client.
    private static final Set<Integer> NOT_WHOLE = Set.of(400, 404, 405, 411, 416, 501);

    private final RegistryClient client;
    private final RegistryConnection connection;
    private final FailedResponses failed;
    private final RetryPolicy retry;
    private final Uploads uploads;
    private final AtomicBoolean takesParts = new AtomicBoolean();

    BlobPush(
            RegistryClient client,
            RegistryConnection connection,
            FailedResponses failed,
            RetryPolicy retry,
            Uploads uploads) {
        this.client = client;
        this.connection = connection;
        this.failed = failed;
        this.retry = retry;
        this.uploads = uploads;
    }

    /** Uploads a blob, even if the registry says that it has it. A broken upload starts over. */
    void push(ImageReference image, byte[] bytes) {
        Digest digest = Digest.of(bytes);
        retry.run(() -> {
            upload(image, digest, bytes);
            return digest;
        });
    }

    private void upload(ImageReference image, Digest digest, byte[] bytes) {
        boolean whole = false;
        uploads.sent(digest, 0, bytes.length);
        try {
            if (takesParts.get()) {
                inParts(image, digest, bytes);
            } else {
                inOnePiece(image, digest, bytes);
            }
            whole = true;
        } finally {
            uploads.ended(digest, bytes.length, whole);
        }
    }

    private void inOnePiece(ImageReference image, Digest digest, byte[] bytes) {
        RuntimeException fault;
        try (RegistryResponse response = put(image, withDigest(place(image), digest), digest, bytes)) {
            if (response.isSuccess()) {
                client.requireSame(image, digest, response);
                return;
            }
            fault = fault(image, response);
            if (!NOT_WHOLE.contains(response.status())) {
                throw fault;
            }
        }
        try {
            inParts(image, digest, bytes);
            takesParts.set(true);
        } catch (ReleaseException | Transient e) {
            fault.addSuppressed(e);
            throw fault;
        }
    }

    private void inParts(ImageReference image, Digest digest, byte[] bytes) {
        var part = RegistryHttp.Request.of(RegistryHttp.PATCH, place(image), BYTES, RegistryHttp.Body.of(bytes));
        URI end;
        try (RegistryResponse response = client.send(image, part, RegistryClient.PUSH)) {
            failed.expectSuccess(image, response);
            end = place(image, response);
        }
        try (RegistryResponse response = put(image, withDigest(end, digest), digest, new byte[0])) {
            if (!response.isSuccess()) {
                throw fault(image, response);
            }
            client.requireSame(image, digest, response);
        }
    }

    private RegistryResponse put(ImageReference image, URI target, Digest digest, byte[] bytes) {
        var body = new RegistryHttp.Body(bytes, sent -> uploads.sent(digest, sent, bytes.length));
        return client.send(image, RegistryHttp.Request.of("PUT", target, BYTES, body), RegistryClient.PUSH);
    }

    /** Registries with several servers may lose an upload in progress. */
    private RuntimeException fault(ImageReference image, RegistryResponse response) {
        String reason = response.reason();
        ReleaseException fault = failed.fault(image, response, reason);
        boolean isLost = LOST_STATUS.contains(response.status()) || LOST.contains(FailedResponses.code(reason));
        return isLost ? new Transient(fault, Optional.empty()) : fault;
    }

    private static URI withDigest(URI place, Digest digest) {
        String separator =
                place.getRawQuery() == null ? "?" : place.getRawQuery().isEmpty() ? "" : "&";
        return URI.create(place + separator + "digest=" + RegistryLogin.encode(digest.text()));
    }

    private URI place(ImageReference image) {
        var begin = new RegistryHttp.Request(
                "POST",
                RegistryClient.path(image, "blobs/uploads/"),
                Map.of(),
                Optional.of(RegistryHttp.Body.of(new byte[0])));
        try (RegistryResponse begun = client.send(image, begin, RegistryClient.PUSH)) {
            failed.expectSuccess(image, begun);
            return place(image, begun);
        }
    }

    private URI place(ImageReference image, RegistryResponse response) {
        return response.header("Location")
                .flatMap(location -> connection.target(response, location))
                .orElseThrow(() -> new ReleaseException.Unreachable(
                        image.repositoryName() + ": the registry sent no upload URL (Location)"));
    }

    /** Starts an upload, as a push does, and cancels it: nothing is written.
     *
     *  @throws ReleaseException.Unreachable if the registry can't be reached, or refuses a push with this login */
    void tryOut(ImageReference image) {
        retry.run(() -> {
            URI place = place(image);
            try (RegistryResponse cancelled =
                    client.send(image, new RegistryHttp.Request("DELETE", place), RegistryClient.PUSH)) {
                // A registry that can't cancel an upload drops it after a while.
                if (cancelled.status() == 401 || cancelled.status() == 403) {
                    failed.expectSuccess(image, cancelled);
                }
            }
            return place;
        });
    }
}
