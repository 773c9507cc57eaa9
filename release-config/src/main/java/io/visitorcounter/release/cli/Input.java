package io.visitorcounter.release.cli;

import java.util.Optional;
import picocli.CommandLine.Model.ArgSpec;

/** One option or argument of a command, with the value that was parsed for it.
 *
 *  @param <T> what it is read into */
record Input<T>(ArgSpec spec) {

    /** {@return what was given, or else its default; empty if it has none} */
    Optional<T> given() {
        return Optional.ofNullable(spec.getValue());
    }

    /** {@return what was given, of one that must be; or else its default} */
    T value() {
        return given().orElseThrow();
    }
}
