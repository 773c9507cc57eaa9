package io.visitorcounter.release.cli;

import io.visitorcounter.release.ReleaseId;
import io.visitorcounter.release.action.ActionResult;
import io.visitorcounter.release.action.Rollback;
import io.visitorcounter.release.image.Registry;
import io.visitorcounter.release.ledger.Release;

final class RollbackCommand extends Command {

    private final OneRelease on = OneRelease.of(
            this, "The environment, and the release to go back to. Default: the last one that differs from the newest");
    private final ReleasingOptions releasing = new ReleasingOptions(this);

    RollbackCommand() {
        super(
                "Make a release with the content of an earlier one. Builds nothing, pushes nothing.",
                "Examples:",
                "  release rollback prod             # the last release before this one that was different",
                "  release rollback prod v12 --reason 'checkout is slow since v13'");
    }

    @Override
    Output run(Session session) {
        Target target = on.target();
        ActionResult result = new Rollback(session.workspace(releasing.dryRun()))
                .run(target.environment(), target.version(), releasing.options(session));
        Output output = ReleaseOutput.of(result, session.printer());
        return result instanceof ActionResult.Released
                ? output.then(printer -> next(printer, result.release()))
                : output;
    }

    /** Names what to do next with a new release. */
    private static void next(Printer printer, Release release) {
        ReleaseId id = release.id();
        boolean registry = Registry.isReference(release.content().releaseImage().name());
        printer.note("run      release run " + id
                + (registry ? ", or release manifest " + id + " --format kubernetes" : ""));
        if (id.version() > 1) {
            printer.note("undo     release rollback " + id.environment() + " v" + (id.version() - 1));
        }
    }
}
