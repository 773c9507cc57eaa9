package io.visitorcounter.release.cli;

final class UnfreezeCommand extends Command {

    private final ReleaseCommand top;
    private final FreezeOptions options = new FreezeOptions(this);

    UnfreezeCommand(ReleaseCommand top) {
        super(
                "Let an environment take releases again.",
                "Examples:",
                "  release unfreeze prod --reason 'the audit is over'");
        this.top = top;
    }

    @Override
    int run() {
        return options.turn(top, false);
    }
}
