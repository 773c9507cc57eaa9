package io.visitorcounter.web;

/** The app could not start; the message is one line for an operator. */
final class StartException extends Exception {

    private static final long serialVersionUID = 1;

    StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
