package io.visitorcounter.release.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "freeze",
        description = "Let an environment take no release until it is unfrozen.",
        footer = {"", "Examples:", "  release freeze prod --reason 'the audit, until Friday'"})
final class FreezeCommand implements Callable<Integer> {

    private final ReleaseCommand top;

    @Mixin
    FreezeOptions options = new FreezeOptions();

    FreezeCommand(ReleaseCommand top) {
        this.top = top;
    }

    @Override
    public Integer call() {
        return options.turn(top, true);
    }
}
