package io.visitorcounter.release.action;

import java.util.Optional;

/** The address that users use, asked whether it answers with a release. */
@FunctionalInterface
interface Answers {

    /** {@return what is wrong with the answer to one question, on a connection of its own; empty: it is as it should be} */
    Optional<String> fault();
}
