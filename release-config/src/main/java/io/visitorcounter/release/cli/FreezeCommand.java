package io.visitorcounter.release.cli;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.action.FreezeSwitch;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "freeze",
        description = "Let an environment take no release until it is unfrozen.",
        footer = {"", "Examples:", "  release freeze prod --reason 'the audit, until Friday'"})
final class FreezeCommand implements Callable<Integer> {

    private final ReleaseCommand top;

    @Parameters(
            paramLabel = "ENV",
            converter = Arguments.EnvironmentConverter.class,
            description = "The environment, such as prod")
    @SuppressWarnings("NullAway.Init") // picocli requires it
    Environment environment;

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why; it goes into the history")
    @SuppressWarnings("NullAway.Init") // picocli requires it
    String reason;

    FreezeCommand(ReleaseCommand top) {
        this.top = top;
    }

    @Override
    public Integer call() {
        var change = new FreezeSwitch(top.site()).run(environment, true, Optional.of(reason));
        new Printer(top).freeze(environment, true, change);
        return ExitCode.DONE.code();
    }
}
