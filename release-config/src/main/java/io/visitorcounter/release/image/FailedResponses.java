package io.visitorcounter.release.image;

import io.visitorcounter.release.ReleaseException;
import java.util.Set;

/** What it means that a registry did not do what it was asked to: whether that may pass, and what the user is told. */
record FailedResponses(RegistryConnection connection) {

    // A registry's error codes for a manifest that refers to something missing.
    private static final Set<String> MISSING = Set.of("BLOB_UNKNOWN", "MANIFEST_BLOB_UNKNOWN");

    /** Throws if it would be another response a little later.
     *
     *  @throws Transient with the fault */
    void expectLasting(ImageReference image, RegistryResponse response) {
        // A broken HEAD is not retried: the caller has another way.
        boolean isBroken = response.request().method().equals("HEAD") && response.status() == 500;
        boolean isPassing = RetryPolicy.isPassing(response.status()) && !isBroken;
        if (isPassing || isRefusedElsewhere(response)) {
            throw new Transient(fault(image, response, response.reason()), response.retryAfter());
        }
    }

    /** Whether a storage server rejects the address that the registry redirected to, because it has expired or is not
     *  valid yet. */
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

    /** {@return the fault for a response}
     *
     *  @param reason the registry's own; empty if it has none */
    ReleaseException fault(ImageReference image, RegistryResponse response, String reason) {
        int status = response.status();
        if (status == 401) {
            return connection.refused(reason);
        }
        RegistryHttp.Request request = response.request();
        String path = request.uri().getPath();
        if (MISSING.contains(code(reason)) && request.method().equals("PUT") && path.contains("/manifests/")) {
            return new ReleaseException.NotFound(image.repositoryName()
                    + ": layers of the app image are not in the registry any more; build and push it again (" + reason
                    + ")");
        }
        return new ReleaseException.Unreachable(image.repositoryName() + ": the registry responded " + status + " to "
                + request.method() + " " + path + (reason.isEmpty() ? hint(status) : ": " + reason));
    }

    private static String hint(int status) {
        return switch (status) {
            case 403 -> ", the login has no right to do it";
            case 429 -> ", it had too many requests";
            case 507 -> ", its disk is full";
            default -> "";
        };
    }

    /** {@return the code that a reason begins with, such as {@code DENIED}} */
    static String code(String reason) {
        return reason.contains(":") ? reason.substring(0, reason.indexOf(':')) : reason;
    }
}
