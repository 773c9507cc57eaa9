package io.visitorcounter.release.cli;

import picocli.CommandLine.Parameters;

/** The argument of a command that is about one release. */
final class OneRelease {

    @Parameters(
            paramLabel = "ENV[@vN]",
            converter = Target.Converter.class,
            description = "The environment, and the release. Default: its newest")
    @SuppressWarnings("NullAway.Init") // picocli requires it
    Target target;
}
