package io.visitorcounter.release.config;

/** Files that should be a bundle are none, or were changed since it was rendered. */
public final class BundleException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BundleException(String message) {
        super(message);
    }

    BundleException(String message, Throwable cause) {
        super(message, cause);
    }
}
