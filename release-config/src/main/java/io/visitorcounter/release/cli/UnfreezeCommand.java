package io.visitorcounter.release.cli;

final class UnfreezeCommand extends Command {

    private final Session session;
    private final FreezeOptions options = new FreezeOptions(this);

    UnfreezeCommand(Session session) {
        super(
                "Allow releases to an environment again.",
                "Examples:",
                "  release unfreeze prod --reason 'the audit is over'");
        this.session = session;
    }

    @Override
    int run() {
        return options.turn(session, false);
    }
}
