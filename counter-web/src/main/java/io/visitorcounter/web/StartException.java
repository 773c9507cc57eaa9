package io.visitorcounter.web;

/** The app could not start; the message is one line for an operator. */
final class StartException extends Exception {

    private static final long serialVersionUID = 1;

    private final boolean config;

    /** What the config names is not there, or not free. */
    StartException(String message, Throwable cause) {
        this(message, cause, false);
    }

    private StartException(String message, Throwable cause, boolean config) {
        super(message, cause);
        this.config = config;
    }

    /** {@return the fault of a config that the contract can't judge} */
    static StartException config(String message, Throwable cause) {
        return new StartException(message, cause, true);
    }

    /** {@return whether the config itself is wrong} */
    boolean isConfig() {
        return config;
    }
}
