package io.visitorcounter.release.cli;

import java.util.Optional;
import picocli.CommandLine.Model.ArgSpec;

/** One option or argument of a command, with the value that was parsed for it.
 *
 *  @param <T> the type of its value */
record Input<T>(ArgSpec spec) {

    /** {@return the given value, or else the default; empty if there is none} */
    Optional<T> given() {
        return Optional.ofNullable(spec.getValue());
    }

    /** {@return the given value, or else the default; one of them must exist} */
    T value() {
        return given().orElseThrow();
    }
}
