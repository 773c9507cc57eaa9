package io.visitorcounter.release.cli;

import java.util.Optional;

/** The arguments that name one release: {@code prod}, {@code prod@v12}, or {@code prod v12}. */
record OneRelease(Input<Target> first, Input<Target.VersionWord> version) {

    /** Adds required arguments; only the version may be left out. */
    static OneRelease of(Command command) {
        return of(command, "The environment, and the release. Default: its newest");
    }

    /** The same, with its own description in the help. */
    static OneRelease of(Command command, String description) {
        return new OneRelease(command.argument("ENV[@vN]", Target::parse, description), version(command));
    }

    /** Adds arguments that may be left out. */
    static OneRelease optional(Command command, String description) {
        return new OneRelease(command.optionalArgument("ENV[@vN]", Target::parse, description), version(command));
    }

    private static Input<Target.VersionWord> version(Command command) {
        return command.optionalArgument("vN", Target.VersionWord::parse, "The release, as a separate word");
    }

    /** {@return the named release, if any} */
    Optional<Target> given() {
        return first.given().map(target -> target.with(version.given()));
    }

    /** {@return the named release, which is required} */
    Target target() {
        return given().orElseThrow();
    }
}
