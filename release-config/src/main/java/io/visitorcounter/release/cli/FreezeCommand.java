package io.visitorcounter.release.cli;

final class FreezeCommand extends Command {

    private final ReleaseCommand top;
    private final FreezeOptions options = new FreezeOptions(this);

    FreezeCommand(ReleaseCommand top) {
        super(
                "Let an environment take no release until it is unfrozen.",
                "Examples:",
                "  release freeze prod --reason 'the audit, until Friday'");
        this.top = top;
    }

    @Override
    int run() {
        return options.turn(top, true);
    }
}
