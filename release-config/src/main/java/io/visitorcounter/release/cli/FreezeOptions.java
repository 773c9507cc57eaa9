package io.visitorcounter.release.cli;

import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.action.FreezeSwitch;
import java.util.Optional;

/** What freezing and unfreezing take, and do. */
final class FreezeOptions {

    private final OneEnvironment on;
    private final Input<String> reason;
    private final Input<Boolean> dryRun;

    FreezeOptions(Command of) {
        on = new OneEnvironment(of);
        reason = of.requiredOption("--reason", "TEXT", String.class, "Why; it goes into the history");
        dryRun = of.flag("--dry-run", "Print what would be appended, and write nothing");
    }

    int turn(Session session, boolean frozen) {
        String why = reason.value();
        if (why.isBlank()) {
            throw new ReleaseException.Usage("--reason: expected a reason, got " + (why.isEmpty() ? "none" : "blanks"));
        }
        FreezeSwitch.Turned turned = new FreezeSwitch(session.workspace(dryRun.value()))
                .run(on.environment(), frozen, Optional.of(WrittenReason.checked(why)), dryRun.value());
        session.printer().freeze(on.environment(), frozen, turned);
        return ExitCode.DONE.code();
    }
}
