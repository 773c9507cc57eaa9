package io.visitorcounter.release.action;

import java.util.Optional;

/** What answers for a release, asked whether it is that one. */
@FunctionalInterface
interface Answers {

    /** {@return how often in a row it must answer as it should; 0: it can't be asked}
     *
     *  @param processes how many there are behind it */
    default int wanted(int processes) {
        return Math.max(10, 3 * processes);
    }

    /** {@return what is wrong with the answer to one question, on a connection of its own; empty: it is as it should be} */
    Optional<String> fault();
}
