package io.visitorcounter.release.cli;

import io.visitorcounter.release.ReleaseException;

/** The reason for a release or a freeze. Limited to a few sentences, since every list of the history shows it. */
final class WrittenReason {

    /** The greatest length, in characters. */
    static final int MAX_CHARACTERS = 1000;

    private WrittenReason() {}

    /** {@return the reason}
     *
     *  @throws ReleaseException.Usage if it is too long */
    static String checked(String text) {
        int length = text.codePointCount(0, text.length());
        if (length > MAX_CHARACTERS) {
            throw new ReleaseException.Usage("--reason: expected at most " + MAX_CHARACTERS + " characters, got "
                    + length + "; write where the rest is to be read");
        }
        return text;
    }
}
