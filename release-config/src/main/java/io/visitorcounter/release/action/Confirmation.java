package io.visitorcounter.release.action;

import io.visitorcounter.release.Environment;
import java.util.Optional;

/** Whoever can say that a release to an environment is meant. Asked only where its file wants that, once everything else
 *  holds and before anything is written. */
@FunctionalInterface
public interface Confirmation {

    /** {@return the environment's name if it was confirmed, or whatever was said instead; empty if nothing was}
     *
     *  @param environment where the release would go */
    Optional<String> of(Environment environment);
}
