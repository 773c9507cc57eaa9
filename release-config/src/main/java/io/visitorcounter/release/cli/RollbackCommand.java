package io.visitorcounter.release.cli;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.action.Outcome;
import io.visitorcounter.release.action.Rollback;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "rollback",
        description = "Make a release with the content of an earlier one. Builds nothing, pushes nothing.",
        footer = {
            "",
            "Examples:",
            "  release rollback prod             # the last release before this one that was different",
            "  release rollback prod v12 --reason 'checkout is slow since v13'"
        })
final class RollbackCommand implements Callable<Integer> {

    private final ReleaseCommand top;

    @Parameters(
            index = "0",
            paramLabel = "ENV",
            converter = Arguments.EnvironmentConverter.class,
            description = "The environment, such as prod")
    @SuppressWarnings("NullAway.Init") // picocli requires it
    Environment environment;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "vN",
            converter = Arguments.VersionConverter.class,
            description = "Whose content. Default: the last before the newest with other content")
    @Nullable Integer version;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; it goes into the history")
    @Nullable String reason;

    @Option(names = "--confirm", paramLabel = "ENV", description = "The environment again, where its file asks for it")
    @Nullable String confirm;

    @Option(names = "--dry-run", description = "Print what would be released, and write nothing")
    boolean dryRun;

    RollbackCommand(ReleaseCommand top) {
        this.top = top;
    }

    @Override
    public Integer call() {
        Outcome outcome = new Rollback(top.site())
                .run(new Rollback.Request(
                        environment,
                        Optional.ofNullable(version),
                        Arguments.words(reason),
                        Optional.ofNullable(confirm),
                        dryRun));
        Printer printer = new Printer(top);
        printer.outcome(outcome);
        if (outcome instanceof Outcome.Released released
                && released.release().id().version() > 1) {
            printer.note("undo     release rollback " + environment + " v"
                    + (released.release().id().version() - 1));
        }
        return ExitCode.DONE.code();
    }
}
