package io.visitorcounter.release.action;

import java.util.Optional;

/** Something that serves a release, and can be asked whether it serves exactly that one. */
@FunctionalInterface
interface Answers {

    /** {@return how many correct answers in a row are needed; 0: it can't be asked}
     *
     *  @param processes how many there are behind it */
    default int wanted(int processes) {
        return Math.max(10, 3 * processes);
    }

    /** {@return what is wrong with the answer to one request, on its own connection; empty: nothing} */
    Optional<String> fault();
}
