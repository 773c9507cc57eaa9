package io.visitorcounter.release.cli;

import io.visitorcounter.release.Environment;
import picocli.CommandLine.Parameters;

/** The argument of a command that is about one environment. */
final class OneEnvironment {

    @Parameters(
            index = "0",
            paramLabel = "ENV",
            converter = Arguments.EnvironmentConverter.class,
            description = "The environment, such as prod")
    @SuppressWarnings("NullAway.Init") // picocli requires it
    Environment environment;
}
