package io.visitorcounter.release.cli;

import io.visitorcounter.release.ReleaseId;
import io.visitorcounter.release.action.ActionResult;
import io.visitorcounter.release.action.Rollback;

final class RollbackCommand extends Command {

    private final ReleaseCommand top;
    private final OneEnvironment on = new OneEnvironment(this);
    private final Input<Integer> version = optionalArgument(
            "vN", ReleaseId::version, "Whose content. Default: the last before the newest with other content");
    private final ReleasingOptions releasing = new ReleasingOptions(this);

    RollbackCommand(ReleaseCommand top) {
        super(
                "Make a release with the content of an earlier one. Builds nothing, pushes nothing.",
                "Examples:",
                "  release rollback prod             # the last release before this one that was different",
                "  release rollback prod v12 --reason 'checkout is slow since v13'");
        this.top = top;
    }

    @Override
    int run() {
        ActionResult result = new Rollback(top.workspace())
                .run(new Rollback.Request(
                        on.environment(),
                        version.given(),
                        releasing.why(),
                        releasing.confirmation(top),
                        releasing.dryRun()));
        Printer printer = new Printer(top);
        printer.result(result);
        if (result instanceof ActionResult.Released released
                && released.release().id().version() > 1) {
            printer.note("undo     release rollback " + on.environment() + " v"
                    + (released.release().id().version() - 1));
        }
        return ExitCode.DONE.code();
    }
}
