package io.visitorcounter.release.action;

import io.visitorcounter.release.Environment;
import java.util.Optional;

/** Asks a person to confirm a release to an environment. Used only if its file requires that, after all other checks
 *  and before anything is written. */
@FunctionalInterface
public interface Confirmation {

    /** {@return the answer: the environment's name confirms; empty if there was none}
     *
     *  @param environment where the release would go */
    Optional<String> of(Environment environment);
}
