package io.visitorcounter.release.cli;

/** The argument of a command that is about one release. */
final class OneRelease {

    private final Input<Target> input;

    OneRelease(Command of) {
        input = of.argument("ENV[@vN]", Target::parse, "The environment, and the release. Default: its newest");
    }

    Target target() {
        return input.value();
    }
}
