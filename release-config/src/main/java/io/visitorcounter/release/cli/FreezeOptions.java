package io.visitorcounter.release.cli;

import io.visitorcounter.release.action.FreezeSwitch;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What freezing and unfreezing take, and do. */
final class FreezeOptions {

    @Mixin
    OneEnvironment on = new OneEnvironment();

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why; it goes into the history")
    @SuppressWarnings("NullAway.Init") // picocli requires it
    String reason;

    @Option(names = "--dry-run", description = "Print what would be appended, and write nothing")
    boolean dryRun;

    int turn(ReleaseCommand top, boolean frozen) {
        FreezeSwitch.Turned turned =
                new FreezeSwitch(top.site()).run(on.environment, frozen, Optional.of(reason), dryRun);
        new Printer(top).freeze(on.environment, frozen, turned);
        return ExitCode.DONE.code();
    }
}
