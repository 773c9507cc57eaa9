package io.visitorcounter.release.config;

/** There is no key of the name that was asked for. */
public final class NoSuchKeyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NoSuchKeyException(String key, String rest) {
        super(key + ": no such key" + rest);
    }
}
