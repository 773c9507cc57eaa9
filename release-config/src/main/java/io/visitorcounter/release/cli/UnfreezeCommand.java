package io.visitorcounter.release.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "unfreeze",
        description = "Let an environment take releases again.",
        footer = {"", "Examples:", "  release unfreeze prod --reason 'the audit is over'"})
final class UnfreezeCommand implements Callable<Integer> {

    private final ReleaseCommand top;

    @Mixin
    FreezeOptions options = new FreezeOptions();

    UnfreezeCommand(ReleaseCommand top) {
        this.top = top;
    }

    @Override
    public Integer call() {
        return options.turn(top, false);
    }
}
