package io.visitorcounter.release.cli;

import io.visitorcounter.release.action.Outcome;
import io.visitorcounter.release.action.Rollback;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

    @Mixin
    OneEnvironment on = new OneEnvironment();

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "vN",
            converter = Arguments.VersionConverter.class,
            description = "Whose content. Default: the last before the newest with other content")
    @Nullable Integer version;

    @Mixin
    ReleasingOptions releasing = new ReleasingOptions();

    RollbackCommand(ReleaseCommand top) {
        this.top = top;
    }

    @Override
    public Integer call() {
        Outcome outcome = new Rollback(top.site())
                .run(new Rollback.Request(
                        on.environment,
                        Optional.ofNullable(version),
                        releasing.why(),
                        releasing.confirmation(top),
                        releasing.dryRun));
        Printer printer = new Printer(top);
        printer.outcome(outcome);
        if (outcome instanceof Outcome.Released released
                && released.release().id().version() > 1) {
            printer.note("undo     release rollback " + on.environment + " v"
                    + (released.release().id().version() - 1));
        }
        return ExitCode.DONE.code();
    }
}
