package io.visitorcounter.release.cli;

import java.util.Optional;

/** The arguments of a command that is about one release: {@code prod}, {@code prod@v12}, or {@code prod v12}. */
record OneRelease(Input<Target> first, Input<Target.VersionWord> version) {

    /** Adds arguments that must be given, but for the version. */
    static OneRelease of(Command command) {
        return of(command, "The environment, and the release. Default: its newest");
    }

    /** The same, with words of its own in the help. */
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

    /** {@return what was named, if anything was} */
    Optional<Target> given() {
        return first.given().map(target -> target.with(version.given()));
    }

    /** {@return what was named, where something must be} */
    Target target() {
        return given().orElseThrow();
    }
}
