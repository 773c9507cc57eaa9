package io.visitorcounter.web;

/** The app could not start; the message is one line for an operator. */
final class StartException extends Exception {

    private static final long serialVersionUID = 1;

    private final boolean config;

    /** Something that the config names is missing or in use. */
    StartException(String message, Throwable cause) {
        this(message, cause, false);
    }

    private StartException(String message, Throwable cause, boolean config) {
        super(message, cause);
        this.config = config;
    }

    /** {@return an error in the config that the contract can't detect} */
    static StartException config(String message, Throwable cause) {
        return new StartException(message, cause, true);
    }

    /** {@return whether the config itself is wrong} */
    boolean isConfig() {
        return config;
    }
}
