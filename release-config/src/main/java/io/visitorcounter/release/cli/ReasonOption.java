package io.visitorcounter.release.cli;

import io.visitorcounter.release.ReleaseException;
import java.util.Optional;

/** The option {@code --reason}: why something is done. Limited to a few sentences, since every list of the history shows
 *  it. */
final class ReasonOption {

    /** The greatest length, in characters. */
    static final int MAX_CHARACTERS = 1000;

    private final Input<String> text;

    ReasonOption(Command of) {
        text = of.option("--reason", "TEXT", "Why; it goes into the history");
    }

    /** {@return the reason; a blank one counts as none, since an empty field of a form gives one}
     *
     *  @throws ReleaseException.Usage if it is too long */
    Optional<String> given() {
        return text.given().filter(given -> !given.isBlank()).map(ReasonOption::checked);
    }

    /** {@return the reason}
     *
     *  @throws ReleaseException.Usage if it is too long */
    static String checked(String reason) {
        int length = reason.codePointCount(0, reason.length());
        if (length > MAX_CHARACTERS) {
            throw new ReleaseException.Usage("--reason: expected at most " + MAX_CHARACTERS + " characters, got "
                    + length + "; write where the rest is to be read");
        }
        return reason;
    }
}
